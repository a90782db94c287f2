package org.imgblstr.disk.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.DiskTrackSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HolesTest {
    private static final int MIB = 1 << 20;
    private static final long FILE_BYTES = 100L * MIB;
    private static final long DATA_OFFSET = 40L * MIB;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void makeSparseFile() throws Exception {
        file = directory.resolve("disk");
        Disks.createSparse(file, FILE_BYTES);
        try (Disk disk = Disks.openForWriting(file.toString())) {
            disk.write(DATA_OFFSET, pattern(MIB));
        }
    }

    @Test
    void knowsWhatIsStored() throws Exception {
        int fd = Libc.openForReading(file);
        try (FileChannel channel = FileChannel.open(file)) {
            Holes holes = new Holes(fd, channel);
            assumeThat(holes.contain(MIB, MIB)).as("a file system with holes").isTrue();
            assertThat(holes.contain(MIB, DATA_OFFSET - MIB)).isTrue();
            assertThat(holes.contain(MIB, DATA_OFFSET - MIB + 512)).isFalse();
            assertThat(holes.contain(DATA_OFFSET, 512)).isFalse();
            assertThat(holes.contain(DATA_OFFSET + MIB, MIB)).isTrue();
        } finally {
            Libc.closeQuietly(fd);
        }
    }

    @Test
    void aTrackSourceKnowsWhichTracksLieInAHole() throws Exception {
        try (Disk disk = Disks.openForReading(file.toString())) {
            assumeThat(disk.endOfHole(MIB)).as("a file system with holes").isGreaterThan(MIB);
            long sectors = FILE_BYTES / 512;
            TrackSpace space = new TrackSpace(Geometry.of(512, sectors), List.of(new Region(0, 0, sectors, "")));
            DiskTrackSource source = new DiskTrackSource(disk, space, 1);
            // Tracks of 256 KiB: data are those from 160 to 163.
            assertThat(source.endOfHole(0)).isEqualTo(160);
            assertThat(source.endOfHole(159)).isEqualTo(160);
            assertThat(source.endOfHole(160)).isEqualTo(160);
            // The last byte of a sparse file is written when it is made.
            assertThat(source.endOfHole(164)).isEqualTo(399);
        }
    }

    @Test
    void aHoleReadsAsZerosAndDataAsItIs() throws Exception {
        try (Disk disk = Disks.openForReading(file.toString())) {
            assertThat(read(disk, DATA_OFFSET - MIB)).isEqualTo(ByteBuffer.allocate(MIB));
            assertThat(read(disk, DATA_OFFSET)).isEqualTo(pattern(MIB));
        }
    }

    @Test
    void aWrittenHoleIsNoneAnyMoreAndAZeroedRangeReadsAsZeros() throws Exception {
        try (Disk disk = Disks.openForWriting(file.toString())) {
            assertThat(read(disk, 0)).isEqualTo(ByteBuffer.allocate(MIB));
            disk.write(0, pattern(MIB));
            assertThat(read(disk, 0)).isEqualTo(pattern(MIB));
            disk.zero(0, MIB);
            assertThat(read(disk, 0)).isEqualTo(ByteBuffer.allocate(MIB));
        }
    }

    @Test
    void whatWasCutOffIsNoHole() throws Exception {
        try (Disk disk = Disks.openForReading(file.toString())) {
            try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
                other.truncate(FILE_BYTES / 2);
            }
            assertThatThrownBy(() -> read(disk, FILE_BYTES - MIB)).isInstanceOf(DeviceException.class);
        }
    }

    private static ByteBuffer read(Disk disk, long offset) throws IOException {
        ByteBuffer into = AlignedBuffers.allocate(MIB);
        into.put(pattern(MIB)).clear();
        disk.read(offset, into);
        return into.flip();
    }

    private static ByteBuffer pattern(int bytes) {
        ByteBuffer pattern = ByteBuffer.allocate(bytes);
        for (int i = 0; i < bytes; i++) {
            pattern.put(i, (byte) (i * 31 + 7));
        }
        return pattern;
    }
}
