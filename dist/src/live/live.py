"""The live image: kernel, initial RAM disk and ISO, from Debian's packages and both programs. docs/live.md says what is in it and why."""

import os
import re
import shutil
import sys
from pathlib import Path

from ..packages import deb
from ..packages.program import ROOT, TARGET, BuildFailed, native_needs, run, set_dates, version
from . import debian, firmware, iso, modules, tools
from .cpio import pack

HERE = Path(__file__).resolve().parent
DOWNLOADS = TARGET / "live-packages"
TOOLS = {
    "depmod": "kmod",
    "grub-mkimage": "grub-common",
    "mformat": "mtools",
    "mksquashfs": "squashfs-tools",
    "xorriso": "xorriso",
}
BOOT = ("grub-pc-bin", "grub-efi-amd64-signed", "shim-signed")
LOADER = "ld-linux-x86-64.so.2"
LIBCRYPTO = "libcrypto.so.3"
# Libraries of glibc that natives in the jars may ask for beside those of the runtime
OF_JARS = ("libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1")
SCRIPTS = "usr/lib/imgblstr-live"
MOST_BYTES = 120_000_000


def check_tools() -> None:
    lacking = sorted(package for tool, package in TOOLS.items() if shutil.which(tool) is None)
    if lacking:
        raise BuildFailed(f"the live image needs tools that are not installed: apt-get install {' '.join(lacking)}")


def libraries(program: Path) -> dict:
    """Each library that the programs need, with its package."""
    needed, _ = native_needs(program / "runtime")
    of_glibc = {*OF_JARS, LOADER, *(name for name in needed if name in deb.OF_GLIBC)}
    others = {name: deb.PACKAGE_OF[name] for name in needed if name not in deb.OF_GLIBC}
    return {**dict.fromkeys(sorted(of_glibc), "libc6"), **others, LIBCRYPTO: debian.ssl_name()}


def check_libcrypto(root: Path) -> None:
    """Join codes need it, and the programs load it only when one is used: what it needs must be there too."""
    folder = root / "usr/lib/x86_64-linux-gnu"
    dynamic = run("readelf", "-d", folder / LIBCRYPTO)
    lacking = [name for name in re.findall(r"NEEDED.*\[(.*)\]", dynamic) if not (folder / name).exists()]
    if lacking:
        raise BuildFailed(f"{LIBCRYPTO} needs {', '.join(lacking)}: add them and their packages to libraries() in {__file__}")


def copy_libraries(names, unpacked: Path, root: Path) -> None:
    for name in names:
        found = sorted((unpacked / "usr/lib").rglob(name))
        if not found:
            raise BuildFailed(f"no package of the live image holds {name}")
        place = root / "usr/lib/x86_64-linux-gnu" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(found[0], place)  # follows the link to the file with the full version
        place.chmod(0o755)
    (root / "usr/lib64").mkdir()
    (root / "usr/lib64" / LOADER).symlink_to(f"../lib/x86_64-linux-gnu/{LOADER}")


def fill_usr(program: Path, packages, unpacked: Path, root: Path) -> list:
    """What the live system has in /usr. Returns the modules that are needed to mount it."""
    shutil.copytree(program, root / "usr/lib/imgblstr", symlinks=True)
    (root / "usr/bin").mkdir()
    for name in ("imgblstr", "imgslave"):
        (root / "usr/bin" / name).symlink_to(f"../lib/imgblstr/{name}")
    copy_libraries({**libraries(program), **tools.LIBRARIES}, unpacked, root)
    check_libcrypto(root)
    tools.install(unpacked, root)
    shutil.copytree(unpacked / "usr/lib/locale/C.utf8", root / "usr/lib/locale/C.utf8")
    (root / SCRIPTS).mkdir()
    for script in (HERE / "root").iterdir():
        if script.name not in ("init", "inittab"):
            shutil.copy(script, root / SCRIPTS / script.name)
            (root / SCRIPTS / script.name).chmod(0o644 if script.suffix == ".sh" else 0o755)
    limits = root / "usr/lib/sysctl.d"
    limits.mkdir()
    shutil.copy(ROOT / "dist/src/packages/debian/50-imgblstr.conf", limits)
    documents = root / "usr/share/doc"
    for name, text in debian.copyright_files(packages, unpacked, DOWNLOADS).items():
        (documents / name).mkdir(parents=True)
        shutil.copy(text, documents / name / "copyright")
    (documents / "imgblstr").mkdir()
    (documents / "imgblstr/copyright").write_text(deb.copyright_text(program), encoding="utf-8")
    shutil.copy(TARGET / "dependencies.txt", documents / "imgblstr/libraries.txt")
    first = modules.install(unpacked, root)
    firmware.install(firmware.named(root), unpacked, root)
    return first


def contents(program: Path, packages, root: Path) -> str:
    """The list of what is in the image."""
    files = sorted((root / "usr/lib/modules").rglob("*.ko"))
    lines = [
        f"imgblstr {version()}, Apache-2.0",
        f"{deb.runtime_name(program)}, GPL-2.0-only with the classpath exception",
        f"{len(files)} modules of the kernel: wired network cards, disk controllers, keyboards",
        firmware.told(root),
        "",
        "package\tversion\tlicence\tsource\tSHA-256",
        *(package.line() for package in packages),
        "",
        "libraries of the programs:",
        (TARGET / "dependencies.txt").read_text(encoding="utf-8"),
    ]
    return "\n".join(lines)


def squash(folder: Path, file: Path, seconds: int) -> None:
    fixed = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}  # mksquashfs takes the date from one place only
    run(
        *["mksquashfs", folder, file, "-noappend", "-quiet", "-no-progress", "-all-root", "-no-xattrs", "-no-exports"],
        *["-mkfs-time", seconds, "-all-time", seconds, "-comp", "zstd", "-Xcompression-level", 19, "-b", "256K"],
        env=fixed,
    )


def initrd(unpacked: Path, usr: Path, first, work: Path, seconds: int, file: Path) -> None:
    """What the kernel unpacks to memory: busybox, the first process, the modules that reach /usr, and /usr itself as a packed file system."""
    root = work / "initrd"
    for name in ("bin", "etc", "first", "proc", "run", "sys", "tmp", "usr", "root"):
        (root / name).mkdir(parents=True)
    for name in ("lib", "lib64"):
        (root / name).symlink_to(f"usr/{name}")
    (root / "sbin").symlink_to("bin")
    shutil.copy(unpacked / "usr/bin/busybox", root / "bin/busybox")
    (root / "bin/sh").symlink_to("busybox")
    shutil.copy(HERE / "root/init", root / "init")
    (root / "init").chmod(0o755)
    shutil.copy(HERE / "root/inittab", root / "etc/inittab")
    (root / "etc/passwd").write_text("root:*:0:0:root:/root:/bin/sh\n", encoding="ascii")  # for ssh-keygen and dropbear; no password
    for module in first:
        shutil.copy(module, root / "first" / module.name)
        (root / "first" / module.name).chmod(0o644)
    (root / "first/order").write_text("".join(f"{module.name}\n" for module in first), encoding="utf-8")
    squash(usr, root / "usr.squashfs", seconds)
    pack(root, file, seconds)


def make(program: Path, seconds: int, work: Path, target: Path) -> list:
    """Kernel, initial RAM disk, ISO and list of contents from the folder of program.make."""
    check_tools()
    of_cards = debian.known(firmware.PACKAGES)
    names = [debian.kernel_name(), "busybox-static", "libc-bin", *sorted({*libraries(program).values(), *tools.packages()}), *BOOT, *of_cards]
    packages = debian.fetch(names, DOWNLOADS)
    unpacked, root = work / "unpacked", work / "root"
    debian.unpack(packages, unpacked)
    first = fill_usr(program, packages, unpacked, root)
    if len(of_cards) < len(firmware.PACKAGES):
        print(firmware.advice(of_cards, root), file=sys.stderr)
    listed = target / f"imgblstr-live-{version()}.txt"
    listed.write_text(contents(program, packages, root), encoding="utf-8")
    shutil.copy(listed, root / "usr/share/doc/imgblstr/contents.txt")
    deb.set_rights(root)
    set_dates(root, seconds)
    kernel = target / "vmlinuz"
    shutil.copy(unpacked / "boot" / f"vmlinuz-{modules.version(unpacked)}", kernel)
    initrd(unpacked, root / "usr", first, work, seconds, target / "initrd.img")
    files = {"live/vmlinuz": kernel, "live/initrd.img": target / "initrd.img", "contents.txt": listed}
    medium = iso.make(unpacked, files, f"imgblstr-live-{version()}", seconds, work, target)
    if medium.stat().st_size > MOST_BYTES:
        raise BuildFailed(f"{medium.name} has {medium.stat().st_size} bytes, more than {MOST_BYTES}")
    return [kernel, target / "initrd.img", medium, listed]
