package org.imgblstr.disk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.imgblstr.disk.device.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What this machine's own tools make, with blkid as the judge. */
class VolumeIdTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({
        "ext4, mkfs.ext4 -q -F, 8", "ext2, mkfs.ext2 -q -F, 4", "xfs, mkfs.xfs -q -f, 304",
                "btrfs, mkfs.btrfs -q -f, 120",
        "vfat, mkfs.fat -F 32, 40", "vfat, mkfs.fat -F 16, 16", "vfat, mkfs.fat -F 12, 2", "exfat, mkfs.exfat, 8",
        "ntfs, mkntfs -q -Q -F, 8", "swap, mkswap -q, 4"
    })
    void theIdentifierIsTheOneThatLinuxShows(String type, String mkfs, int mib) throws Exception {
        String[] words = (mkfs + " volume").split(" ", -1);
        Shell.assumeTools(words[0], "blkid");
        Path file = folder.resolve("volume");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((long) mib << 20);
        }
        words[words.length - 1] = file.toString();
        Shell.run(words);

        String shown = Shell.run("blkid", "-p", "-o", "value", "-s", "UUID", file.toString())
                .strip();
        assertThat(VolumeId.of(type, start(file))).isNotEmpty().isEqualTo(shown);
        assertThat(VolumeId.hasOtherDevices(start(file))).isEqualTo(!type.equals("btrfs"));
    }

    private static ByteBuffer start(Path file) throws Exception {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] start = new byte[(int) Math.min(in.length(), VolumeId.START_BYTES)];
            in.readFully(start);
            return ByteBuffer.wrap(start);
        }
    }

    @Test
    void whatEndsTooEarlyOrIsUnknownHasNone() {
        for (String type : new String[] {"ext4", "xfs", "btrfs", "vfat", "exfat", "ntfs", "swap", "zfs", ""}) {
            assertThat(VolumeId.of(type, ByteBuffer.allocate(16))).isEmpty();
        }
        assertThat(VolumeId.of("squashfs", ByteBuffer.allocate(VolumeId.START_BYTES)))
                .isEmpty();
        assertThat(VolumeId.hasOtherDevices(ByteBuffer.allocate(16))).isFalse();
    }

    @Test
    void aNewIdentifierHasTheFormOfTheOldOne() {
        NewIds ids = new NewIds(new Random(1));
        assertThat(ids.like("0815-ABCD")).matches("[0-9A-F]{4}-[0-9A-F]{4}");
        assertThat(ids.like("01D3AABBCCDDEEFF")).matches("[0-9A-F]{16}");
        assertThat(ids.like("0a1b2c3d-1111-4222-8333-abcdefabcdef"))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(ids.machineId()).matches("[0-9a-f]{32}").isNotEqualTo(ids.machineId());
    }

    @Test
    void guidsLieInThreeSwappedFieldsAndEightBytes() {
        assertThat(Guids.bytes(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")))
                .asHexString()
                .isEqualTo("33221100554477668899AABBCCDDEEFF");
    }
}
