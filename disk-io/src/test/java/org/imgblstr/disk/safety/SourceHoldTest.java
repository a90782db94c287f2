package org.imgblstr.disk.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.OtherProgram;
import org.imgblstr.disk.device.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("try") // Some resources only have to be closed.
class SourceHoldTest {
    @TempDir
    private Path folder;

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "f=open(path,'r+b')                                        | is open for writing in process",
                "f=os.open(path,os.O_WRONLY)                               | (python3",
                "f=open(path,'rb'); fcntl.flock(f,fcntl.LOCK_EX)           | a program that has its lock",
                // What QEMU does with a disk of a guest that runs: a lock for reading on the byte of each right that it
                // uses.
                "f=open(path,'rb'); fcntl.fcntl(f,37,struct.pack('hhqqi4x',0,0,101,1,0)) | such as a virtual machine",
            })
    void whoeverMayWriteIsToldAndRefused(String lines, String what) throws Exception {
        String path = disk().toString();
        try (OtherProgram writer = OtherProgram.python(path, lines)) {
            assertThatThrownBy(() -> SourceHold.take(path, false))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(path, what, "--force")
                    .message()
                    .doesNotContain("\uFFFD");
            try (SourceHold forced = SourceHold.take(path, true)) {
                assertThat(forced.warnings())
                        .anySatisfy(warning -> assertThat(warning).contains(what));
            }
        }
        SourceHold.take(path, false).close();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "f=open(path,'rb')",
                "f=open(path,'rb'); fcntl.flock(f,fcntl.LOCK_SH)",
                "f=open(path,'rb'); fcntl.fcntl(f,37,struct.pack('hhqqi4x',0,0,100,1,0))",
                "f=open(path+'.other','wb')",
            })
    void whoeverReadsIsNotInTheWay(String lines) throws Exception {
        String path = disk().toString();
        try (OtherProgram reader = OtherProgram.python(path, lines);
                SourceHold hold = SourceHold.take(path, false);
                SourceHold second = SourceHold.take(path, false)) {
            assertThat(hold.warnings()).isEmpty();
            assertThat(second.warnings()).isEmpty();
        }
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "f=open(path,'rb'); fcntl.flock(f,fcntl.LOCK_SH)",
                "f=open(path,'rb'); fcntl.fcntl(f,37,struct.pack('hhqqi4x',0,0,103,1,0))",
                "f=open(path,'r+b'); fcntl.lockf(f,fcntl.LOCK_EX)",
            })
    void whatHasAnyLockOfOthersIsNotOverwritten(String lines) throws Exception {
        String path = disk().toString();
        try (OtherProgram other = OtherProgram.python(path, lines)) {
            assertThatThrownBy(() -> Disks.openForWriting(path))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("in use");
        }
        Disks.openForWriting(path).close();
    }

    @Test
    void anImageThatIsReadIsNotWrittenAndTheReverse() throws Exception {
        String path = disk().toString();
        try (SourceHold hold = SourceHold.ofImage(path)) {
            assertThat(hold.warnings()).isEmpty();
            assertThatThrownBy(() -> Disks.openForWriting(path)).isInstanceOf(RefusedException.class);
        }
        try (Disk written = Disks.openForWriting(path)) {
            assertThat(written.sizeBytes()).isPositive();
            assertThatThrownBy(() -> SourceHold.ofImage(path))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("has its lock");
        }
    }

    @Test
    void nobodyOfOursWritesToAFileThatIsRead() throws Exception {
        String path = disk().toString();
        try (SourceHold hold = SourceHold.take(path, false)) {
            assertThat(hold.warnings()).isEmpty();
            assertThatThrownBy(() -> Disks.openForWriting(path)).isInstanceOf(RefusedException.class);
        }
        Disks.openForWriting(path).close();
    }

    @Test
    void aChangeOfTheFileShows() throws Exception {
        Path path = disk();
        try (SourceHold hold = SourceHold.take(path.toString(), false)) {
            assertThat(hold.change()).isEmpty();
            assertThat(Files.readAllBytes(path)).hasSize(1 << 20);
            assertThat(hold.change()).as("reading is no change").isEmpty();
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(5)));
            assertThat(hold.change()).contains(path + " was written while it was read");
        }
    }

    private Path disk() throws IOException {
        return Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
    }
}
