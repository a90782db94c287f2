package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DnsmasqSettingsTest {
    @TempDir
    private Path folder;

    private List<String> lines(String range, String... loaders) throws IOException {
        AddressRange addresses = range == null ? null : AddressRange.parse(range, Rooms.NETWORK);
        BootLoaders found = range == null ? Rooms.loadersOfProxy(folder, loaders) : Rooms.loaders(folder, loaders);
        return new DnsmasqSettings(Rooms.NETWORK, addresses, found, "http://10.77.0.1/boot.ipxe").lines("/run/x/tftp");
    }

    @Test
    void namesAreNotServedAndNoOtherInterfaceIs() throws IOException {
        assertThat(lines(null, Rooms.IPXE))
                .contains("port=0", "no-hosts", "no-resolv", "interface=eth0", "except-interface=lo", "bind-interfaces")
                .contains("leasefile-ro", "pid-file", "tftp-root=/run/x/tftp");
    }

    @Test
    void besideAnotherServerNoAddressIsGiven() throws IOException {
        assertThat(lines(null, Rooms.IPXE, Rooms.IPXE_UEFI, Rooms.SHIM, Rooms.GRUB))
                .contains(
                        "dhcp-range=10.77.0.0,proxy,255.255.255.0",
                        "dhcp-boot=tag:ipxe,http://10.77.0.1/boot.ipxe,,10.77.0.1",
                        "pxe-service=tag:!ipxe,0,imgblstr,undionly.kpxe",
                        "pxe-service=tag:!ipxe,7,imgblstr,snponly.efi",
                        "pxe-service=tag:!ipxe,9,imgblstr,snponly.efi")
                .doesNotContain("dhcp-authoritative");
    }

    @Test
    void withOwnAddressesEachKindOfMachineHasItsBootLoader() throws IOException {
        assertThat(lines("10.77.0.100-10.77.0.150", Rooms.IPXE, Rooms.SHIM, Rooms.GRUB))
                .contains(
                        "dhcp-range=10.77.0.100,10.77.0.150,255.255.255.0,1h",
                        "dhcp-match=set:bios,option:client-arch,0",
                        "dhcp-match=set:uefi,option:client-arch,7",
                        "dhcp-boot=tag:ipxe,http://10.77.0.1/boot.ipxe,,10.77.0.1",
                        "dhcp-boot=tag:!ipxe,tag:bios,undionly.kpxe",
                        "dhcp-boot=tag:!ipxe,tag:uefi,shimx64.efi")
                .noneMatch(line -> line.startsWith("pxe-service"));
    }

    @Test
    void whatIsNotInstalledIsNotOffered() throws IOException {
        assertThat(lines(null, Rooms.IPXE)).noneMatch(line -> line.contains(".efi"));
        assertThat(lines("10.77.0.100-10.77.0.150", Rooms.IPXE)).noneMatch(line -> line.contains("shimx64"));
    }

    @Test
    void withoutIpxeMachinesWithBiosAreOfferedNothing() throws IOException {
        assertThat(lines(null, Rooms.IPXE_UEFI)).noneMatch(line -> line.contains("undionly"));
        assertThat(lines("10.77.0.100-10.77.0.150", Rooms.SHIM, Rooms.GRUB))
                .noneMatch(line -> line.contains("undionly"));
    }
}
