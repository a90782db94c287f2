package org.imgblstr.cli.master.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code imgblstr demo}: runs mode 2 and mode 5 on files, with three real slaves over loopback, and compares every byte. */
@Command(
        name = "demo",
        description = {
            "A master and three slaves in one go, on files, over loopback; no root, no disk is touched.",
            "Makes a sample disk, images and broadcasts it, restores and broadcasts the image, compares every byte.",
            "Both sessions are sealed, by a key of their own."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int SLAVES = 3;

    private final MasterProgram program;
    private final Setting setting;
    private final PrintStream out;

    @Mixin
    private SubOptions options;

    @Option(names = "--keep", description = "Keep the files and say where they are.")
    private boolean keep;

    /** {@code program}: what each step of the demo runs. */
    public DemoCommand(MasterProgram program, Setting setting) {
        this.program = program;
        this.setting = setting;
        this.out = setting.streams().out();
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        Path folder = Files.createTempDirectory("imgblstr-demo-");
        try {
            return run(folder);
        } finally {
            if (keep) {
                out.println("files kept in " + folder);
            } else {
                delete(folder);
            }
        }
    }

    private int run(Path folder) throws Exception {
        long startedNs = System.nanoTime();
        Path disk = folder.resolve("disk.raw");
        Path image = folder.resolve("disk.img");
        Path key = folder.resolve("room.key");
        SampleDisk.create(
                disk, SampleDisk.DEFAULT_BYTES, ThreadLocalRandom.current().nextLong());
        out.println("made " + disk + ": " + Units.bytes(SampleDisk.DEFAULT_BYTES)
                + ", GPT with three partitions: text, zeros, random");

        makeKey(key);

        out.println("mode 2: disk to image file and " + SLAVES + " slaves in one pass");
        DemoSlaves first = DemoSlaves.start(folder, "first", SLAVES, Path.of(key + ".slave"), setting);
        master(first, key, "--upload", image.toString(), "--disk", disk.toString());
        first.check(disk);
        out.println("  image " + image + ": " + Units.bytes(Files.size(image)));
        checkImage(image, disk, folder.resolve("export.raw"));
        out.println("  image and " + SLAVES + " targets compared: every byte is right");

        out.println("mode 5: image file to a local disk and " + SLAVES + " slaves in one pass");
        Path local = folder.resolve("local.raw");
        DemoSlaves.fill(local, SampleDisk.DEFAULT_BYTES);
        DemoSlaves second = DemoSlaves.start(folder, "second", SLAVES, Path.of(key + ".slave"), setting);
        master(second, key, "--download", image.toString(), "--disk", local.toString());
        second.check(disk);
        compare(disk, local);
        out.println("  local disk and " + SLAVES + " targets compared: every byte is right");

        out.println("done in " + Units.seconds((System.nanoTime() - startedNs) / 1_000_000_000) + ". By hand:");
        commands().forEach(line -> out.println("  " + line));
        return ExitCode.DONE;
    }

    private void master(DemoSlaves slaves, Path key, String... mode) throws InterruptedException {
        String[] common = {
            "--broadcast",
            "--key-file",
            key.toString(),
            "--slaves",
            "" + SLAVES,
            "--wait",
            "20s",
            "--min-slaves",
            "" + SLAVES,
            "--yes",
            "--quiet",
            "--interface",
            DemoSlaves.LOOPBACK,
            "--group",
            slaves.group()
        };
        String[] args = Stream.concat(Stream.of(mode), Stream.of(common)).toArray(String[]::new);
        out.println("  imgblstr " + String.join(" ", args));
        long startedNs = System.nanoTime();
        int code = program.run(new Setting(setting.streams(), setting.interruption()), args);
        if (code != ExitCode.DONE) {
            slaves.awaitEnd();
            throw new CliException(code, "the master ended with exit code " + code);
        }
        out.printf("  %.1f s%n", (System.nanoTime() - startedNs) / 1e9);
    }

    /** A join code would do too, but each of the eight programs would compute its key, and without libcrypto none could. */
    private void makeKey(Path key) {
        out.println("a key that seals both sessions: one half for imgblstr, the other for imgslave");
        out.println("  imgblstr keygen " + key);
        int code = program.run(setting, "keygen", key.toString());
        if (code != ExitCode.DONE) {
            throw new CliException(code, "the key cannot be made");
        }
    }

    private void checkImage(Path image, Path disk, Path export) throws IOException {
        int verified = program.run(setting, "verify", "--quiet", image.toString());
        int exported = program.run(setting, "export", image.toString(), export.toString());
        if (verified != ExitCode.DONE || exported != ExitCode.DONE) {
            throw new CliException(Math.max(verified, exported), "the image does not verify or cannot be exported");
        }
        compare(disk, export);
    }

    static void compare(Path expected, Path found) throws IOException {
        long at = Files.mismatch(expected, found);
        if (at >= 0) {
            throw new CliException(ExitCode.FAULT, found + " differs from " + expected + " at byte " + at);
        }
    }

    private static List<String> commands() {
        return List.of(
                "imgblstr --upload disk.img --broadcast --disk /dev/sda --slaves 3        mode 2, here; shows five words",
                "imgslave /dev/sdX                                        on each machine to be written; asks for the words",
                "imgblstr --download disk.img --broadcast --slaves 3                      mode 6, here; shows other words");
    }

    private static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
