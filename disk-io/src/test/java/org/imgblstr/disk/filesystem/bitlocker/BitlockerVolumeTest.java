package org.imgblstr.disk.filesystem.bitlocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.identity.HiddenSectors;
import org.imgblstr.disk.partition.ContentProbe;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BitLocker volumes, forged. Volumes that cryptsetup and dislocker open: {@code acceptance/test_unlock.py}. */
class BitlockerVolumeTest {
    private static final int XTS_128 = 0x8004;
    private static final int BLOCK = ForgedBitlocker.BLOCK_BYTES;
    private static final int MOVED = ForgedBitlocker.MOVED;
    private static final int MOVED_BYTES = ForgedBitlocker.MOVED_BYTES;
    private static final long KEPT = 2L * MOVED_BYTES + 3L * BLOCK;

    private static ForgedBitlocker forged() {
        return new ForgedBitlocker(XTS_128, 512);
    }

    private static byte[] key(int bytes) {
        byte[] key = new byte[bytes];
        new Random(bytes).nextBytes(key);
        return key;
    }

    @ParameterizedTest(name = "{0}, key of {1} bytes, sectors of {2}")
    @CsvSource({"8004, 32, 512", "8005, 64, 512", "8004, 32, 4096", "8002, 16, 512", "8003, 32, 512", "8003, 32, 4096"})
    void whatLiesWithinIsDecrypted(String cipher, int keyBytes, int sector) throws Exception {
        int number = Integer.parseInt(cipher, 16);
        ForgedBitlocker forged = new ForgedBitlocker(number, sector);
        byte[] plain = new byte[ForgedBitlocker.BYTES];
        new Random(5).nextBytes(plain);
        for (int block : ForgedBitlocker.BLOCKS) {
            Arrays.fill(plain, block, block + BLOCK, (byte) 0);
        }
        Arrays.fill(plain, MOVED, MOVED + MOVED_BYTES, (byte) 0);
        forged.encrypt(plain, key(keyBytes), number >= XTS_128, sector);

        BitlockerVolume.usedBlocks(forged.volume(), area -> key(keyBytes), within -> {
            assertThat(within.sizeBytes()).isEqualTo(plain.length);
            assertThat(within.sectorBytes()).isEqualTo(sector);
            assertThat(read(within, 0, plain.length)).isEqualTo(plain);
            // Unaligned, and from one segment into the next.
            for (int at : new int[] {MOVED_BYTES, MOVED, MOVED + MOVED_BYTES, ForgedBitlocker.BLOCKS[1] + BLOCK}) {
                assertThat(read(within, at - 700, 1401)).isEqualTo(Arrays.copyOfRange(plain, at - 700, at + 701));
            }
            return UsedMap.allUsed(within.sizeBytes());
        });
    }

    private static byte[] read(BlockSource source, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            source.read(offset, bytes);
        } catch (DeviceException e) {
            throw new AssertionError(e);
        }
        return bytes.array();
    }

    private static UsedMap map(MemoryVolume volume, Consumer<UsedMapBuilder> within) throws Exception {
        return BitlockerVolume.usedBlocks(volume, area -> key(32), inner -> {
            UsedMapBuilder used = new UsedMapBuilder(inner.sizeBytes());
            within.accept(used);
            return used.build();
        });
    }

    @Test
    void ofAnEmptyVolumeOnlyMetadataAndFirstSectorsAreUsed() throws Exception {
        UsedMap map = map(forged().volume(), used -> {});
        assertThat(map.usedBytes()).isEqualTo(KEPT);
        assertThat(map.nextFree(0)).isEqualTo(MOVED_BYTES);
        assertThat(map.nextFree(MOVED)).isEqualTo(MOVED + MOVED_BYTES);
        for (int block : ForgedBitlocker.BLOCKS) {
            assertThat(map.nextUsed(block)).isEqualTo(block);
            assertThat(map.nextFree(block)).isEqualTo(block + BLOCK);
        }
    }

    @Test
    void sectorsThatAreUsedInPartAreUsedAsAWhole() throws Exception {
        ForgedBitlocker large = new ForgedBitlocker(XTS_128, 4096);
        UsedMap map = map(large.volume(), used -> used.use(0x10000 + 512, 512).use(0x80000 + 3584, 1024));
        assertThat(map.usedBytes()).isEqualTo(KEPT + 4096 + 8192);
        assertThat(map.nextFree(0x10000)).isEqualTo(0x10000 + 4096);
        assertThat(map.nextFree(0x80000)).isEqualTo(0x80000 + 8192);
    }

    @Test
    void zerosWithinAreLeftOutButNeverMetadata() throws Exception {
        UsedMap map = map(
                forged().volume(), used -> used.use(0, ForgedBitlocker.BYTES).zero(0, ForgedBitlocker.BYTES / 2));
        assertThat(map.usedBytes()).isEqualTo(ForgedBitlocker.BYTES);
        UsedMap read = map.stored();
        assertThat(read.nextFree(0)).isEqualTo(MOVED_BYTES);
        for (int block : ForgedBitlocker.BLOCKS) {
            assertThat(read.nextFree(block)).isGreaterThanOrEqualTo(block + BLOCK);
        }
        assertThat(read.nextFree(MOVED)).isEqualTo(MOVED + MOVED_BYTES);
        assertThat(read.nextFree(ForgedBitlocker.BYTES / 2)).isEqualTo(ForgedBitlocker.BYTES);
    }

    @Test
    void aTailThatIsNotEncryptedIsUsed() throws Exception {
        int tail = 3584;
        ForgedBitlocker forged = forged().withBlocks(block -> block.putLong(16, ForgedBitlocker.BYTES - tail));
        UsedMap map = map(forged.volume(), used -> used.use(ForgedBitlocker.BYTES - tail, tail));
        assertThat(map.usedBytes()).isEqualTo(KEPT + tail);
        assertThat(map.nextUsed(ForgedBitlocker.BLOCKS[2] + BLOCK)).isEqualTo(ForgedBitlocker.BYTES - tail);
    }

    @Test
    void toGoHasItsIdentifierElsewhere() throws Exception {
        assertThat(map(forged().toGo().volume(), used -> {}).usedBytes()).isEqualTo(KEPT);
    }

    private static void assertUnsure(MemoryVolume volume, String reason) {
        assertThatThrownBy(() -> map(volume, used -> {}))
                .isInstanceOf(UnsureException.class)
                .hasMessageStartingWith("BitLocker: ")
                .hasMessageContaining(reason);
    }

    /** Bytes at an offset of each block, whose checksums are right. */
    @ParameterizedTest(name = "{2}: {1} at {0}")
    @CsvSource({
        "12, 0200, state 2",
        "14, 0100, then 1",
        "12, 0500, state 5",
        "10, 0100, version 1",
        "16, 0000080000000000, only 524288 bytes",
        "16, 0002100000000000, only",
        "16, FFFFFFFFFFFFFFFF, only",
        "16, 01FF0F0000000000, only",
        "16, 0000000000000080, only",
        "16, 0000000000000000, only",
        "28, 00000000, two places",
        "28, FFFFFFFF, two places",
        "56, 0000000000000080, two places",
        "32, 0000010000000000, elsewhere",
        "40, FFFFFFFFFFFFFFFF, elsewhere",
        "64, FFFFFFFF, contradict",
        "64, 2F000000, contradict",
        "72, 00000000, contradict",
        "68, 02000000, contradict",
        "76, 00000000, contradict",
        "100, 0080, diffuser",
        "100, 0180, diffuser",
        "100, 0680, cipher 8006",
        "100, 0000, cipher 0000",
        "112, 0700, an entry of 7",
        "112, FFFF, an entry of 65535",
        "112, 0000, does not tell where",
        "122, 0E00, does not tell where",
        "120, 0A00, does not tell where"
    })
    void metadataThatIsNotUnderstoodIsNotBelieved(int offset, String bytes, String reason) {
        assertUnsure(
                forged().withBlocks(block -> block.put(offset, HexFormat.of().parseHex(bytes)))
                        .volume(),
                reason);
    }

    /** Places and lengths of the moved sectors that both fields tell. */
    @ParameterizedTest(name = "{1} sectors at {0}")
    @CsvSource({
        "0, 16",
        "4096, 16",
        "131072, 16",
        "196096, 16",
        "262145, 16",
        "1048576, 16",
        "1044480, 16",
        "-512, 16",
        "9223372036854775296, 16",
        "262144, 0",
        "262144, 1024",
        "262144, 2048",
        "262144, 4294967295",
        "262144, 400"
    })
    void movedSectorsThatOverlapOrLeaveTheVolumeAreNotBelieved(long place, long sectors) {
        ForgedBitlocker forged = forged().withBlocks(block -> block.putLong(56, place)
                .putLong(128, place)
                .putInt(28, (int) sectors)
                .putLong(136, sectors * 512));
        assertUnsure(forged.volume(), "");
    }

    /** The first block lies where the boot sector and all blocks say. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(longs = {0, 4096, 327_680, 0x3F000, 1_048_576, 983_552, -65_536, Long.MIN_VALUE, Long.MAX_VALUE})
    void blocksThatOverlapOrLeaveTheVolumeAreNotBelieved(long place) {
        ForgedBitlocker forged = forged();
        byte[] block = Arrays.copyOfRange(
                forged.withBlocks(each -> each.putLong(32, place)).content(),
                ForgedBitlocker.BLOCKS[0],
                ForgedBitlocker.BLOCKS[0] + 512);
        forged.with(volume -> {
            volume.putLong(176, place);
            if (place > 0 && place <= ForgedBitlocker.BYTES - 512) {
                volume.put((int) place, block);
            }
        });
        assertUnsure(forged.volume(), "");
    }

    @Test
    void blocksThatDifferAreNotBelieved() {
        for (int block : ForgedBitlocker.BLOCKS) {
            // The time, which nobody looks at.
            assertUnsure(
                    forged().with(volume -> volume.put(block + 104, (byte) 1))
                            .seal()
                            .volume(),
                    "differ");
        }
    }

    @Test
    void aCircleOfBlocksIsNotBelieved() {
        ForgedBitlocker forged = forged().withBlocks(
                        block -> block.putLong(40, ForgedBitlocker.BLOCKS[0]).putLong(48, ForgedBitlocker.BLOCKS[0]));
        forged.with(volume -> volume.putLong(184, ForgedBitlocker.BLOCKS[0]).putLong(192, ForgedBitlocker.BLOCKS[0]));
        assertUnsure(forged.volume(), "overlaps");
    }

    @Test
    void anyFlippedBitOfAnyBlockIsFound() {
        ForgedBitlocker forged = forged();
        for (int block : ForgedBitlocker.BLOCKS) {
            for (int bit = 0; bit < ForgedBitlocker.LENGTH * 8; bit++) {
                forged.content()[block + bit / 8] ^= (byte) (1 << bit % 8);
                assertUnsure(forged.volume(), "");
                forged.content()[block + bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    @ParameterizedTest(name = "{2}: {1} at {0}")
    @CsvSource({
        "1, 52, Vista",
        "0, 00, boot sector",
        "3, 00, boot sector",
        "11, 0004, sectors of 1024",
        "160, 3B4DA89280DD0E4D9E4EB1E3284EAED8, not finished",
        "160, 00, identifier"
    })
    void bootSectorsThatAreNotUnderstoodAreNotBelieved(int offset, String bytes, String reason) {
        assertUnsure(
                forged().with(volume -> volume.put(offset, HexFormat.of().parseHex(bytes)))
                        .volume(),
                reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 511, 512, 0x20000, 0x5FFFF, 0xBFFFF, 0xC0000, ForgedBitlocker.BYTES - 512})
    void aVolumeThatIsCutIsNotBelieved(int bytes) {
        assertUnsure(new MemoryVolume(forged().content(), bytes), "");
    }

    @Test
    void aKeyOfAnotherLengthIsNotBelieved() {
        assertThatThrownBy(() -> BitlockerVolume.usedBlocks(
                        forged().volume(), area -> new byte[16], within -> UsedMap.allUsed(within.sizeBytes())))
                .isInstanceOf(UnsureException.class)
                .hasMessageContaining("a volume key of 16 bytes");
    }

    @Test
    void cryptsetupGetsBootSectorAndMetadata() throws Exception {
        byte[] content = forged().content();
        BitlockerVolume.usedBlocks(
                forged().volume(),
                area -> {
                    assertThat(area.command()).isEqualTo("bitlkDump");
                    assertThat(area.pieces()).hasSize(4);
                    area.pieces().forEach(piece -> assertThat(piece.bytes())
                            .isEqualTo(ByteBuffer.wrap(
                                    content, (int) piece.offset(), piece.bytes().limit())));
                    return key(32);
                },
                within -> UsedMap.allUsed(within.sizeBytes()));
    }

    @Test
    void itIsNoFatThoughItsBootSectorSaysSo() throws Exception {
        for (ForgedBitlocker forged : new ForgedBitlocker[] {forged(), forged().toGo()}) {
            FileSystem found = FileSystems.standard().identify(forged.volume());
            assertThat(found.name()).isEqualTo(BitlockerVolume.NAME);
            assertThat(found.isMapped()).isFalse();
            assertThat(found.whyAll()).contains("--unlock");
            MemoryVolume volume = forged.volume();
            assertThat(ContentProbe.probe(volume::read, 0, ForgedBitlocker.BYTES)
                            .type())
                    .isEqualTo("BitLocker");
            ByteBuffer boot = ByteBuffer.wrap(forged.content(), 0, 512).slice();
            assertThat(HiddenSectors.of(boot)).isEmpty();
            boot.put(3, new byte[8]).put(160, new byte[16]).put(424, new byte[16]);
            assertThat(HiddenSectors.of(boot)).as("a FAT").isPresent();
        }
    }
}
