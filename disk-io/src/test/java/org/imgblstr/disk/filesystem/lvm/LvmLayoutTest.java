package org.imgblstr.disk.filesystem.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.imgblstr.disk.filesystem.ChainedCrc;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Piece;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where logical volumes are, by metadata as lvm2 writes it, and which metadata is not acted upon. */
class LvmLayoutTest {
    private static final int MIB = 1 << 20;
    private static final int AREA = 4096;
    private static final int CRC_START = 0xF597_A6CF;
    private static final String PHYSICAL = "djQTeM-Qajz-N5we-5Ee4-D4ts-BrHj-5PAXEh";
    private static final String GROUP = "NxLyVr-CetM-myzb-8ZWI-31g6-HEbw-x1plWT";

    /** Extents of 1 MiB, the first at 1 MiB: root has 0 to 9 and 13 to 19, swap 10 to 12, of 30. */
    private static final String METADATA = """
            lab {
            id = "NxLyVr-CetM-myzb-8ZWI-31g6-HEbw-x1plWT"
            seqno = 4
            format = "lvm2"
            status = ["RESIZEABLE", "READ", "WRITE"]
            system_id = ""
            extent_size = 2048
            physical_volumes {
            pv0 {
            id = "djQTeM-Qajz-N5we-5Ee4-D4ts-BrHj-5PAXEh"
            pe_start = 2048
            pe_count = 30
            }
            }
            logical_volumes {
            root {
            status = ["READ", "WRITE", "VISIBLE"]
            segment_count = 3
            segment1 {
            start_extent = 0
            extent_count = 4
            type = "striped"
            stripe_count = 1
            stripes = ["pv0", 0]
            }
            segment2 {
            start_extent = 4
            extent_count = 6
            type = "striped"
            stripe_count = 1
            stripes = ["pv0", 4]
            }
            segment3 {
            start_extent = 10
            extent_count = 7
            type = "striped"
            stripe_count = 1
            stripes = ["pv0", 13]
            }
            }
            swap {
            status = ["READ", "WRITE", "VISIBLE"]
            segment_count = 1
            segment1 {
            start_extent = 0
            extent_count = 3
            type = "striped"
            stripe_count = 1
            stripes = ["pv0", 10]
            }
            }
            }
            }
            """;

    @Test
    void neighboursAreOnePiece() throws Exception {
        LvmLayout layout = read(METADATA);

        assertThat(layout.group()).isEqualTo("lab");
        assertThat(layout.groupId()).isEqualTo(GROUP);
        assertThat(layout.physicalId()).isEqualTo(PHYSICAL);
        assertThat(layout.freeExtents()).isEqualTo(10);
        LvmLayout.Logical root = layout.volumes().get(0);
        assertThat(root.pieces()).containsExactly(new Piece(MIB, 10 * MIB), new Piece(14 * MIB, 7 * MIB));
        assertThat(root.bytes()).isEqualTo(17 * MIB);
        assertThat(root.end()).isEqualTo(21 * MIB);
        assertThat(layout.volumes().get(1))
                .isEqualTo(new LvmLayout.Logical("swap", List.of(new Piece(11 * MIB, 3 * MIB))));
    }

    @Test
    void aGroupWithoutLogicalVolumesIsAllFree() throws Exception {
        String none = METADATA.substring(0, METADATA.indexOf("logical_volumes")) + "}\n";

        assertThat(read(none).volumes()).isEmpty();
        assertThat(read(none).freeExtents()).isEqualTo(30);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "lab { | -y { | the name of its volume group is none",
                "lab { | l/b { | the name of its volume group is none",
                "root { | --yes { | the name of a logical volume is none",
                "\"RESIZEABLE\", | \"RESIZEABLE\", \"EXPORTED\", | may not be changed",
                "\"RESIZEABLE\", |  | may not be changed",
                "\"RESIZEABLE\", | \"RESIZEABLE\", \"CLUSTERED\", | has an owner or is shared",
                "system_id = \"\" | system_id = \"host\" | has an owner or is shared",
                "system_id = \"\" | lock_type = \"sanlock\" | has an owner or is shared",
                "pv0 { | pv1 { id = \"x\" } pv0 { | lies in 2 physical volumes",
                "id = \"djQTeM | id = \"djQTeX | does not know it",
                "\"WRITE\", \"VISIBLE\" | \"WRITE\" | may not be changed",
                "type = \"striped\" | type = \"thin\" | is not linear (thin)",
                "stripe_count = 1 | stripe_count = 2 | is not linear",
                "[\"pv0\", 13] | [\"pv1\", 13] | are not understood",
                "[\"pv0\", 13] | [\"pv0\", 12] | share an extent",
                "[\"pv0\", 13] | [\"pv0\", 24] | leaves the physical volume",
                "segment_count = 3 | segment_count = 4 | are lacking",
                "start_extent = 10 | start_extent = 11 | have gaps",
                "pe_count = 30 | pe_count = 99 | extents of",
                "NxLyVr- | NxLyVr | an identifier is none"
            })
    void isUnsureOfWhatItShouldNotChange(String text, String instead, String why) {
        String changed = METADATA.replace(text, instead == null ? "" : instead);
        assertThat(changed).isNotEqualTo(METADATA);

        assertThatThrownBy(() -> read(changed))
                .isInstanceOf(UnsureException.class)
                .hasMessageContaining(why);
    }

    /** A flipped bit without a checksum: whatever it says, each piece lies behind the metadata, on the disk, and is nobody else's. */
    @Test
    void aVolumeNeverLeavesItsDiskOrLiesInAnother() throws Exception {
        int understood = 0;
        for (int seed = 0; seed < 3000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder(METADATA);
            int at = random.nextInt(text.length());
            text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(7))));
            LvmLayout layout;
            try {
                layout = read(text.toString());
            } catch (UnsureException e) {
                continue;
            }
            understood++;
            boolean[] taken = new boolean[32];
            for (LvmLayout.Logical volume : layout.volumes()) {
                for (Piece piece : volume.pieces()) {
                    assertThat(piece.place()).as("seed " + seed).isGreaterThanOrEqualTo(2048);
                    assertThat(piece.place() + piece.bytes()).as("seed " + seed).isLessThanOrEqualTo(32L * MIB);
                    for (long extent = piece.place() / MIB; extent < (piece.place() + piece.bytes()) / MIB; extent++) {
                        assertThat(taken[(int) extent]).as("seed " + seed).isFalse();
                        taken[(int) extent] = true;
                    }
                }
            }
        }
        assertThat(understood).isBetween(300, 2700);
    }

    private static LvmLayout read(String metadata) throws Exception {
        return LvmLayout.read(new MemoryVolume(volume(metadata), 32L * MIB));
    }

    /** A physical volume of 32 MiB with one metadata area at 4096. */
    private static byte[] volume(String metadata) {
        byte[] content = new byte[32 * MIB];
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        put(bytes, 512, "LABELONE");
        bytes.putLong(512 + 8, 1).putInt(512 + 20, 32);
        put(bytes, 512 + 24, "LVM2 001");
        int header = 512 + 32;
        put(bytes, header, PHYSICAL.replace("-", ""));
        bytes.putLong(header + 32, 32L * MIB).putLong(header + 40, MIB);
        bytes.putLong(header + 72, AREA).putLong(header + 80, MIB - AREA);
        bytes.putInt(512 + 16, ChainedCrc.crc32(CRC_START, bytes, 512 + 20, 512 - 20));
        byte[] text = metadata.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, content, AREA + 512, text.length);
        put(bytes, AREA + 4, " LVM2 x[5A%r0N*>");
        bytes.putInt(AREA + 20, 1).putLong(AREA + 24, AREA).putLong(AREA + 32, MIB - AREA);
        bytes.putLong(AREA + 40, 512).putLong(AREA + 48, text.length);
        bytes.putInt(AREA + 56, ChainedCrc.crc32(CRC_START, bytes, AREA + 512, text.length));
        bytes.putInt(AREA, ChainedCrc.crc32(CRC_START, bytes, AREA + 4, 508));
        return content;
    }

    private static void put(ByteBuffer bytes, int at, String text) {
        bytes.put(at, text.getBytes(StandardCharsets.US_ASCII));
    }
}
