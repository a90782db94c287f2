package org.imgblstr.cli.slave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No test runs poweroff or reboot: only runners that keep what they are asked, and shells with harmless commands. */
class AfterwardsTest {
    private static final Map<String, String> FACTS = Map.of("IMGSLAVE_DISK", "/dev/sdz", "IMGSLAVE_LABEL", "pc 07");

    private static final String SESSION = "00c0ffee";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Interruption interruption = new Interruption();
    private final List<String> asked = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void onlyExitCode0IsFollowedByTheCommand() throws InterruptedException {
        Afterwards poweroff = new Afterwards("poweroff", this::keep);
        for (int code : IntStream.rangeClosed(1, 130).toArray()) {
            poweroff.run(code, SESSION, setting(), reporter());
        }
        assertThat(asked).isEmpty();
        assertThat(said()).contains("--then poweroff is not run, because the disk is not complete");
        poweroff.run(ExitCode.DONE, SESSION, setting(), reporter());
        assertThat(asked).containsExactly(SESSION);
    }

    @Test
    void withoutTheOptionOrAfterAnInterruptNothingIsRun() throws InterruptedException {
        new Afterwards(null, this::keep).run(ExitCode.DONE, SESSION, setting(), reporter());
        interruption.interrupt();
        new Afterwards("reboot", this::keep).run(ExitCode.DONE, SESSION, setting(), reporter());
        assertThat(asked).isEmpty();
        assertThat(said()).isEmpty();
    }

    @Test
    void theCommandKnowsDiskLabelAndSession() throws Exception {
        Path out = folder.resolve("out");
        shell("printf '%s|%s|%s' \"$IMGSLAVE_DISK\" \"$IMGSLAVE_LABEL\" \"$IMGSLAVE_SESSION\" > '" + out + "'");
        assertThat(out).hasContent("/dev/sdz|pc 07|00c0ffee");
        assertThat(said()).doesNotContain("warning");
    }

    @Test
    void aCommandThatFailsIsSaid() throws InterruptedException {
        shell("exit 7");
        assertThat(said()).contains("warning: --then exit 7 ended with exit code 7; the disk is complete all the same");
        new Afterwards("x", session -> {
                    throw new IOException("no shell");
                })
                .run(ExitCode.DONE, SESSION, setting(), reporter());
        assertThat(said()).contains("warning: --then x cannot be run: no shell; the disk is complete all the same");
    }

    @Test
    void aShellWhoseTurnDoesNotComeDoesNothing() throws Exception {
        Path out = folder.resolve("out");
        try (Afterwards afterwards = Afterwards.inShell("touch '" + out + "'", FACTS, setting())) {
            afterwards.run(ExitCode.INCOMPLETE, SESSION, setting(), reporter());
        }
        assertThat(out).doesNotExist();
        assertThat(said()).doesNotContain("warning");
    }

    @Test
    void anInterruptEndsTheCommand() throws InterruptedException, IOException {
        Path begun = folder.resolve("begun");
        Thread operator = new Thread(() -> {
            while (!Files.exists(begun)) {
                Thread.onSpinWait();
            }
            interruption.interrupt();
        });
        operator.start();
        shell("touch '" + begun + "'; exec sleep 60");
        operator.join();
        assertThat(said()).contains("ended with exit code 143");
    }

    private void shell(String command) throws InterruptedException {
        try (Afterwards afterwards = Afterwards.inShell(command, FACTS, setting())) {
            afterwards.run(ExitCode.DONE, SESSION, setting(), reporter());
        }
    }

    private int keep(String session) {
        asked.add(session);
        return 0;
    }

    private Setting setting() {
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new Setting(Streams.unattended(to, to), interruption);
    }

    private Reporter reporter() {
        return new Reporter(setting().streams(), false, false, Clock.systemUTC());
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
