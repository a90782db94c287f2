"""Small volumes in files: made by the file systems' own programs, and what of them is needed by the word of others than us.

`needed` tells the free ranges of a volume from dumpe2fs, from the FAT itself and from $Bitmap by ntfscat. `faults` has the
checkers look at a copy, and compares every file in it.
"""

import hashlib
import random
import re
import struct
import subprocess
from contextlib import contextmanager
from pathlib import Path

from lab.disks import unmount
from lab.machine import MIB, attempt, run
from lab.samples import failed, sums

TOOLS = ("sfdisk", "sgdisk", "mkfs.ext4", "dumpe2fs", "debugfs", "e2fsck", "mkfs.fat", "fsck.fat", "mcopy", "mkntfs", "ntfscp")
TOOLS += ("ntfscat", "ntfsfix", "mkswap", "swaplabel", "mkfs.xfs", "xfs_db", "xfs_repair", "mkfs.btrfs", "btrfs")
SWAP_HEADER = 4096
_BLOCK = 64 * 1024
_BTRFS_NODE = 4096  # with data and metadata in one kind of chunk


class Made:
    """A volume in a file. `free` are the byte ranges that nobody needs, `zero_too` those that may be zeros on a copy."""

    def __init__(self, kind: str, file: Path, files: dict):
        self.kind, self.file, self.files = kind, file, files
        self.free, self.zero_too = _free(kind, file)

    @property
    def length(self) -> int:
        return self.file.stat().st_size


def make(plan, volume, sector: int, folder: Path) -> Made:
    """Makes one volume of a plan in a file of the folder."""
    drawn = random.Random(f"volume {plan.seed} {volume.number}")
    file = folder / f"volume{volume.number}"
    length = volume.mib * MIB
    with open(file, "wb") as made:
        if volume.stale or volume.kind in ("raw", "mixed"):
            made.write(_mixed(drawn, length) if volume.kind == "mixed" else drawn.randbytes(length))
        made.truncate(length)
    inside = folder / f"files{volume.number}"
    inside.mkdir()
    if volume.kind in ("ext4", "fat", "ntfs", "xfs", "btrfs"):
        _write_files(drawn, inside, length // 3)
    _MAKERS.get(volume.kind, lambda *_: None)(drawn, file, inside, sector, volume)
    files = {name: digest for name, digest in sums(inside).items()}
    return Made(volume.kind, file, files)


def faults(made: Made, copy: Path, folder: Path) -> str:
    """What is wrong with a copy of a volume: its checker, and every file as it was; empty when nothing is."""
    check = {
        "ext4": ["e2fsck", "-fn"],
        "fat": ["fsck.fat", "-n"],
        "ntfs": ["ntfsfix", "-n"],
        "xfs": ["xfs_repair", "-n"],
        "btrfs": ["btrfs", "check"],
        "swap": ["swaplabel"],
    }.get(made.kind)
    fault = failed(*check, copy) if check else ""
    if fault or not made.files:
        return fault
    found = _READERS[made.kind](made, copy, folder)
    wrong = sorted(name for name in made.files if found.get(name) != made.files[name])
    return f"{len(wrong)} of {len(made.files)} files of {made.kind} differ: {wrong[:3]}" if wrong else ""


# --------------------------------------------------------------------------------------------------------------- making


def _mixed(drawn: random.Random, length: int) -> bytes:
    """Stretches of noise, text and zeros."""
    text = b"".join(b"line %d of a text that every codec makes smaller\n" % drawn.randrange(100) for _ in range(1500))
    parts, left = [], length
    while left > 0:
        size = min(left, _BLOCK * drawn.randint(1, 24))
        kind = drawn.choice("ntz")
        parts.append({"n": lambda: drawn.randbytes(size), "t": lambda: _repeated(text, size), "z": lambda: bytes(size)}[kind]())
        left -= size
    return b"".join(parts)


def _repeated(text: bytes, size: int) -> bytes:
    return (text * (size // len(text) + 1))[:size]


def _write_files(drawn: random.Random, folder: Path, most: int) -> None:
    left = most
    for number in range(drawn.randint(2, 9)):
        size = min(left, drawn.choice((0, 100, 5_000, 70_000, 400_000, 1_500_000, 4_000_000)))
        (folder / f"file{number}.bin").write_bytes(_mixed(drawn, size))
        left -= size


def _make_ext4(drawn, file, inside, sector, volume) -> None:
    lazy = volume.flavour & 1
    block = 4096 if sector == 4096 or volume.flavour & 2 else 1024
    features = ["-O", "^has_journal"] if volume.flavour & 4 else []
    extended = f"nodiscard,lazy_itable_init={lazy},lazy_journal_init={lazy}"
    run("mkfs.ext4", "-q", "-F", "-b", block, *features, "-E", extended, "-d", inside, file)


def _make_fat(drawn, file, inside, sector, volume) -> None:
    run("mkfs.fat", "-n", "SOAK", *(["-s", 1] if volume.flavour & 1 else []), file)
    run("mcopy", "-i", file, *sorted(inside.iterdir()), "::/")


def _make_ntfs(drawn, file, inside, sector, volume) -> None:
    run("mkntfs", "-q", "-Q", "-F", "-s", sector, "-H", 255, "-S", 63, "-p", 0, file)
    for path in sorted(inside.iterdir()):
        run("ntfscp", "-q", file, path, path.name)


def _make_swap(drawn, file, inside, sector, volume) -> None:
    run("mkswap", "-q", "-L", "soak", file)


def _make_xfs(drawn, file, inside, sector, volume) -> None:
    words = ["-q", "-f", "-K", "-s", f"size={sector}", file]
    if attempt("mkfs.xfs", *words).returncode != 0:
        run("mkfs.xfs", "--unsupported", *words)  # newer ones make nothing below 300 MiB without that word
    with _mounted(file, "-t", "xfs", "-o", "nouuid") as place:
        run("cp", "-r", f"{inside}/.", place)


def _make_btrfs(drawn, file, inside, sector, volume) -> None:
    run("mkfs.btrfs", "-q", "-f", "-K", "--mixed", "--rootdir", inside, file)


@contextmanager
def _mounted(file: Path, *options):
    """A volume in a file, mounted on a folder beside it."""
    place = file.with_name(f"{file.name}-mounted")
    place.mkdir()
    run("mount", *options, file, place)
    try:
        yield place
    finally:
        unmount(place)
        place.rmdir()


_MAKERS = {"ext4": _make_ext4, "fat": _make_fat, "ntfs": _make_ntfs, "swap": _make_swap, "xfs": _make_xfs, "btrfs": _make_btrfs}

# -------------------------------------------------------------------------------------------------- what nobody needs


def _free(kind: str, file: Path) -> tuple:
    """Free byte ranges, and ranges that may be zeros on a copy."""
    if kind == "ext4":
        return _free_of_ext4(file)
    if kind == "fat":
        return _free_of_fat(file.read_bytes()), []
    if kind == "ntfs":
        return _free_of_ntfs(file), []
    if kind == "xfs":
        return _free_of_xfs(file), []
    if kind == "btrfs":
        return _free_of_btrfs(file), []
    if kind == "swap":
        return [(SWAP_HEADER, file.stat().st_size)], []
    return [], []


def _free_of_ext4(file: Path) -> tuple:
    told = run("dumpe2fs", file)
    block = int(re.search(r"^Block size:\s+(\d+)", told, re.MULTILINE).group(1))
    free, tables = [], []
    for line in told.splitlines():
        if line.startswith("  Free blocks: "):
            free += _block_ranges(line.split(":", 1)[1], block)
        table = re.match(r"\s+Inode table at (\d+)-(\d+)", line)
        if table:
            tables.append((int(table.group(1)) * block, (int(table.group(2)) + 1) * block))
    return free, tables


def _block_ranges(text: str, block: int) -> list:
    found = []
    for part in filter(None, (word.strip() for word in text.split(","))):
        first, _, last = part.partition("-")
        found.append((int(first) * block, (int(last or first) + 1) * block))
    return found


def _free_of_fat(volume: bytes) -> list:
    """By the first FAT: FAT12, FAT16 or FAT32."""
    sector, per_cluster, reserved, copies, root_entries = struct.unpack_from("<HBHBH", volume, 11)
    fat_sectors = struct.unpack_from("<H", volume, 22)[0] or struct.unpack_from("<I", volume, 36)[0]
    sectors = struct.unpack_from("<H", volume, 19)[0] or struct.unpack_from("<I", volume, 32)[0]
    first = reserved + copies * fat_sectors + (root_entries * 32 + sector - 1) // sector
    clusters = (sectors - first) // per_cluster
    table = volume[reserved * sector :]
    entry = _fat12 if clusters < 4085 else _fat16 if clusters < 65525 else _fat32
    size = per_cluster * sector
    start = first * sector
    return [
        (start + number * size, start + (number + 1) * size) for number in range(clusters) if entry(table, number + 2) == 0
    ]


def _fat12(table: bytes, number: int) -> int:
    both = struct.unpack_from("<H", table, number + number // 2)[0]
    return both >> 4 if number % 2 else both & 0xFFF


def _fat16(table: bytes, number: int) -> int:
    return struct.unpack_from("<H", table, number * 2)[0]


def _fat32(table: bytes, number: int) -> int:
    return struct.unpack_from("<I", table, number * 4)[0] & 0x0FFFFFFF


def _free_of_ntfs(file: Path) -> list:
    """By the bitmap, which is the file of number 6."""
    boot = file.read_bytes()[:512]
    sector, per_cluster = struct.unpack_from("<HB", boot, 11)
    size = sector * per_cluster
    clusters = struct.unpack_from("<Q", boot, 40)[0] * sector // size
    out = file.with_suffix(".bitmap")
    with open(out, "wb") as bitmap:
        done = _attempt_binary("ntfscat", "-f", "-i", "6", str(file), stdout=bitmap)
    if done.returncode != 0:
        raise ValueError(f"ntfscat: {done.stderr!r}")
    bits = out.read_bytes()
    out.unlink()
    return [(number * size, (number + 1) * size) for number in range(clusters) if not bits[number // 8] >> number % 8 & 1]


def _free_of_xfs(file: Path) -> list:
    """By the trees of free extents in each allocation group."""
    told = run("xfs_db", "-r", "-c", "sb 0", "-c", "print blocksize agblocks", "-c", "freesp -d", file)
    block, group = (int(re.search(rf"^{name} = (\d+)", told, re.MULTILINE).group(1)) for name in ("blocksize", "agblocks"))
    rows = re.findall(r"^ +(\d+) +(\d+) +(\d+) *$", told, re.MULTILINE)
    starts = [(int(number) * group + int(first), int(length)) for number, first, length in rows]
    return [(first * block, (first + length) * block) for first, length in starts]


def _free_of_btrfs(file: Path) -> list:
    """All behind the first MiB that no extent and no copy of the superblock has, by the trees of chunks and extents."""
    chunks = []
    for chunk in re.split(r"\titem \d+ ", run("btrfs", "inspect-internal", "dump-tree", "-t", "chunk", file)):
        key = re.match(r"key \(FIRST_CHUNK_TREE CHUNK_ITEM (\d+)\)", chunk)
        if key:
            length = int(re.search(r"length (\d+)", chunk).group(1))
            chunks.append((int(key.group(1)), length, [int(at) for at in re.findall(r"stripe \d+ devid 1 offset (\d+)", chunk)]))
    told = run("btrfs", "inspect-internal", "dump-tree", "-t", "extent", file)
    extents = [(int(at), int(length)) for at, length in re.findall(r"key \((\d+) EXTENT_ITEM (\d+)\)", told)]
    extents += [(int(at), _BTRFS_NODE) for at in re.findall(r"key \((\d+) METADATA_ITEM \d+\)", told)]
    used = [(0, MIB), (64 * MIB, 64 * MIB + 4096)]
    for at, length in extents:
        used += [(at - start + place, at - start + place + length) for start, size, places in chunks if start <= at < start + size for place in places]
    free, end = [], 0
    for first, last in sorted(used):
        free += [(end, first)] if first > end else []
        end = max(end, last)
    length = file.stat().st_size
    return [(first, min(last, length)) for first, last in [*free, (end, length)] if first < min(last, length)]


def _attempt_binary(*command, stdout):
    """Runs a command whose output is bytes for a file."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, check=False)


# -------------------------------------------------------------------------------------------------------------- reading


def _read_ext4(made: Made, copy: Path, folder: Path) -> dict:
    into = folder / "rdump"
    into.mkdir()
    run("debugfs", "-R", f"rdump / {into}", copy)
    return sums(into)


def _read_fat(made: Made, copy: Path, folder: Path) -> dict:
    into = folder / "mcopied"
    into.mkdir()
    attempt("mcopy", "-n", "-s", "-i", copy, "::/", f"{into}/")
    return sums(into)


def _read_ntfs(made: Made, copy: Path, folder: Path) -> dict:
    found = {}
    for name in made.files:
        out = folder / "ntfs-file"
        with open(out, "wb") as file:
            _attempt_binary("ntfscat", "-f", str(copy), name, stdout=file)
        found[name] = hashlib.sha256(out.read_bytes()).hexdigest()
    return found


def _read_mounted(made: Made, copy: Path, folder: Path) -> dict:
    options = ["-t", made.kind, "-o", "ro,norecovery,nouuid" if made.kind == "xfs" else "ro"]
    with _mounted(copy, *options) as place:
        return sums(place)


_READERS = {"ext4": _read_ext4, "fat": _read_fat, "ntfs": _read_ntfs, "xfs": _read_mounted, "btrfs": _read_mounted}
