"""Sample disks with real file systems, filled with files of this machine, and the question whether such a disk is
whole.
"""

import functools
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from lab import disks as disk_tools
from lab.disks import Disks, partition_range, unmount, write_table
from lab.machine import MIB, attempt, run

TOOLS = (
    "sfdisk",
    "mkfs.fat",
    "fsck.fat",
    "mkfs.ext4",
    "e2fsck",
    "mkntfs",
    "ntfs-3g",
    "ntfsfix",
    "mkfs.xfs",
    "xfs_repair",
    "mkswap",
    "swaplabel",
    "mcopy",
    "tar",
    "blkid",
    "partx",
)

_EFI_MIB, _SWAP_MIB = 40, 16
_LEAST_XFS_MIB = 304  # mkfs.xfs makes nothing smaller than 300 MiB
_WINDOWS = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"


def random_file(path, mib: int) -> Path:
    """A file of bytes that no codec makes smaller."""
    with open(path, "wb") as file:
        for _ in range(mib):
            file.write(os.urandom(MIB))
    return Path(path)


@functools.lru_cache(maxsize=1)
def _machine_files() -> list:
    """Size and path of the files of this machine up to 3 MiB, in the order of their paths."""
    listing = attempt(
        "find", "/usr/lib", "/usr/share", "-xdev", "-type", "f", "-size", "-3M", "-printf", "%s %p\\n"
    ).stdout
    found = [line.split(" ") for line in listing.split("\n")]
    return sorted(
        ((int(parts[0]), parts[1]) for parts in found if len(parts) == 2 and not set(':*?"<>|\\') & set(parts[1])),
        key=lambda file: os.fsencode(file[1]),
    )


def file_list(mib: int, count: int = 1_000_000) -> list:
    """Files of this machine up to so many MiB in all."""
    left, chosen = mib * MIB, []
    for size, path in _machine_files():
        if len(chosen) < count and size + 4096 <= left:
            left -= size + 4096
            chosen.append(path)
    return chosen


class SampleDisk:
    """A GPT disk with EFI FAT, ext4, NTFS, XFS, swap and, if asked for, Btrfs, filled to about 40 %, with stale data in
    free space.
    """

    def __init__(self, scratch, file, sector_bytes: int, mib: int, btrfs_mib: int = 0):
        self.file, self.sector_bytes, self.mib = Path(file), sector_bytes, mib
        self.partitions = 6 if btrfs_mib else 5
        self._scratch, self._disks, self._sums = scratch, Disks(scratch), {}
        try:
            self._make(btrfs_mib)
        finally:
            self._disks.remove()

    def faults(self, file, number: int, files_only: bool = False) -> str:
        """What is wrong with a partition of a copy: its fsck, and every file as it was; empty when nothing is."""
        disks = Disks(self._scratch)
        offset, length = partition_range(file, self.sector_bytes, number)
        device = disks.attach(file, self.sector_bytes, offset, length, "-r")
        try:
            return self._faults(Path(file), device, number, offset, files_only)
        finally:
            disks.remove()

    def _faults(self, file: Path, device: str, number: int, offset: int, files_only: bool) -> str:
        kind = run("blkid", "-p", "-o", "value", "-s", "TYPE", device).strip()
        if kind == "vfat":
            return failed("fsck.fat", "-n", device) or self._lost(number, self._read_fat(file, offset))
        checks = {
            "ext4": (["e2fsck", "-fn"], ["-t", "ext4", "-o", "ro,noload"]),
            "ntfs": ([] if files_only else ["ntfsfix", "-n"], ["-t", "ntfs-3g", "-o", "ro"]),
            "xfs": (["xfs_repair", "-n"], ["-t", "xfs", "-o", "ro,norecovery,nouuid"]),
            "btrfs": (["btrfs", "check", "--check-data-csum"], ["-t", "btrfs", "-o", "ro"]),
            "swap": (["swaplabel"], []),
        }
        if kind not in checks:
            return f"partition {number}: no file system is recognised: '{kind}'"
        check, mount = checks[kind]
        fault = failed(*check, device) if check else ""
        return fault or (self._lost(number, self._read_mounted(device, mount)) if mount else "")

    def _lost(self, number: int, found: dict) -> str:
        expected = self._sums[number]
        if not expected:
            return f"partition {number}: the sample has no files"
        wrong = sorted(name for name in expected if found.get(name) != expected[name])
        return f"partition {number}: {len(wrong)} of {len(expected)} files differ: {wrong[:5]}" if wrong else ""

    def _read_mounted(self, device: str, options: list) -> dict:
        place = tempfile.mkdtemp(prefix="mnt-", dir=self._scratch.folder)
        run("mount", *options, device, place)
        try:
            return sums(place)
        finally:
            unmount(place)
            os.rmdir(place)

    def _make(self, btrfs_mib: int) -> None:
        xfs = max(self.mib // 4, _LEAST_XFS_MIB)
        rest = self.mib - 2 - _EFI_MIB - _SWAP_MIB - xfs - btrfs_mib
        ext4 = rest // 2
        ntfs = rest - ext4
        disk_tools.blank(self.file, self.mib * MIB)
        device = self._disks.attach(self.file, self.sector_bytes)
        write_table(
            device,
            f'start=1MiB, size={_EFI_MIB}MiB, type=U, name="EFI"',
            f'size={ext4}MiB, type=L, name="root"',
            f'size={ntfs}MiB, type={_WINDOWS}, name="windows"',
            f'size={xfs}MiB, type=L, name="data"',
            f'size={_SWAP_MIB}MiB, type=S, name="swap"',
            *([f'size={btrfs_mib}MiB, type=L, name="home"'] if btrfs_mib else []),
        )
        self._disks.detach(device)
        self._fill_fat()
        self._fill(2, ["mkfs.ext4", "-q", "-F", "-E", "nodiscard"], ["-t", "ext4"], ext4 * 55 // 100)
        self._fill(3, ["mkntfs", "-q", "-Q", "-F"], ["-t", "ntfs-3g"], ntfs * 50 // 100, links=False)
        self._fill(4, ["mkfs.xfs", "-q", "-f", "-K"], ["-t", "xfs"], xfs * 15 // 100)
        self._disks.detach(self._formatted(5, ["mkswap", "-q"]))
        if btrfs_mib:
            self._fill(6, ["mkfs.btrfs", "-q", "-f", "-K"], ["-t", "btrfs"], btrfs_mib * 25 // 100)
        run("sync", self.file)

    def _formatted(self, number: int, mkfs: list) -> str:
        """A loop device of one partition, with stale bytes in it and a fresh file system on top."""
        offset, length = partition_range(self.file, self.sector_bytes, number)
        device = self._disks.attach(self.file, self.sector_bytes, offset, length)
        disk_tools.overwrite(device, os.urandom(length // 10), length // 2)
        run(*mkfs, device)
        return device

    def _fill(self, number: int, mkfs: list, mount: list, mib: int, links: bool = True) -> None:
        device = self._formatted(number, mkfs)
        place = Path(tempfile.mkdtemp(prefix="mnt-", dir=self._scratch.folder))
        run("mount", *mount, device, place)
        try:
            _delete_again(place, mib * MIB // 10)
            _copy_files(place / "files", mib * 9 // 10)
            (place / "empty").touch()
            with open(place / "sparse", "wb") as sparse:
                sparse.seek(MIB)
                sparse.write(b"tail")
            if links:
                (place / "symbolic").symlink_to("empty")
                os.link(place / "sparse", place / "hard")
            self._sums[number] = sums(place)
        finally:
            unmount(place)
            place.rmdir()
        self._disks.detach(device)

    def _fill_fat(self) -> None:
        """FAT is written and read with mtools, because not every kernel has vfat; they want a file, not a device."""
        self._disks.detach(self._formatted(1, ["mkfs.fat", "-I", "-n", "EFI"]))
        offset, _ = partition_range(self.file, self.sector_bytes, 1)
        run("mmd", "-i", f"{self.file}@@{offset}", "::/EFI")
        run("mcopy", "-o", "-i", f"{self.file}@@{offset}", *file_list(_EFI_MIB // 4, 40), "::/EFI/")
        self._sums[1] = self._read_fat(self.file, offset)

    def _read_fat(self, file: Path, offset: int) -> dict:
        with tempfile.TemporaryDirectory(prefix="fat-", dir=self._scratch.folder) as into:
            run("mcopy", "-n", "-s", "-i", f"{file}@@{offset}", "::/EFI", f"{into}/")
            return sums(into)


def failed(*command) -> str:
    """What a checking command said when it ended with another exit code than 0; empty when all is well."""
    done = attempt(*command)
    return (
        ""
        if done.returncode == 0
        else f"{command[0]} ends with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}"
    )


def sums(folder) -> dict:
    """SHA-256 of each regular file of a folder by its name."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if stat.S_ISREG(os.lstat(path).st_mode):
                found[os.path.relpath(path, folder)] = _sum(path)
    return found


def _sum(path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _delete_again(folder: Path, length: int) -> None:
    with open(folder / "deleted", "wb") as file:
        file.write(os.urandom(length))
        file.flush()
        os.fsync(file.fileno())
    run("sync", "-f", folder)
    (folder / "deleted").unlink()


def _copy_files(folder: Path, mib: int) -> None:
    folder.mkdir()
    names = "\n".join(file_list(mib)) + "\n"
    packed = folder.parent.with_name(f"{folder.parent.name}.tar")
    try:
        run("tar", "-C", "/", "-cf", packed, "--transform=s,^/,,", "-P", "-T", "-", input=names)
        run("tar", "-C", folder, "--no-same-owner", "--no-same-permissions", "-xf", packed)
    finally:
        packed.unlink(missing_ok=True)
