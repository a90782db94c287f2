package org.imgblstr.disk.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.imgblstr.disk.device.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Boot sectors of this machine's own tools, and one of a Windows 2000 as Microsoft has published it. */
class HiddenSectorsTest {
    private static final String WINDOWS = "EB52904E5446532020202000020800000000000000F800003F00FF003F000000"
            + "00000000800080004AF57F0000000000040000000000000054FF070000000000";

    @TempDir
    Path folder;

    private static byte[] boot(String hex) {
        byte[] sector = Arrays.copyOf(HexFormat.of().parseHex(hex), 512);
        sector[510] = 0x55;
        sector[511] = (byte) 0xAA;
        return sector;
    }

    private static HiddenSectors of(byte[] sector) {
        return HiddenSectors.of(ByteBuffer.wrap(sector)).orElseThrow();
    }

    @Test
    void aWindowsTellsThatItsVolumeStartsAtSector63() {
        assertThat(of(boot(WINDOWS))).isEqualTo(new HiddenSectors("NTFS", 512, 63, 0x7FF54A));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "mkntfs -q -Q -F -p 206848, NTFS, 512, true", "mkfs.fat -F 32 -h 206848, FAT, 512, true",
        "mkfs.fat -F 16 -h 206848, FAT, 512, false", "mkfs.fat -F 12 -s 64 -h 206848, FAT, 512, false",
        "mkntfs -q -Q -F -s 4096 -p 206848, NTFS, 4096, true"
    })
    void whatWasToldToTheToolIsFoundAndTheCopyIsWhereItIsSaidToBe(
            String mkfs, String type, int sectorBytes, boolean hasCopy) throws Exception {
        String[] words = (mkfs + " volume").split(" ", -1);
        Shell.assumeTools(words[0]);
        Path file = folder.resolve("volume");
        try (RandomAccessFile volume = new RandomAccessFile(file.toFile(), "rw")) {
            volume.setLength(40 << 20);
            words[words.length - 1] = file.toString();
            Shell.run(words);
            byte[] sector = new byte[sectorBytes];
            volume.readFully(sector);

            HiddenSectors found = of(sector);

            assertThat(found.type()).isEqualTo(type);
            assertThat(found.sectorBytes()).isEqualTo(sectorBytes);
            assertThat(found.count()).isEqualTo(206_848);
            assertThat(found.copySector() != 0).isEqualTo(hasCopy);
            byte[] copy = new byte[sectorBytes];
            volume.seek(found.copySector() * sectorBytes);
            volume.readFully(copy);
            assertThat(copy).isEqualTo(sector);
        }
    }

    @Test
    void nothingButTheNumberChanges() {
        ByteBuffer sector = ByteBuffer.wrap(boot(WINDOWS)).asReadOnlyBuffer();
        byte[] changed = new byte[512];
        HiddenSectors.with(sector, HiddenSectors.MOST - 1).get(changed);
        assertThat(of(changed).count()).isEqualTo(4_294_967_294L);
        assertThat(Arrays.copyOfRange(changed, 28, 32)).containsExactly(0xFE, 0xFF, 0xFF, 0xFF);
        System.arraycopy(boot(WINDOWS), 28, changed, 28, 4);
        assertThat(changed).isEqualTo(boot(WINDOWS));
        assertThatThrownBy(() -> HiddenSectors.with(sector, HiddenSectors.MOST + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNoBootSectorIsLeftAlone() {
        byte[] unmarked = boot(WINDOWS);
        unmarked[511] = 0;
        byte[] exfat = boot(WINDOWS.replace("4E54465320202020", "4558464154202020"));
        assertThat(HiddenSectors.of(ByteBuffer.wrap(unmarked))).isEmpty();
        assertThat(HiddenSectors.of(ByteBuffer.wrap(exfat))).isEmpty();
        assertThat(HiddenSectors.of(ByteBuffer.allocate(512))).isEmpty();
        assertThat(HiddenSectors.of(ByteBuffer.wrap(boot(WINDOWS), 0, 511).slice()))
                .isEmpty();
    }
}
