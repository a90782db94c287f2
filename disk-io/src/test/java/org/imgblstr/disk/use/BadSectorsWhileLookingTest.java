package org.imgblstr.disk.use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;
import static org.imgblstr.disk.partition.TableImages.mbr;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.FaultyDisk;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.partition.Content;
import org.imgblstr.disk.partition.ContentProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking at a disk never costs more than its used-block map, whichever sector cannot be read. */
class BadSectorsWhileLookingTest {
    private static final int EIO = 5;
    private static final int SECTORS = 16_384;
    private static final int FIRST = 2048;
    private static final int COUNT = 8192;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "GPT {0}")
    @ValueSource(booleans = {true, false})
    void everyBadSectorAtEitherEndLeavesAMap(boolean isGpt) throws Exception {
        // given swap, the file system that is the least work to map
        byte[] bytes = isGpt
                ? gptDisk(512, SECTORS, gptEntry(1, FIRST, FIRST + COUNT - 1L, "swap"))
                : Arrays.copyOf(mbr("00000000 82 000000 00080000 00200000"), SECTORS * 512);
        Path volume = FsTools.sparse(folder, "swap", COUNT * 512L);
        FsTools.need("mkswap");
        FsTools.run("mkswap", volume.toString());
        System.arraycopy(Files.readAllBytes(volume), 0, bytes, FIRST * 512, COUNT * 512);
        Path path = Files.write(folder.resolve("disk"), bytes);
        UsedMap sound = lookAt(path, -1).used();
        assertThat(sound.usedBytes()).isLessThan(SECTORS * 512L);
        // then
        for (long lba : sectorsAtEitherEnd()) {
            UsedBlocks use = lookAt(path, lba);
            boolean isOfGpt = isGpt && ((lba >= 1 && lba < 34) || lba >= SECTORS - 33);
            if (isOfGpt) {
                assertThat(use.whyAll())
                        .as("LBA %s: the other copy answers", lba)
                        .isEmpty();
            }
            if (lba == 0) {
                assertThat(use.whyAll()).contains("LBA 0");
            }
            sound.forEachUsed(
                    0, SECTORS * 512L, (from, end) -> assertThat(use.used().nextFree(from))
                            .as("LBA %s", lba)
                            .isGreaterThanOrEqualTo(end));
        }
    }

    private static long[] sectorsAtEitherEnd() {
        LongStream near = LongStream.range(0, 36);
        LongStream first256KiB = LongStream.iterate(36, lba -> lba < 512, lba -> lba + 28);
        LongStream lastMiB = LongStream.iterate(SECTORS - 2048, lba -> lba < SECTORS - 34, lba -> lba + 90);
        LongStream last = LongStream.range(SECTORS - 34, SECTORS);
        return LongStream.concat(LongStream.concat(near, first256KiB), LongStream.concat(lastMiB, last))
                .toArray();
    }

    @Test
    void aBadSectorHidesNoSignatureElsewhere() throws Exception {
        FsTools.need("mkfs.ext4");
        Path path = FsTools.sparse(folder, "disk", 8 << 20);
        FsTools.run("mkfs.ext4", "-q", "-L", "seen", path.toString());
        try (Disk disk = Disks.openForReading(path.toString())) {
            Disk faulty = new FaultyDisk(disk).failReads(20, EIO, FaultyDisk.FOR_EVER);
            Content content = ContentProbe.probe(faulty, 0, disk.sizeBytes());
            assertThat(content.label()).isEqualTo("seen");
        }
    }

    @Test
    void aBadSectorInThePageOfAnotherHidesOnlyItself() throws Exception {
        // given a GPT whose header lies in one page with the MBR
        byte[] bytes = gptDisk(512, SECTORS, gptEntry(1, FIRST, FIRST + COUNT - 1L, "swap"));
        Path path = Files.write(folder.resolve("disk"), bytes);
        try (Disk disk = Disks.openForReading(path.toString())) {
            Disk paged = new PagedDisk(new FaultyDisk(disk).failReads(1, EIO, FaultyDisk.FOR_EVER));
            // when
            UsedBlocks use = UsedBlocks.of(paged, List.of(new Region(0, 0, SECTORS, "")), FileSystems.standard());
            // then the backup has told the partition, and the MBR can be read
            assertThat(use.whyAll()).isEmpty();
            assertThat(use.volumes()).hasSize(1);
        }
    }

    /** Reads whole pages, as the kernel does, but single sectors when it is asked for them. */
    private record PagedDisk(Disk below) implements Disk {
        private static final int PAGE = 4096;

        @Override
        public void read(long offset, ByteBuffer into) throws DeviceException {
            long first = offset / PAGE * PAGE;
            long end = Math.min((offset + into.remaining() + PAGE - 1) / PAGE * PAGE, below.sizeBytes());
            ByteBuffer pages = ByteBuffer.allocate((int) (end - first));
            below.read(first, pages);
            int length = into.remaining();
            into.put(into.position(), pages, (int) (offset - first), length).position(into.position() + length);
        }

        @Override
        public void readSectors(long offset, ByteBuffer into) throws DeviceException {
            below.read(offset, into);
        }

        @Override
        public DiskIdentity identity() {
            return below.identity();
        }

        @Override
        public long sizeBytes() {
            return below.sizeBytes();
        }

        @Override
        public int sectorBytes() {
            return below.sectorBytes();
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void zero(long offset, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void discard(long offset, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sync() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkInPlace() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            below.close();
        }
    }

    private static UsedBlocks lookAt(Path path, long badLba) throws Exception {
        try (Disk disk = Disks.openForReading(path.toString())) {
            Disk faulty = new FaultyDisk(disk).failReads(badLba, EIO, FaultyDisk.FOR_EVER);
            return UsedBlocks.of(faulty, List.of(new Region(0, 0, SECTORS, "")), FileSystems.standard());
        } catch (DeviceException e) {
            throw new AssertionError("LBA " + badLba + " ended the look at the disk", e);
        }
    }
}
