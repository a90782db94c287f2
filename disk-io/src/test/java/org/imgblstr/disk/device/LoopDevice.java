package org.imgblstr.disk.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    public String node() {
        return node;
    }

    /** Node of a partition, made by hand where no udev does it. */
    public String partition(int number) {
        return node + "p" + number;
    }

    public boolean hasPartition(int number) {
        return Files.exists(Path.of(partition(number)));
    }

    @Override
    public void close() throws IOException {
        Shell.run("losetup", "-d", node);
    }
}
