package org.imgblstr.cli.master.netboot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;

/**
 * The programs of this machine that netboot needs, where Debian's packages have them.
 *
 * @param dnsmasq serves DHCP and TFTP
 * @param ipxe for machines with BIOS; null when it is not installed
 * @param ipxeUefi for machines with UEFI beside another DHCP server; null when it is not installed, and without such a server
 * @param shim for machines with UEFI, with GRUB; null when one of both is not installed, and beside another DHCP server
 * @param grub as {@code shim}
 * @param lacks a sentence for each kind of machine that will not boot
 */
record BootLoaders(Path dnsmasq, Path ipxe, Path ipxeUefi, Path shim, Path grub, List<String> lacks) {
    private static final List<String> DNSMASQ = List.of("usr/sbin/dnsmasq", "usr/bin/dnsmasq", "sbin/dnsmasq");
    private static final String IPXE = "usr/lib/ipxe/undionly.kpxe";
    private static final String IPXE_UEFI = "usr/lib/ipxe/snponly.efi";
    private static final String SHIM = "usr/lib/shim/shimx64.efi.signed";
    private static final String GRUB = "usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed";

    BootLoaders {
        lacks = List.copyOf(lacks);
    }

    /**
     * Looks for them below {@code root}. GRUB looks for its menu at the server that gave the address, which another DHCP server is; iPXE asks both.
     *
     * @throws CliException exit code 2: dnsmasq is missing, or there is no boot loader at all
     */
    static BootLoaders find(Path root, boolean isBesideAnother) {
        Path dnsmasq = DNSMASQ.stream()
                .map(root::resolve)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> CliException.usage(
                        "netboot needs dnsmasq, which is not installed; apt-get install dnsmasq-base"));
        List<String> missing = new ArrayList<>();
        Path ipxe = present(root.resolve(IPXE), "ipxe", missing);
        String ofBios = String.join(" ", missing);
        Path ipxeUefi = isBesideAnother ? present(root.resolve(IPXE_UEFI), "ipxe", missing) : null;
        Path shim = isBesideAnother ? null : present(root.resolve(SHIM), "shim-signed", missing);
        Path grub = isBesideAnother ? null : present(root.resolve(GRUB), "grub-efi-amd64-signed", missing);
        boolean hasGrub = shim != null && grub != null;
        boolean hasUefi = hasGrub || ipxeUefi != null;
        if (ipxe == null && !hasUefi) {
            throw CliException.usage(
                    "netboot needs a boot loader, and none is installed; apt-get install " + String.join(" ", missing));
        }
        List<String> lacks = new ArrayList<>();
        if (ipxe == null) {
            lacks.add("machines with BIOS will not boot: " + root.resolve(IPXE) + " is missing; apt-get install "
                    + ofBios);
        }
        if (!hasUefi) {
            String file = isBesideAnother ? IPXE_UEFI : shim == null ? SHIM : GRUB;
            lacks.add("machines with UEFI will not boot: " + root.resolve(file) + " is missing; apt-get install "
                    + String.join(" ", missing));
        } else if (isBesideAnother) {
            lacks.add("machines with Secure Boot will not boot beside another DHCP server, because Debian has no signed"
                    + " iPXE; with --dhcp in a network of their own they do");
        }
        return new BootLoaders(dnsmasq, ipxe, ipxeUefi, hasGrub ? shim : null, hasGrub ? grub : null, lacks);
    }

    private static Path present(Path file, String debian, List<String> missing) {
        if (Files.isReadable(file)) {
            return file;
        }
        if (!missing.contains(debian)) {
            missing.add(debian);
        }
        return null;
    }

    boolean hasBios() {
        return ipxe != null;
    }

    boolean hasUefi() {
        return hasGrub() || ipxeUefi != null;
    }

    /** Machines with UEFI load GRUB, and with it all else by TFTP; the others load iPXE, or cannot boot. */
    boolean hasGrub() {
        return shim != null;
    }
}
