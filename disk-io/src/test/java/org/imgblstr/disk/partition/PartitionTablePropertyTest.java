package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.disk.partition.TableImages.gptDisk;
import static org.imgblstr.disk.partition.TableImages.gptEntry;
import static org.imgblstr.disk.partition.TableImages.mbr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.device.RefusedException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged tables give a value or the one exception, and never more than the bounds. */
class PartitionTablePropertyTest {
    private static final int SEEDS = 150;
    private static final int SECTORS = 300;

    /** Bytes in which an MBR, an extended boot record at sector 20, and a GPT have their fields. */
    private static final int[][] FIELDS = {
        {446, 512}, {20 * 512 + 446, 21 * 512}, {512, 604}, {1024, 1280}, {299 * 512, 299 * 512 + 92}
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noDamageEscapesTheOneException(boolean isGpt) throws Exception {
        int malformed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            byte[] bytes = isGpt ? gpt() : chain();
            damage(bytes, new Random(seed), isGpt);
            Path file = Files.write(directory.resolve("disk"), bytes);
            try (Disk disk = Disks.openForReading(file.toString(), 512)) {
                PartitionTable table = PartitionTable.read(disk);
                assertThat(table.partitions()).as("seed %d", seed).hasSizeLessThanOrEqualTo(128);
                select(table, disk);
            } catch (MalformedTableException e) {
                malformed++;
            }
        }
        assertThat(malformed).isBetween(1, SEEDS - 1);
    }

    private static void select(PartitionTable table, Disk disk) {
        for (Partition partition : table.partitions()) {
            try {
                var region = PartitionSelection.parse("" + partition.number(), table, disk)
                        .get(0);
                assertThat(region.endLba()).isLessThanOrEqualTo(SECTORS);
            } catch (RefusedException e) {
                assertThat(e.reason()).isEqualTo(RefusedException.Reason.DOES_NOT_FIT);
            }
        }
    }

    private static void damage(byte[] bytes, Random random, boolean isGpt) {
        int hits = 1 + random.nextInt(6);
        for (int hit = 0; hit < hits; hit++) {
            int[] field = FIELDS[random.nextInt(FIELDS.length)];
            bytes[field[0] + random.nextInt(field[1] - field[0])] = (byte) random.nextInt(256);
        }
        if (isGpt && random.nextInt(4) > 0) {
            reseal(bytes, 512, 1024);
            reseal(bytes, 299 * 512, 267 * 512);
        }
    }

    /** Right checksums over wrong fields reach the checks behind them. */
    private static void reseal(byte[] bytes, int header, int entries) {
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(header + 88, TableImages.crc(bytes, entries, 128 * 128));
        TableImages.sealHeader(bytes, header);
    }

    private static byte[] gpt() {
        return gptDisk(512, SECTORS, gptEntry(1, 40, 60, "a"), gptEntry(2, 61, 100, "b"));
    }

    private static byte[] chain() {
        byte[] disk = new byte[SECTORS * 512];
        System.arraycopy(
                mbr("00000000 83 000000 02000000 0a000000", "00000000 05 000000 14000000 64000000"), 0, disk, 0, 512);
        System.arraycopy(
                mbr("00000000 83 000000 01000000 05000000", "00000000 05 000000 0a000000 0a000000"),
                0,
                disk,
                20 * 512,
                512);
        System.arraycopy(mbr("00000000 83 000000 01000000 05000000"), 0, disk, 30 * 512, 512);
        return disk;
    }
}
