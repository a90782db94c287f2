package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.LastErrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeroing and discarding are favours: whatever the kernel answers, the run goes on. */
class DiskFavoursTest {
    private static final int EPERM = 1;
    private static final int EINTR = 4;
    private static final int EFBIG = 27;
    private static final int ETIMEDOUT = 110;

    private static final int BYTES = 4 << 20;

    @TempDir
    private Path folder;

    private final List<String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int errno;

    @ParameterizedTest(name = "error {0}")
    @ValueSource(
            ints = {
                EPERM,
                EINTR,
                Errno.EIO,
                Errno.ENXIO,
                Errno.EBADF,
                Errno.EAGAIN,
                Errno.EACCES,
                Errno.EBUSY,
                Errno.ENODEV,
                Errno.EINVAL,
                Errno.ENOTTY,
                EFBIG,
                Errno.ENOSPC,
                Errno.EROFS,
                Errno.ENODATA,
                Errno.EILSEQ,
                Errno.EOPNOTSUPP,
                ETIMEDOUT,
                Errno.EREMOTEIO
            })
    void anyErrorOfAnyCommandIsANoThatIsToldOnceAndNotAskedForAgain(int number) {
        errno = number;
        for (boolean isBlockDevice : new boolean[] {true, false}) {
            DiskFavours favours = new DiskFavours(identity(isBlockDevice), 7, new Refusing(), told::add);
            asked.clear();
            told.clear();
            favours.discard(0, 512);
            favours.discard(512, 512);
            assertThat(favours.zero(1024, 512)).isFalse();
            assertThat(favours.zero(2048, 512)).isFalse();
            assertThat(asked)
                    .containsExactlyElementsOf(
                            isBlockDevice ? List.of("discard 0", "zero 1024") : List.of("punch 0", "punch 1024"));
            String why = " failed (" + Libc.strerror(number) + ")";
            assertThat(told)
                    .containsExactly(
                            "/dev/x: discarding unused space" + why + "; that space is left as it is",
                            "/dev/x: zeroing" + why + "; zeros are written instead");
        }
    }

    @Test
    void whatIsGrantedIsAskedForAgain() {
        DiskFavours favours = new DiskFavours(identity(true), 7, new Refusing());
        assertThat(favours.zero(0, 512)).isTrue();
        assertThat(favours.zero(512, 512)).isTrue();
        favours.discard(0, 0);
        assertThat(asked).containsExactly("zero 0", "zero 512");
    }

    /** The command did half of what it was asked for, and failed. */
    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {EPERM, Errno.EIO, Errno.EINVAL, Errno.ENOSPC, Errno.EOPNOTSUPP, Errno.EREMOTEIO})
    void zerosAreWrittenWhereZeroingFails(int number) throws Exception {
        errno = number;
        Path file = folder.resolve("disk");
        byte[] before = new byte[BYTES];
        Arrays.fill(before, (byte) 0x5A);
        Files.write(file, before);
        try (Disk opened = Disks.openForWriting(file.toString())) {
            ChannelDisk disk = ((ChannelDisk) opened).asking(new Refusing() {
                @Override
                public void punchHole(int fd, long offset, long length) {
                    Libc.punchHole(fd, offset, length / 2 / 4096 * 4096);
                    super.punchHole(fd, offset, length);
                }
            });
            disk.zero(512, BYTES - 1024);
            disk.discard(0, 512);
            disk.zero(BYTES - 512, 512);
        }
        byte[] expected = new byte[BYTES];
        Arrays.fill(expected, 0, 512, (byte) 0x5A);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    }

    private static DiskIdentity identity(boolean isBlockDevice) {
        return new DiskIdentity(
                "/dev/x",
                "/dev/x",
                "",
                "",
                BYTES,
                512,
                isBlockDevice ? DiskIdentity.Kind.DISK : DiskIdentity.Kind.FILE);
    }

    private class Refusing implements DiskFavours.Commands {
        private void ask(String command, long offset) {
            asked.add(command + " " + offset);
            if (errno != 0) {
                throw new LastErrorException(errno);
            }
        }

        @Override
        public void zeroBlocks(int fd, long offset, long length) {
            ask("zero", offset);
        }

        @Override
        public void discardBlocks(int fd, long offset, long length) {
            ask("discard", offset);
        }

        @Override
        public void punchHole(int fd, long offset, long length) {
            ask("punch", offset);
        }
    }
}
