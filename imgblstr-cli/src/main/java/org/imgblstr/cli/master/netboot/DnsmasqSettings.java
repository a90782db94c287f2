package org.imgblstr.cli.master.netboot;

import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of dnsmasq: DHCP and TFTP on one interface, no names. Source: dnsmasq(8) of version 2.90.
 *
 * @param network whose machines are served
 * @param range addresses that are given to machines; null beside another DHCP server, which gives them
 * @param loaders which kinds of machines can be served
 * @param menu URL of the first script of iPXE
 */
record DnsmasqSettings(BootNetwork network, AddressRange range, BootLoaders loaders, String menu) {
    static final String IPXE = "undionly.kpxe";

    static final String IPXE_UEFI = "snponly.efi";

    /** Shim looks for the other name beside its own. */
    static final String SHIM = "shimx64.efi";

    static final String GRUB = "grubx64.efi";

    /** Types of machines, by IANA: Processor Architecture Types (RFC 5970). */
    static final int BIOS = 0;

    static final List<Integer> UEFI = List.of(7, 9);

    /** One line for each setting. {@code tftp}: the folder with the boot loaders. */
    List<String> lines(String tftp) {
        List<String> lines = new ArrayList<>(List.of(
                "port=0",
                "no-hosts",
                "no-resolv",
                "interface=" + network.interfaceName(),
                "except-interface=lo",
                "bind-interfaces",
                "log-facility=-",
                "log-dhcp",
                "pid-file",
                "leasefile-ro",
                "dhcp-no-override",
                "enable-tftp",
                "tftp-root=" + tftp,
                "dhcp-userclass=set:ipxe,iPXE",
                // iPXE believes a proxy only what has the address of a server beside it
                "dhcp-boot=tag:ipxe," + menu + ",," + network.ownAddress()));
        lines.addAll(range == null ? besideAnother() : withOwnAddresses());
        return lines;
    }

    private List<String> besideAnother() {
        List<String> lines = new ArrayList<>();
        lines.add("dhcp-range=" + Ipv4.text(network.first()) + ",proxy," + Ipv4.text(network.mask()));
        if (loaders.hasBios()) {
            lines.add("pxe-service=tag:!ipxe," + BIOS + ",imgblstr," + IPXE);
        }
        if (loaders.hasUefi()) {
            UEFI.forEach(type -> lines.add("pxe-service=tag:!ipxe," + type + ",imgblstr," + IPXE_UEFI));
        }
        return lines;
    }

    private List<String> withOwnAddresses() {
        List<String> lines = new ArrayList<>(List.of(
                "dhcp-range=" + Ipv4.text(range.first()) + "," + Ipv4.text(range.last()) + ","
                        + Ipv4.text(network.mask()) + ",1h",
                "dhcp-authoritative",
                "dhcp-option=option:router",
                "dhcp-match=set:bios,option:client-arch," + BIOS));
        UEFI.forEach(type -> lines.add("dhcp-match=set:uefi,option:client-arch," + type));
        if (loaders.hasBios()) {
            lines.add("dhcp-boot=tag:!ipxe,tag:bios," + IPXE);
        }
        if (loaders.hasUefi()) {
            lines.add("dhcp-boot=tag:!ipxe,tag:uefi," + SHIM);
        }
        return lines;
    }
}
