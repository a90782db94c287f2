"""The ISO: one file that boots from a disc by BIOS and UEFI, and from a stick that holds the same bytes; GRUB is the boot loader of all of these."""

import os
import shutil
from pathlib import Path

from ..packages.program import run

HERE = Path(__file__).resolve().parent
VOLUME = "IMGBLSTR_LIVE"  # by this name the live system knows the medium that it must not overwrite
BIOS_MODULES = (
    *("biosdisk", "part_gpt", "part_msdos", "iso9660", "normal", "linux", "test", "echo", "configfile", "search", "search_fs_file", "serial", "terminal"),
    *("halt", "reboot", "ls", "cat", "sleep", "chain", "boot"),
)


def bios_image(unpacked: Path, file: Path) -> None:
    """GRUB for BIOS with all that it needs, as a disc boots it."""
    modules = unpacked / "usr/lib/grub/i386-pc"
    run("grub-mkimage", "-O", "i386-pc-eltorito", "-d", modules, "-p", "/boot/grub", "-o", file, *BIOS_MODULES)


def efi_image(unpacked: Path, mark: str, work: Path, seconds: int) -> Path:
    """The file system from which UEFI boots: Debian's signed shim and GRUB, and a configuration that looks for the rest on the medium with our mark."""
    config = work / "efi.cfg"
    config.write_text(f"search --no-floppy --set=root --file {mark}\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n", encoding="utf-8")
    files = {
        "EFI/BOOT/BOOTX64.EFI": unpacked / "usr/lib/shim/shimx64.efi.signed",
        "EFI/BOOT/grubx64.efi": unpacked / "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed",
        "boot/grub/grub.cfg": config,
    }
    image = work / "efi.img"
    kib = sum(file.stat().st_size for file in files.values()) // 1024 + 512
    with open(image, "wb") as out:
        out.truncate((kib + 1023) // 1024 * 1024 * 1024)
    fixed = {**os.environ, "SOURCE_DATE_EPOCH": str(seconds), "TZ": "UTC", "MTOOLS_SKIP_CHECK": "1"}
    run("mformat", "-i", image, "-N", "1b1b57f0", "-v", "IMGBLSTR", "::", env=fixed)
    run("mmd", "-i", image, "::EFI", "::EFI/BOOT", "::boot", "::boot/grub", env=fixed)
    for name, source in files.items():
        copy = work / "copy"
        shutil.copy(source, copy)
        os.utime(copy, (seconds, seconds))
        run("mcopy", "-m", "-i", image, copy, f"::{name}", env=fixed)
    return image


def make(unpacked: Path, files: dict, name: str, seconds: int, work: Path, target: Path) -> Path:
    """An ISO with these files by their names on it. `name`: of the ISO, without ending."""
    tree = work / "iso"
    mark = f"/live/{name}-{seconds}"
    for place, source in files.items():
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, tree / place)
    (tree / mark[1:]).write_text("GRUB finds this medium by this file.\n", encoding="utf-8")
    (tree / "boot/grub").mkdir(parents=True)
    shutil.copy(HERE / "grub.cfg", tree / "boot/grub/grub.cfg")
    bios_image(unpacked, tree / "boot/grub/bios.img")
    for path in (tree, *tree.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (seconds, seconds))
    file = target / f"{name}.iso"
    run(
        *["xorriso", "-as", "mkisofs", "-quiet", "-o", file, "-V", VOLUME, "-r", "-J"],
        *["-b", "boot/grub/bios.img", "-no-emul-boot", "-boot-load-size", 4, "-boot-info-table", "--grub2-boot-info"],
        *["--grub2-mbr", unpacked / "usr/lib/grub/i386-pc/boot_hybrid.img"],
        *["-append_partition", 2, "0xef", efi_image(unpacked, mark, work, seconds), "-appended_part_as_gpt"],
        *["-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot"],
        tree,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(seconds), "TZ": "UTC"},
    )
    return file
