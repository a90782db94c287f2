package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A loop device of a test's own, detached at the end. The first {@link #attach} of a test skips it where that is not possible. */
public final class LoopDevice implements AutoCloseable {
    private final String node;

    private LoopDevice(String node) {
        this.node = node;
    }

    public static LoopDevice attach(Path file, int sectorBytes, String... options) throws IOException {
        Shell.assumeLoopDevices();
        String[] command = new String[options.length + 6];
        command[0] = "losetup";
        command[1] = "-f";
        command[2] = "--show";
        command[3] = "-b" + sectorBytes;
        command[4] = "-P";
        System.arraycopy(options, 0, command, 5, options.length);
        command[command.length - 1] = file.toString();
        return new LoopDevice(Shell.run(command));
    }

    /**
     * Runs a tool on a file as on a disk of these sectors: on the file itself when they have 512 bytes.
     *
     * @param command to which the file or a loop device of it is added
     * @return what it said
     */
    public static String run(Path file, int sectorBytes, String... command) throws IOException {
        String[] words = Arrays.copyOf(command, command.length + 1);
        if (sectorBytes == 512) {
            words[command.length] = file.toString();
            return Shell.run(words);
        }
        try (LoopDevice loop = attach(file, sectorBytes)) {
            words[command.length] = loop.node();
            return Shell.run(words);
        }
    }

    public String node() {
        return node;
    }

    public String partition(int number) {
        return node + "p" + number;
    }

    /** Tells the kernel the partitions of the table, because some kernels are built without knowledge of tables. */
    public LoopDevice addPartitions() throws IOException {
        Shell.assumeTools("partx");
        Shell.run("partx", "-u", node);
        return this;
    }

    @Override
    public void close() throws IOException {
        Shell.run("losetup", "-d", node);
    }
}
