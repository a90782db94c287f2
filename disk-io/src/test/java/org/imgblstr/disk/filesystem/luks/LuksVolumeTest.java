package org.imgblstr.disk.filesystem.luks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.MemoryVolume;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.encrypted.Cryptsetup;
import org.imgblstr.disk.use.FileSystem;
import org.imgblstr.disk.use.FileSystems;
import org.imgblstr.sealing.primitive.XtsCipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LUKS volumes, some of them made by cryptsetup. */
class LuksVolumeTest {
    private static final int MIB = 1 << 20;
    private static final String SEGMENT =
            "{\"type\":\"crypt\",\"offset\":\"1048576\",\"size\":\"dynamic\",\"iv_tweak\":\"0\","
                    + "\"encryption\":\"aes-xts-plain64\",\"sector_size\":4096}";
    private static final byte[] KEY = new byte[64];

    @TempDir
    Path folder;

    @Test
    void decryptsAsTheStandardSays() throws Exception {
        // IEEE Std 1619-2018, vectors 1 and 2.
        HexFormat hex = HexFormat.of();
        check(
                new byte[32],
                0,
                new byte[32],
                hex.parseHex("917cf69ebd68b2ec9b9fe9a3eadda692cd43d2f59598ed858c02c2652fbf922e"));
        byte[] key = new byte[32];
        Arrays.fill(key, 0, 16, (byte) 0x11);
        Arrays.fill(key, 16, 32, (byte) 0x22);
        byte[] plain = new byte[32];
        Arrays.fill(plain, (byte) 0x44);
        check(
                key,
                0x3333333333L,
                plain,
                hex.parseHex("c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0"));
    }

    private static void check(byte[] key, long tweak, byte[] plain, byte[] encrypted) throws Exception {
        byte[] bytes = encrypted.clone();
        new XtsCipher(key).decrypt(bytes, 0, bytes.length, tweak);
        assertThat(bytes).isEqualTo(plain);
    }

    @Test
    void sectorsThatAreUsedInPartAreUsedAsAWhole() throws Exception {
        byte[] content = ForgedLuks.version2(2 * MIB, SEGMENT, "");
        UsedMap map = LuksVolume.usedBlocks(volume(content), area -> KEY.clone(), within -> {
            assertThat(within.sizeBytes()).isEqualTo(MIB);
            assertThat(within.sectorBytes()).isEqualTo(4096);
            return new UsedMapBuilder(within.sizeBytes())
                    .use(0, 512)
                    .use(8192 + 3584, 1024)
                    .use(65_536, 65_536)
                    .zero(65_536 + 512, 16_384)
                    .build();
        });
        assertThat(map.nextFree(0)).as("headers, key slots, and a sector").isEqualTo(MIB + 4096);
        assertThat(map.nextUsed(MIB + 4096)).isEqualTo(MIB + 8192);
        assertThat(map.nextFree(MIB + 8192)).isEqualTo(MIB + 16_384);
        assertThat(map.usedBytes()).isEqualTo(MIB + 4096 + 8192 + 65_536);
        assertThat(map.stored().nextFree(MIB + 65_536)).isEqualTo(MIB + 65_536 + 4096);
        assertThat(map.stored().nextUsed(MIB + 65_536 + 4096)).isEqualTo(MIB + 65_536 + 16_384);
    }

    @Test
    void whatIsNoWholeSectorAtTheEndIsUsed() throws Exception {
        byte[] content = ForgedLuks.version2(2 * MIB + 512, SEGMENT, "");
        UsedMap map = LuksVolume.usedBlocks(
                volume(content), area -> KEY.clone(), within -> new UsedMapBuilder(within.sizeBytes()).build());
        assertThat(map.usedBytes()).isEqualTo(MIB + 512);
        assertThat(map.isUsed(2 * MIB, 512)).isTrue();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "aes-xts-plain64 | aes-cbc-essiv:sha256 | the cipher aes-cbc",
                "\"dynamic\" | \"4096\" | ends before its volume",
                "\"crypt\" | \"linear\" | a segment of type linear",
                "1048576 | 16777728 | data from byte",
                "4096} | 4096,\"integrity\":{}} | several segments",
                "4096} | 4096,\"flags\":[\"backup-final\"]} | several segments",
                "4096} | 4096,\"more\":1} | not understood",
                "4096} | 4096},\"1\":{\"type\":\"crypt\"} | several segments",
                "4096} | 8192} | sectors of 8192"
            })
    void whatCryptsetupDoesNotMakeByDefaultIsNotBelieved(String found, String replacement, String reason)
            throws Exception {
        byte[] content = ForgedLuks.version2(2 * MIB, SEGMENT.replace(found, replacement), "");
        assertUnsure(content, reason);
    }

    @Test
    void aVolumeThatIsEncryptedAnewIsNotBelieved() throws Exception {
        assertUnsure(
                ForgedLuks.version2(2 * MIB, SEGMENT, ",\"requirements\":{\"mandatory\":[\"online-reencrypt\"]}"),
                "requirements");
    }

    @Test
    void anyFlippedBitOfTheHeaderIsFound() throws Exception {
        byte[] content = ForgedLuks.version2(2 * MIB, SEGMENT, "");
        for (int bit = 0; bit < 16_384 * 8; bit += 61) {
            boolean isChecksum = bit / 8 >= 448 + 32 && bit / 8 < 512;
            content[bit / 8] ^= (byte) (1 << bit % 8);
            if (!isChecksum) {
                assertUnsure(content, "LUKS");
            }
            content[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private static void assertUnsure(byte[] content, String reason) {
        assertThatThrownBy(() -> LuksVolume.usedBlocks(
                        volume(content), area -> KEY.clone(), within -> UsedMap.allUsed(within.sizeBytes())))
                .isInstanceOf(UnsureException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest(name = "LUKS{0}, sectors of {1} bytes")
    @CsvSource({"1, 512, 2", "2, 512, 16", "2, 4096, 16"})
    void cryptsetupOpensWhatItHasMade(int version, int sector, int areaMib) throws Exception {
        FsTools.need("cryptsetup", "mkfs.ext4");
        Path phrase = Files.writeString(folder.resolve("phrase"), "correct horse");
        Path file = FsTools.sparse(folder, "volume", (areaMib + 4L) * MIB);
        String quick = version == 1
                ? "--pbkdf-force-iterations 1000"
                : "--pbkdf argon2id --pbkdf-memory 32768 --pbkdf-force-iterations 4 --sector-size " + sector;
        FsTools.run(
                "sh",
                "-ec",
                "cryptsetup luksFormat -q --type luks" + version + " " + quick + " " + file + " --key-file " + phrase);
        byte[] content = Files.readAllBytes(file);
        // Sectors are encrypted by hand: with the key that cryptsetup tells, and the cipher turned round.
        Path plain = FsTools.sparse(folder, "plain", 4L * MIB);
        FsTools.run("mkfs.ext4", "-q", "-F", plain.toString());
        byte[] key = new Cryptsetup("correct horse".getBytes(StandardCharsets.US_ASCII))
                .open(LuksHeader.read(volume(content)).area(volume(content)));
        byte[] inner = Files.readAllBytes(plain);
        for (int at = 0; at < inner.length; at += sector) {
            XtsEncryption.encrypt(key, inner, at, sector, at / 512);
        }
        System.arraycopy(inner, 0, content, areaMib * MIB, inner.length);

        Cryptsetup keys = new Cryptsetup("correct horse\n".getBytes(StandardCharsets.US_ASCII));
        FileSystem found = FileSystems.standard(false, keys).identify(volume(content));
        assertThat(found.whyAll()).isEmpty();
        assertThat(found.name()).isEqualTo(LuksVolume.NAME);
        assertThat(found.used().usedBytes()).isBetween((long) areaMib * MIB, (areaMib + 2L) * MIB);
        assertThat(keys.opened()).isEqualTo(1);

        FileSystem locked = FileSystems.standard().identify(volume(content));
        assertThat(locked.whyAll()).contains("--unlock");
        Cryptsetup wrong = new Cryptsetup("wrong".getBytes(StandardCharsets.US_ASCII));
        assertThat(FileSystems.standard(false, wrong).identify(volume(content)).isMapped())
                .isFalse();
        assertThat(wrong.isWrongPhrase()).isTrue();
        assertThat(wrong.failure()).contains("no key slot");
    }

    private static MemoryVolume volume(byte[] content) {
        return new MemoryVolume(content, content.length);
    }
}
