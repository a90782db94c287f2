package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the EFI partitions of a disk hold for firmware to start. Filled by {@link Look}; one thread. Source: docs/identity.md, section 4. */
final class EfiLoaders {
    private static final String TYPE = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
    private static final String MBR_TYPE = "EF";

    /** What firmware starts from a disk for which it has no boot entry, one for each kind of processor. */
    private static final Pattern FALLBACK =
            Pattern.compile("efi/boot/boot(x64|ia32|aa64|arm|riscv64|loongarch64)\\.efi");

    /** Programs that a boot entry names, the better one first: shim starts the GRUB beside it. */
    private static final List<Pattern> USUAL = List.of(
            Pattern.compile("efi/[^/]+/shim[^/]*\\.efi"),
            Pattern.compile("efi/[^/]+/grub[^/]*\\.efi"),
            Pattern.compile("efi/[^/]+/systemd-boot[^/]*\\.efi"),
            Pattern.compile("efi/[^/]+/refind[^/]*\\.efi"),
            Pattern.compile("efi/microsoft/boot/bootmgfw\\.efi"));

    /** EFI partitions that were looked into, and lack what firmware starts without a boot entry. */
    private final List<Lack> lacking = new ArrayList<>();

    private boolean hasFallback;

    /** {@code loader}: the program for a boot entry, as firmware spells its path; "" when none is known. */
    private record Lack(Volume volume, String loader) {}

    /** Whether a volume is one from which EFI firmware starts. */
    static boolean isIn(Volume volume) {
        return isType(volume.typeId());
    }

    /** Whether a partition of this type, as its table spells it, is one from which EFI firmware starts. */
    static boolean isType(String typeId) {
        return typeId.equals(TYPE) || typeId.equalsIgnoreCase(MBR_TYPE);
    }

    /** Takes what is in an EFI partition. */
    void add(Volume volume, Tree tree) {
        List<String> programs = new ArrayList<>();
        tree.files("*/*/*.efi").forEach(file -> programs.add(path(file, 3)));
        tree.files("*/*/*/*.efi").forEach(file -> programs.add(path(file, 4)));
        if (programs.stream().anyMatch(program -> isLike(program, FALLBACK))) {
            hasFallback = true;
            return;
        }
        String loader = USUAL.stream()
                .flatMap(usual -> programs.stream().filter(program -> isLike(program, usual)))
                .findFirst()
                .orElse("");
        lacking.add(new Lack(volume, loader.replace('/', '\\')));
    }

    /** The last {@code names} of a path, with slashes between them. */
    private static String path(Path file, int names) {
        return file.subpath(file.getNameCount() - names, file.getNameCount()).toString();
    }

    /** FAT tells no small letters from capitals. */
    private static boolean isLike(String program, Pattern pattern) {
        return pattern.matcher(program.toLowerCase(Locale.ROOT)).matches();
    }

    /**
     * Why a machine with EFI may not start the disk, and what to do; "" when there is nothing to say.
     *
     * @param disk its device; "" when it is a file
     */
    String warning(String disk) {
        if (hasFallback || lacking.isEmpty()) {
            return "";
        }
        Lack lack = lacking.get(0);
        String entry = "'efibootmgr --create --disk " + (disk.isEmpty() ? "DISK" : disk) + " --part "
                + Math.max(1, lack.volume.number()) + " --loader "
                + (lack.loader.isEmpty() ? "PROGRAM" : "\"\\" + lack.loader + "\"") + "'";
        return lack.volume.describe() + " has no \\EFI\\BOOT\\BOOTX64.EFI, so a PC with UEFI starts this disk only by a"
                + " boot entry: run " + entry + " on that PC; or run 'grub-install --force-extra-removable' (Debian,"
                + " Ubuntu) on the source, and make the image again";
    }
}
