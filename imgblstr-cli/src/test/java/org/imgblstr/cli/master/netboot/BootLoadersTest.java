package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootLoadersTest {
    @TempDir
    private Path folder;

    @Test
    void bothKindsOfMachinesBootWhenAllIsInstalled() throws IOException {
        BootLoaders found = Rooms.loaders(folder, Rooms.IPXE, Rooms.SHIM, Rooms.GRUB);

        assertThat(found.lacks()).isEmpty();
        assertThat(found.hasBios()).isTrue();
        assertThat(found.hasUefi()).isTrue();
    }

    @Test
    void whoWillNotBootIsSaidWithThePackageThatIsLacking() throws IOException {
        assertThat(Rooms.loaders(folder.resolve("a"), Rooms.IPXE).lacks())
                .singleElement()
                .asString()
                .startsWith("machines with UEFI will not boot: ")
                .endsWith("shimx64.efi.signed is missing; apt-get install shim-signed grub-efi-amd64-signed");
        assertThat(Rooms.loaders(folder.resolve("b"), Rooms.IPXE, Rooms.SHIM).lacks())
                .singleElement()
                .asString()
                .endsWith("grubnetx64.efi.signed is missing; apt-get install grub-efi-amd64-signed");
        assertThat(Rooms.loaders(folder.resolve("c"), Rooms.SHIM, Rooms.GRUB).lacks())
                .singleElement()
                .asString()
                .startsWith("machines with BIOS will not boot: ")
                .endsWith("undionly.kpxe is missing; apt-get install ipxe");
    }

    @Test
    void besideAnotherServerMachinesWithUefiNeedIpxe() throws IOException {
        BootLoaders found =
                Rooms.loadersOfProxy(folder.resolve("a"), Rooms.IPXE, Rooms.IPXE_UEFI, Rooms.SHIM, Rooms.GRUB);
        assertThat(found.hasUefi()).isTrue();
        assertThat(found.hasGrub()).isFalse();
        assertThat(found.lacks())
                .singleElement()
                .asString()
                .startsWith("machines with Secure Boot will not boot beside another DHCP server");
        assertThat(Rooms.loadersOfProxy(folder.resolve("b"), Rooms.IPXE, Rooms.SHIM, Rooms.GRUB)
                        .lacks())
                .singleElement()
                .asString()
                .startsWith("machines with UEFI will not boot: ")
                .endsWith("snponly.efi is missing; apt-get install ipxe");
        assertThatThrownBy(() -> Rooms.loadersOfProxy(folder.resolve("c"), Rooms.SHIM, Rooms.GRUB))
                .hasMessageEndingWith("none is installed; apt-get install ipxe");
    }

    @Test
    void withoutAnyBootLoaderOrDnsmasqNothingStarts() {
        assertThatThrownBy(() -> Rooms.loaders(folder, Rooms.GRUB))
                .hasMessageEndingWith("none is installed; apt-get install ipxe shim-signed");
        assertThatThrownBy(() -> BootLoaders.find(folder.resolve("empty"), false))
                .hasMessageEndingWith("apt-get install dnsmasq-base");
    }

    @Test
    void theFilesOfDnsmasqAreRemovedAtTheEnd() throws IOException {
        DnsmasqSettings settings = new DnsmasqSettings(
                Rooms.NETWORK,
                null,
                Rooms.loaders(folder.resolve("root"), Rooms.IPXE, Rooms.SHIM, Rooms.GRUB),
                "http://h/");
        Path parent = Files.createDirectory(folder.resolve("run"));
        Path conf;
        try (LiveImage image = LiveImage.open(Rooms.live(folder.resolve("live")));
                BootFolder made = BootFolder.make(parent, settings, Rooms.menus(), image)) {
            conf = made.settings();
            Path own = conf.getParent();
            assertThat(own.resolve("tftp/grubx64.efi")).hasContent("the bytes of " + Rooms.GRUB);
            assertThat(own.resolve("tftp/grub/grub.cfg"))
                    .hasContent(Rooms.menus().grub("10.77.0.1"));
            assertThat(own.resolve("tftp/vmlinuz")).hasContent("the kernel");
            assertThat(own.resolve("tftp/imaged")).isEmptyDirectory();
            made.markImaged(new HardwareAddress("52:54:00:aa:bb:cc"));
            assertThat(own.resolve("tftp/imaged/52:54:00:aa:bb:cc")).hasContent(BootMenus.grubOwnDisk());
            assertThat(rights(own.resolve("tftp/imaged/52:54:00:aa:bb:cc"))).isEqualTo("rw-r--r--");
            assertThat(rights(own)).isEqualTo("rwx--x--x");
            assertThat(rights(conf)).isEqualTo("rw-------");
            assertThat(rights(own.resolve("tftp/undionly.kpxe"))).isEqualTo("rw-r--r--");
            assertThat(Files.readAllLines(conf))
                    .isEqualTo(settings.lines(own.resolve("tftp").toString()));
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whereIpxeLoadsByHttpTheLiveImageIsNotCopied() throws IOException {
        DnsmasqSettings settings = new DnsmasqSettings(
                Rooms.NETWORK, null, Rooms.loadersOfProxy(folder.resolve("root"), Rooms.IPXE_UEFI), "http://h/");
        Path parent = Files.createDirectory(folder.resolve("run"));
        try (LiveImage image = LiveImage.open(Rooms.live(folder.resolve("live")));
                BootFolder made = BootFolder.make(parent, settings, Rooms.menus(), image)) {
            Path tftp = made.settings().resolveSibling("tftp");
            assertThat(tftp.resolve("snponly.efi")).hasContent("the bytes of " + Rooms.IPXE_UEFI);
            assertThat(tftp).isDirectoryNotContaining("glob:**vmlinuz");
        }
    }

    @Test
    void aBootLoaderThatCannotBeCopiedLeavesNothing() throws IOException {
        BootLoaders gone = new BootLoaders(folder, folder.resolve("gone"), null, null, null, List.of());
        Path parent = Files.createDirectory(folder.resolve("run"));

        assertThatThrownBy(() -> BootFolder.make(
                        parent, new DnsmasqSettings(Rooms.NETWORK, null, gone, "u"), Rooms.menus(), null))
                .isInstanceOf(IOException.class);
        assertThat(parent).isEmptyDirectory();
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
