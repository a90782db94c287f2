package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstDataTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "byte {0}")
    @ValueSource(longs = {0, 1, 511, MIB, 70L * MIB + 5, 99L * MIB, 100L * MIB - 1})
    void oneByteIsFoundWhereverItIs(long offset) throws Exception {
        try (Disk disk = disk(100L * MIB)) {
            long start = offset - offset % 512;
            disk.write(start, ByteBuffer.allocate(512).put((int) (offset - start), (byte) 1));
            assertThat(FirstData.find(disk, 1, FirstDataTest::still)).isEqualTo(offset);
        }
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(longs = {512, MIB - 512, MIB, 3L * MIB + 512, 100L * MIB, 1L << 40})
    void zerosAndHolesHoldNothing(long bytes) throws Exception {
        try (Disk disk = disk(bytes)) {
            assertThat(FirstData.find(disk, 1, FirstDataTest::still)).isEqualTo(FirstData.NONE);
        }
    }

    @Test
    void theSearchEndsWhenTheTimeIsOver() throws Exception {
        long[] nowNs = {0};
        try (Disk disk = disk(16L * MIB)) {
            disk.write(0, ByteBuffer.allocate(16 * MIB));
            assertThat(FirstData.find(disk, 5, () -> nowNs[0] += 2)).isEqualTo(FirstData.UNKNOWN);
            assertThat(FirstData.find(disk, 500, () -> nowNs[0] += 2)).isEqualTo(FirstData.NONE);
        }
    }

    @Test
    void whatCannotBeReadMayHoldSomething() throws Exception {
        try (FaultyDisk disk = new FaultyDisk(disk(4L * MIB))) {
            disk.failReads(2 * 2048, Errno.EIO, FaultyDisk.FOR_EVER);
            assertThat(FirstData.find(disk, 1, FirstDataTest::still)).isEqualTo(FirstData.UNKNOWN);
        }
    }

    private static long still() {
        return 0;
    }

    private Disk disk(long bytes) throws Exception {
        Path file = folder.resolve("disk");
        Disks.createSparse(file, bytes);
        return Disks.openForWriting(file.toString(), 512, false);
    }
}
