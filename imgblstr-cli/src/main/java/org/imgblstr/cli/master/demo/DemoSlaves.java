package org.imgblstr.cli.master.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.slave.ImgslaveMain;
import org.imgblstr.protocol.contract.ExitCode;

/** Slaves of the demo: the program imgslave, several times, each on a thread and a file of its own. */
final class DemoSlaves {
    static final String LOOPBACK = "lo";

    /** 16 MiB each, so that a master and three slaves fit one JVM. */
    private static final String WINDOW_TRACKS = "64";

    private final String group;
    private final List<Slave> slaves = new ArrayList<>();

    private DemoSlaves(String group) {
        this.group = group;
    }

    /** One slave; what it says is kept for when it fails. */
    private static final class Slave extends Thread {
        private final Path target;
        private final String[] args;
        private final Setting setting;
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();
        private volatile int exitCode = ExitCode.FAULT;

        Slave(String name, Path target, Setting setting, String... args) {
            super(name);
            this.target = target;
            this.args = args;
            this.setting = setting;
            setDaemon(true);
        }

        @Override
        public void run() {
            PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
            exitCode = ImgslaveMain.run(new Setting(Streams.unattended(stream, stream), setting.interruption()), args);
        }
    }

    /**
     * Starts slaves that listen on loopback, at a random group and port so that demos side by side do not meet.
     *
     * @param name beginning of the names of the slaves and their files
     * @param key of the sessions, for slaves
     */
    static DemoSlaves start(Path folder, String name, int count, Path key, Setting setting) throws IOException {
        Random random = ThreadLocalRandom.current();
        String group = "239.255." + random.nextInt(256) + "." + (1 + random.nextInt(254)) + ":"
                + (20_000 + random.nextInt(12_000));
        DemoSlaves slaves = new DemoSlaves(group);
        for (int i = 1; i <= count; i++) {
            String label = name + "-" + i;
            Path target = folder.resolve(label + ".raw");
            fill(target, SampleDisk.DEFAULT_BYTES);
            Slave slave = new Slave(
                    label,
                    target,
                    setting,
                    "--yes",
                    "--key-file",
                    key.toString(),
                    "--interface",
                    LOOPBACK,
                    "--group",
                    group,
                    "--label",
                    label,
                    "--window",
                    WINDOW_TRACKS,
                    "--wait",
                    "20s",
                    target.toString());
            slaves.slaves.add(slave);
            slave.start();
        }
        return slaves;
    }

    /** A disk full of old bytes, so that zeros that were not written show. */
    static void fill(Path path, long bytes) throws IOException {
        byte[] old = new byte[1 << 20];
        Arrays.fill(old, (byte) 0x5A);
        try (var out = Files.newOutputStream(path)) {
            for (long at = 0; at < bytes; at += old.length) {
                out.write(old, 0, (int) Math.min(old.length, bytes - at));
            }
        }
    }

    String group() {
        return group;
    }

    void awaitEnd() throws InterruptedException {
        for (Slave slave : slaves) {
            slave.join();
        }
    }

    /** Waits for the slaves and compares what each has written. */
    void check(Path expected) throws InterruptedException, IOException {
        awaitEnd();
        for (Slave slave : slaves) {
            if (slave.exitCode != ExitCode.DONE) {
                throw new CliException(
                        slave.exitCode,
                        slave.getName() + " ended with exit code " + slave.exitCode + " after saying: "
                                + slave.said.toString(StandardCharsets.UTF_8));
            }
            DemoCommand.compare(expected, slave.target);
        }
    }
}
