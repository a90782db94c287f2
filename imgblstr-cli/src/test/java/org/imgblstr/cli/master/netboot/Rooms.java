package org.imgblstr.cli.master.netboot;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A network, and folders with what netboot looks for. */
final class Rooms {
    static final BootNetwork NETWORK = network("10.77.0.1", 24);

    static final String IPXE = "usr/lib/ipxe/undionly.kpxe";
    static final String IPXE_UEFI = "usr/lib/ipxe/snponly.efi";
    static final String SHIM = "usr/lib/shim/shimx64.efi.signed";
    static final String GRUB = "usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed";

    private Rooms() {}

    static BootNetwork network(String address, int prefix) {
        try {
            return new BootNetwork("eth0", (Inet4Address) InetAddress.getByName(address), prefix);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A folder that stands for / with dnsmasq and these boot loaders. */
    static Path root(Path folder, String... loaders) throws IOException {
        Path dnsmasq = put(folder.resolve("usr/sbin/dnsmasq"), "");
        Files.setPosixFilePermissions(dnsmasq, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String loader : loaders) {
            put(folder.resolve(loader), "the bytes of " + loader);
        }
        return folder;
    }

    static BootLoaders loaders(Path folder, String... loaders) throws IOException {
        return BootLoaders.find(root(folder, loaders), false);
    }

    /** As above, beside another DHCP server. */
    static BootLoaders loadersOfProxy(Path folder, String... loaders) throws IOException {
        return BootLoaders.find(root(folder, loaders), true);
    }

    static BootMenus menus(String... words) {
        return new BootMenus("10.77.0.1", new BootArguments(List.of(words)));
    }

    /** A folder that stands for a live image. */
    static Path live(Path folder) throws IOException {
        put(folder.resolve("vmlinuz"), "the kernel");
        put(folder.resolve("initrd.img"), "the memory");
        return folder;
    }

    static Path put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
