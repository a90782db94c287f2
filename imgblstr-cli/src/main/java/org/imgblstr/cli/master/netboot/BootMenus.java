package org.imgblstr.cli.master.netboot;

import java.util.List;

/**
 * The scripts of both boot loaders: for iPXE one for each machine that asks, for GRUB one for all.
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

    /** The folder of TFTP with a script of GRUB for each machine whose disk is complete; its name is the hardware address. */
    static final String IMAGED = "/imaged";

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

    /** With BIOS iPXE starts the first disk. With UEFI the firmware goes on with what is next in its boot order, because iPXE ends with an error; else it would open its setup. */
    String ipxeOwnDisk() {
        return lines(
                "#!ipxe",
                "echo imgblstr: this machine was imaged and starts its own disk",
                "iseq ${platform} pcbios && sanboot --no-describe --drive 0x80 ||",
                "exit 1");
    }

    /**
     * What GRUB is told first; it loads by TFTP alone, because Debian's signed one has no HTTP. For a machine that was imaged there is a script
     * which leads elsewhere; GRUB goes on where it finds none. It cannot ask by TFTP whether a file is there.
     *
     * @param server address of the TFTP server
     */
    String grub(String server) {
        String tftp = "(tftp," + server + ")";
        BootArguments all =
                new BootArguments(List.of(QUIET)).and(arguments.words().toArray(String[]::new));
        return lines(
                "source " + tftp + IMAGED + "/$net_default_mac",
                "echo 'imgblstr: loading the live image'",
                "linux " + tftp + KERNEL + " " + all.forGrub() + " BOOTIF=01-$net_default_mac imgslave.done="
                        + url(DONE) + "$net_default_mac",
                "initrd " + tftp + MEMORY,
                "boot");
    }

    /** For a machine that was imaged. The firmware of some opens its setup when a boot loader ends, so GRUB looks for the loader of the disk itself. */
    static String grubOwnDisk() {
        return lines(
                "echo 'imgblstr: this machine was imaged and starts its own disk'",
                "for file in " + String.join(" ", OF_DISKS) + "; do",
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
