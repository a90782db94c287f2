package org.imgblstr.cli.common.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What firmware finds in an EFI partition, in a folder that stands for its file system. */
class EfiLoadersTest {
    private static final Volume ESP = new Volume(
            2, "", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", new Volume.Place(1 << 20, 1 << 20, null, null), "vfat", "");

    @TempDir
    Path root;

    private void put(String path) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
    }

    private String warning() {
        EfiLoaders loaders = new EfiLoaders();
        loaders.add(ESP, new Tree(root));
        return loaders.warning("/dev/sdx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EFI/BOOT/BOOTX64.EFI", "efi/boot/bootaa64.efi", "EFI/Boot/bootia32.efi"})
    void aDiskThatFirmwareStartsWithoutAnEntryNeedsNoWarning(String program) throws Exception {
        put(program);
        put("EFI/debian/shimx64.efi");
        assertThat(warning()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "EFI/debian/shimx64.efi, '\\EFI\\debian\\shimx64.efi'",
        "EFI/ubuntu/grubx64.efi, '\\EFI\\ubuntu\\grubx64.efi'",
        "EFI/Microsoft/Boot/bootmgfw.efi, '\\EFI\\Microsoft\\Boot\\bootmgfw.efi'"
    })
    void withoutTheDefaultTheWarningNamesTheEntryThatIsNeeded(String program, String loader) throws Exception {
        put(program);
        put("EFI/debian/fbx64.efi");
        put("EFI/BOOT/fbx64.efi");
        assertThat(warning())
                .startsWith("partition 2 (vfat) has no \\EFI\\BOOT\\BOOTX64.EFI")
                .contains("'efibootmgr --create --disk /dev/sdx --part 2 --loader \"" + loader + "\"'");
    }

    @Test
    void shimCountsBeforeTheProgramThatItStarts() throws Exception {
        put("EFI/debian/grubx64.efi");
        put("EFI/debian/shimx64.efi");
        put("EFI/Microsoft/Boot/bootmgfw.efi");
        assertThat(warning()).contains("\"\\EFI\\debian\\shimx64.efi\"");
    }

    @Test
    void withoutAnyProgramTheEntryIsLeftOpen() {
        assertThat(warning()).contains("--loader PROGRAM'");
        assertThat(new EfiLoaders().warning("/dev/sdx")).isEmpty();
    }
}
