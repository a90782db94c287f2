package org.imgblstr.cli.master.netboot;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The scripts of both boot loaders. Each is made anew for each machine that asks.
 *
 * @param host address of the HTTP server, with its port where this is not 80
 * @param arguments of the kernel, the same for all machines
 */
record BootMenus(String host, BootArguments arguments) {
    static final String KERNEL = "/vmlinuz";
    static final String MEMORY = "/initrd.img";

    /** The first script of iPXE. */
    static final String START = "/boot.ipxe";

    /** Behind it the platform of iPXE, pcbios or efi, and the hardware address. */
    static final String IPXE = "/ipxe/";

    /** Behind it the hardware address. */
    static final String GRUB = "/grub/";

    /** Behind it the hardware address of a machine whose disk is complete. */
    static final String DONE = "/done/";

    /** Boot loaders of operating systems, the default of UEFI last: where an own one is beside it, this starts the installed system. */
    private static final List<String> OF_DISKS = List.of(
            "/EFI/Microsoft/Boot/bootmgfw.efi",
            "/EFI/debian/shimx64.efi",
            "/EFI/ubuntu/shimx64.efi",
            "/EFI/fedora/shimx64.efi",
            "/EFI/BOOT/BOOTX64.EFI");

    private static final String[] QUIET = {"quiet", "loglevel=3"};

    String url(String path) {
        return "http://" + host + path;
    }

    private String file(String path) {
        return "(http," + host + ")" + path;
    }

    /** What iPXE is told first: where its menu is. */
    String ipxeStart() {
        return lines("#!ipxe", "chain " + url(IPXE) + "${platform}/${netX/mac:hexhyp}");
    }

    String ipxeLive(HardwareAddress machine) {
        return lines(
                "#!ipxe",
                "echo imgblstr: loading the live image",
                "kernel " + url(KERNEL) + " "
                        + kernelArguments(machine).and("initrd=initrd.img").forIpxe(),
                "initrd " + url(MEMORY),
                "boot");
    }

    /** With BIOS iPXE starts the first disk; with UEFI the firmware goes on with what is next in its boot order. */
    String ipxeOwnDisk() {
        return lines(
                "#!ipxe",
                "echo imgblstr: this machine was imaged and starts its own disk",
                "iseq ${platform} pcbios && sanboot --no-describe --drive 0x80 ||",
                "exit");
    }

    /** What GRUB finds by TFTP: where its menu is. */
    String grubStart() {
        return lines("source " + file(GRUB) + "$net_default_mac");
    }

    String grubLive(HardwareAddress machine) {
        return lines(
                "echo 'imgblstr: loading the live image'",
                "linux " + file(KERNEL) + " " + kernelArguments(machine).forGrub(),
                "initrd " + file(MEMORY),
                "boot");
    }

    /** The firmware of some machines opens its setup when a boot loader ends, so GRUB looks for the loader of the disk itself. */
    String grubOwnDisk() {
        String files = OF_DISKS.stream().collect(Collectors.joining(" "));
        return lines(
                "echo 'imgblstr: this machine was imaged and starts its own disk'",
                "for file in " + files + "; do",
                "  if search --no-floppy --file --set=root $file; then",
                "    chainloader $file",
                "    boot",
                "  fi",
                "done",
                "exit");
    }

    private BootArguments kernelArguments(HardwareAddress machine) {
        return new BootArguments(List.of(QUIET))
                .and(arguments.words().toArray(String[]::new))
                .and("BOOTIF=01-" + machine.withHyphens(), "imgslave.done=" + url(DONE) + machine.withHyphens());
    }

    private static String lines(String... lines) {
        return String.join("\n", lines) + "\n";
    }
}
