package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.cli.slave.ImgslaveMain;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told who stops a run after all is read, while a slave that stands still is waited for. */
@Timeout(60)
class InterruptedRunTest {
    private static final int DISK_BYTES = 2 << 20;

    @TempDir
    private Path folder;

    private final CountDownLatch slaveGoesOn = new CountDownLatch(1);
    private final Interruption slaveInterruption = new Interruption();
    private final Interruption interruption = new Interruption();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path disk;
    private Path image;
    private String group;
    private CompletableFuture<Integer> slave;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        SampleDisk.create(disk, DISK_BYTES, 1);
        group = ProgramRunner.newGroup();
        // Both programs start at once in one JVM; logging is set up before they race for it.
        assertThat(new ProgramRunner().run("info", disk)).isEqualTo(ExitCode.MALFORMED_IMAGE);
    }

    @AfterEach
    void endSlave() {
        slaveInterruption.interrupt();
        slaveGoesOn.countDown();
        if (slave != null) {
            slave.join();
        }
    }

    @Test
    void anOwnDiskThatIsWholeIsCalledSo() throws IOException {
        // given
        assertThat(new ProgramRunner().run("--upload", image, "--disk", disk)).isZero();
        Path own = Files.write(folder.resolve("own.raw"), new byte[DISK_BYTES]);
        startSlaveThatStandsStill();
        // when
        int code = runInterruptedInCatchUp("--download", image, "--disk", own);
        // then
        assertThat(code).as(said()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(Files.mismatch(disk, own)).isEqualTo(-1);
        assertThat(said()).contains(own + " is written in full").doesNotContain("not written", "in part");
    }

    @Test
    void anImageThatIsCompleteIsCalledSo() throws IOException {
        // given
        startSlaveThatStandsStill();
        // when
        int code = runInterruptedInCatchUp("--upload", image, "--disk", disk);
        // then
        assertThat(code).as(said()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(new ProgramRunner().run("verify", image)).isZero();
        assertThat(said()).contains("the image " + image + " is complete").doesNotContain("no image");
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private int runInterruptedInCatchUp(Object... mode) {
        List<String> args =
                new ArrayList<>(List.of("--yes", "--broadcast", "--slaves", "1", "--wait", "30s", "--interface", "lo"));
        args.addAll(List.of("--group", group));
        Arrays.stream(mode).map(Object::toString).forEach(args::add);
        PrintStream out = whenSaid(said, "reading back", interruption::interrupt);
        Streams terminal = new Streams(out, out, new BufferedReader(new StringReader("")), true);
        return ImgblstrMain.run(new Setting(terminal, interruption), Sealed.master(args.toArray(String[]::new)));
    }

    /** Joins, and hears nothing from the start on: the word of it never gets out. */
    private void startSlaveThatStandsStill() throws IOException {
        Path target = Files.write(folder.resolve("target.raw"), new byte[DISK_BYTES]);
        PrintStream out = whenSaid(new ByteArrayOutputStream(), "\"event\":\"started\"", this::standStill);
        String[] args = {"--yes", "--json", "--interface", "lo", "--group", group, "--wait", "30s", target.toString()};
        slave = CompletableFuture.supplyAsync(() ->
                ImgslaveMain.run(new Setting(Streams.unattended(out, out), slaveInterruption), Sealed.slave(args)));
    }

    private void standStill() {
        try {
            slaveGoesOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PrintStream whenSaid(ByteArrayOutputStream into, String words, Runnable action) {
        OutputStream out = new OutputStream() {
            private boolean isDone;

            @Override
            public void write(int value) {
                into.write(value);
            }

            @Override
            public void flush() {
                if (!isDone && into.toString(StandardCharsets.UTF_8).contains(words)) {
                    isDone = true;
                    action.run();
                }
            }
        };
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }
}
