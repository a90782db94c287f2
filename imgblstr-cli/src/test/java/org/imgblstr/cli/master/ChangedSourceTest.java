package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.master.demo.SampleDisk;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is written while it is read, by somebody who showed nowhere before. */
class ChangedSourceTest {
    @TempDir
    private Path folder;

    private Path disk;
    private Path image;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        image = folder.resolve("disk.img");
        SampleDisk.create(disk, 8 << 20, 1);
    }

    @Test
    void aRunWhoseSourceWasWrittenIsNotDone() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        // when: the word that the run has begun is when somebody writes
        PrintStream touching = new PrintStream(new Touching(err), true, StandardCharsets.UTF_8);
        Setting setting = new Setting(Streams.unattended(touching, touching), new Interruption());
        int code = ImgblstrMain.run(setting, "--upload", image.toString(), "--disk", disk.toString());
        // then
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(disk + " was written while it was read");
        assertThat(image).as("what was read").exists();
    }

    /** Writes to the disk as soon as anything is said about the start of the pass. */
    private final class Touching extends OutputStream {
        private final ByteArrayOutputStream into;
        private boolean isTouched;

        Touching(ByteArrayOutputStream into) {
            this.into = into;
        }

        @Override
        public void write(int value) throws IOException {
            into.write(value);
            if (!isTouched && into.toString(StandardCharsets.UTF_8).contains("started")) {
                isTouched = true;
                Files.setLastModifiedTime(disk, FileTime.from(Instant.now().plusSeconds(9)));
            }
        }
    }
}
