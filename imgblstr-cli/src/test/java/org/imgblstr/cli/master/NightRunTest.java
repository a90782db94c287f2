package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
