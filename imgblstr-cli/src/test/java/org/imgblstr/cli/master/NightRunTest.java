package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that nobody watches: what is kept of them, and when they start. */
class NightRunTest {
    @TempDir
    private Path folder;

    private final ProgramRunner program = new ProgramRunner();
    private Path disk;
    private Path log;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        log = folder.resolve("night.log");
        SampleDisk.create(disk, 8 << 20, 1);
    }

    /** Nothing of a test stays open in this process. */
    @AfterEach
    void endLog() {
        new ProgramRunner().run("--upload", folder.resolve("none.img"), "--disk", disk, "--plan");
    }

    @Test
    void theLogOfAQuietRunHoldsPlanPhaseSummaryAndExitCode() throws IOException {
        Path image = folder.resolve("a.img");
        assertThat(program.run("--upload", image, "--disk", disk, "--quiet", "--log", log))
                .isZero();
        assertThat(program.err()).isEmpty();
        assertThat(Files.readString(log).replaceAll("(?m)^\\S+ ", ""))
                .contains("plan: ", "started: ", "phase: imaging", "done: ", image.toString())
                .endsWith("exit code 0\n");
    }

    @Test
    void aRunWithATimeIsCheckedNowAndAnInterruptOfTheWaitLeavesNothing() {
        Path image = folder.resolve("a.img");
        assertThat(program.run("--upload", image, "--disk", folder.resolve("none"), "--at", "04:00"))
                .isEqualTo(ExitCode.USAGE);
        new Thread(this::interruptTheWait).start();
        assertThat(program.run("--upload", image, "--disk", disk, "--at", "04:00"))
                .isEqualTo(ExitCode.INTERRUPTED);
        assertThat(program.err()).contains("plan: ").doesNotContain("started: ");
        assertThat(image).doesNotExist();
    }

    private void interruptTheWait() {
        while (!program.err().contains("all is checked; the run starts at ")) {
            LockSupport.parkNanos(1_000_000);
        }
        program.interruption.interrupt();
    }

    /** The interface that is not there ends the run before the wait. */
    @Test
    void withoutATerminalNoNumberOfSlavesIsAwaitedForEver() {
        program.run("--broadcast", "--disk", disk, "--slaves", 2, "--interface", "nosuch0");
        assertThat(program.err())
                .contains("the session starts at the latest after 30 minutes with those that have joined");
        program.run("--broadcast", "--disk", disk, "--slaves", 2, "--wait", "9s", "--interface", "nosuch0");
        assertThat(program.err()).containsOnlyOnce("the session starts at the latest after 30 minutes");
    }

    @Test
    void whatThisRunReadsOrWritesIsNoLog() throws IOException {
        Path image = folder.resolve("a.img");
        for (Path used : new Path[] {disk, image}) {
            assertThat(program.run("--upload", image, "--disk", disk, "--force", "--log", used))
                    .isEqualTo(ExitCode.USAGE);
        }
        assertThat(image).doesNotExist();
        assertThat(program.err()).contains("--log " + disk + " is a file that this run uses");
    }
}
