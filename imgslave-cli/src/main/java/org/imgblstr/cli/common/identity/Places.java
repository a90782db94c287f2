package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where identifiers are named in a file system. Source: docs/identity.md, section 3. */
final class Places {
    private static final List<String> LINUX = List.of(
            "etc/fstab",
            "etc/crypttab",
            "etc/default/grub",
            "etc/default/grub.d/*",
            "etc/grub.d/*",
            "etc/initramfs-tools/conf.d/*",
            "etc/initramfs-tools/initramfs.conf",
            "etc/kernel/cmdline",
            "etc/kernel/cmdline.d/*",
            "etc/cmdline.d/*",
            "etc/dracut.conf.d/*",
            "etc/lvm/devices/*",
            "etc/mkinitcpio.conf",
            "etc/systemd/system/*",
            "etc/systemd/system/*.d/*.conf");

    /** Below /boot, which may be a file system of its own. */
    private static final List<String> BOOT = List.of(
            "grub/*",
            "grub2/*",
            "grub/*/load.cfg",
            "grub2/*/load.cfg",
            "loader/entries/*",
            "loader/*.conf",
            "extlinux/*",
            "syslinux/*",
            "cmdline.txt",
            "refind_linux.conf");

    private static final List<String> EFI = List.of("EFI/*/*.cfg", "EFI/*/*.conf");

    /** Folders of Btrfs that may hold what is mounted as the root. */
    private static final List<String> SUBVOLUMES = List.of("", "@/", "@rootfs/", "root/");

    private Places() {}

    /** What the paths of a Linux may begin with: "", or the name of a subvolume and a slash. */
    static List<String> prefixes(Volume volume) {
        return volume.type().equals("btrfs") ? SUBVOLUMES : List.of("");
    }

    /** The texts that may name identifiers. */
    static List<Path> texts(Tree tree, String prefix) {
        return found(tree, patterns().map(path -> prefix + path).toList());
    }

    /** Texts of this file system that may name identifiers, and are named by symbolic links: nobody rewrites them. */
    static List<Path> textsBehindLinks(Tree tree, String prefix) {
        List<Path> rewritten = texts(tree, prefix);
        return patterns()
                .flatMap(pattern -> tree.behindLinks(prefix, pattern).stream())
                .filter(file -> !rewritten.contains(file))
                .distinct()
                .toList();
    }

    /** Symbolic links in the places of such texts that lead to nothing here. Not where any name counts: systemd has many such links. */
    static List<String> brokenLinks(Tree tree, String prefix) {
        return patterns()
                .filter(pattern -> !pattern.contains("*") && tree.isBroken(prefix, pattern))
                .toList();
    }

    private static Stream<String> patterns() {
        return Stream.of(LINUX.stream(), BOOT.stream(), BOOT.stream().map(path -> "boot/" + path), EFI.stream())
                .flatMap(each -> each);
    }

    /** Programs of EFI. */
    static List<Path> programs(Tree tree) {
        return found(tree, List.of("EFI/*/*.efi", "boot/efi/EFI/*/*.efi"));
    }

    /** Stores of the boot manager of Windows. */
    static List<Path> bootStores(Tree tree) {
        return found(tree, List.of("EFI/Microsoft/Boot/BCD"));
    }

    private static List<Path> found(Tree tree, List<String> patterns) {
        List<Path> found = new ArrayList<>();
        for (String pattern : patterns) {
            tree.files(pattern).stream().filter(file -> !found.contains(file)).forEach(found::add);
        }
        return found;
    }
}
