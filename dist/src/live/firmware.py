"""Firmware: files that the drivers of some network cards and disk controllers load into them. Debian has most of them in its component non-free-firmware,
which is taken when apt of this machine knows it; only the files that the modules of the image name get into it."""

import re
import shutil
from pathlib import Path

# What is left out: firmware-netronome, whose files have 144 MB; all for wireless, sound, graphics and video
PACKAGES = (
    *("firmware-bnx2", "firmware-bnx2x", "firmware-cavium", "firmware-linux-free", "firmware-misc-nonfree", "firmware-myricom", "firmware-netxen"),
    *("firmware-qlogic", "firmware-realtek"),
)
FOLDER = "usr/lib/firmware"
_NAMED = re.compile(rb"(?<![!-~])firmware=([!-~]+)\0")


def named(root: Path) -> dict:
    """The files that each module of a root names, by the name of the module; modules that name none are left out."""
    table = {}
    for file in sorted((root / "usr/lib/modules").rglob("*.ko"), key=lambda file: file.stem):
        names = {name.decode("ascii") for name in _NAMED.findall(file.read_bytes())}
        names = {name for name in names if not name.startswith("/") and ".." not in name.split("/")}
        if names:
            table[file.stem] = sorted(names)
    return table


def install(wanted: dict, unpacked: Path, root: Path) -> None:
    """Copies the wanted files that are in the unpacked packages; links become files."""
    for name in sorted({name for names in wanted.values() for name in names}):
        source = unpacked / FOLDER / name
        if source.is_file():
            place = root / FOLDER / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, place)
            place.chmod(0o644)


def lacking(root: Path) -> list:
    """Modules that name firmware of which a root has no file."""
    return [module for module, names in named(root).items() if not any((root / FOLDER / name).exists() for name in names)]


def told(root: Path) -> str:
    """For the list of contents."""
    count = sum(file.is_file() for file in (root / FOLDER).rglob("*"))
    return f"{count} files of firmware; drivers without any of theirs: {', '.join(lacking(root)) or 'none'}"


def advice(packages, root: Path) -> str:
    """One line for who builds without some of the packages."""
    absent = ", ".join(name for name in PACKAGES if name not in packages)
    return (
        f"dist/build: apt does not know {absent}: cards with the drivers {', '.join(lacking(root))} may not work. "
        "With the component non-free-firmware in the sources of apt, and apt-get update, their firmware is in the image"
    )
