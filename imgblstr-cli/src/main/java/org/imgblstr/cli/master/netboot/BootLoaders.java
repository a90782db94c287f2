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
 * @param shim for machines with UEFI, with GRUB; null when one of both is not installed
 * @param grub as {@code shim}
 * @param lacks a sentence for each kind of machine that will not boot
 */
record BootLoaders(Path dnsmasq, Path ipxe, Path shim, Path grub, List<String> lacks) {
    private static final List<String> DNSMASQ = List.of("usr/sbin/dnsmasq", "usr/bin/dnsmasq", "sbin/dnsmasq");
    private static final String IPXE = "usr/lib/ipxe/undionly.kpxe";
    private static final String SHIM = "usr/lib/shim/shimx64.efi.signed";
    private static final String GRUB = "usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed";

    BootLoaders {
        lacks = List.copyOf(lacks);
    }

    /**
     * Looks for them below {@code root}.
     *
     * @throws CliException exit code 2: dnsmasq is missing, or there is no boot loader at all
     */
    static BootLoaders find(Path root) {
        Path dnsmasq = DNSMASQ.stream()
                .map(root::resolve)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> CliException.usage(
                        "netboot needs dnsmasq, which is not installed; apt-get install dnsmasq-base"));
        List<String> missing = new ArrayList<>();
        Path ipxe = present(root.resolve(IPXE), "ipxe", missing);
        String ofBios = String.join(" ", missing);
        Path shim = present(root.resolve(SHIM), "shim-signed", missing);
        Path grub = present(root.resolve(GRUB), "grub-efi-amd64-signed", missing);
        boolean hasUefi = shim != null && grub != null;
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
            lacks.add("machines with UEFI will not boot: " + root.resolve(shim == null ? SHIM : GRUB)
                    + " is missing; apt-get install " + String.join(" ", missing));
        }
        return new BootLoaders(dnsmasq, ipxe, hasUefi ? shim : null, hasUefi ? grub : null, lacks);
    }

    private static Path present(Path file, String debian, List<String> missing) {
        if (Files.isReadable(file)) {
            return file;
        }
        missing.add(debian);
        return null;
    }

    boolean hasBios() {
        return ipxe != null;
    }

    boolean hasUefi() {
        return shim != null;
    }
}
