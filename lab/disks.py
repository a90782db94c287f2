"""Loop devices, partitions, junk, digests and comparisons."""

import hashlib
import os
import struct
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.machine import MIB, attempt, run, wait_for

_PIECE = 4 * MIB
_BLKIO = Path("/sys/fs/cgroup/blkio")
_MEMORY = Path("/sys/fs/cgroup/memory")


class NoLoopDevice(Exception):
    """This machine has no loop device of such sectors."""


class Disks:
    """The loop devices that one test or module has attached."""

    def __init__(self, scratch):
        self._scratch, self._attached, self._groups = scratch, [], []

    def attach(self, file, sector_bytes: int = 512, offset: int = 0, length: int = 0, *options) -> str:
        """Attaches a loop device, the first that is free, to a file or to a range of it, and gives its path."""
        words = ["-b", sector_bytes, "-o", offset, *(["--sizelimit", length] if length else []), *options]
        for pause in (0.1, 0.2, 0.4, 0.8, 1.6):
            done = attempt("losetup", "-f", "--show", *words, file)
            if done.returncode == 0:
                device = done.stdout.strip()
                self._attached.append(device)
                forget_partitions(device)
                return device
            time.sleep(pause)  # another program may have taken the free one between look and use
        raise NoLoopDevice(f"no loop device of {sector_bytes} byte sectors: {done.stderr.strip()}")

    def detach(self, device: str) -> None:
        forget_partitions(device)
        run("losetup", "-d", device)
        self._attached.remove(device)

    def throttle(self, device: str, bytes_a_second: int):
        """A control group whose processes read and write the device no faster, past the page cache; None without such a
        group.
        """
        if not (_BLKIO / "blkio.throttle.write_bps_device").exists():
            return None
        group = _BLKIO / self._scratch.folder.name
        group.mkdir()
        self._groups.append(group)
        number = Path(f"/sys/block/{Path(device).name}/dev").read_text(encoding="ascii").strip()
        for limit in ("read", "write"):
            (group / f"blkio.throttle.{limit}_bps_device").write_text(f"{number} {bytes_a_second}")
        return group

    def memory_group(self, mib: int):
        """A control group whose processes may have so much memory; None without such a group."""
        if not (_MEMORY / "memory.limit_in_bytes").exists():
            return None
        group = _MEMORY / f"{self._scratch.folder.name}-{mib}"
        group.mkdir()
        self._groups.append(group)
        (group / "memory.limit_in_bytes").write_text(str(mib << 20))
        return group

    def unthrottle(self, group: Path) -> None:
        """Removes a control group; its processes have ended."""
        if not wait_for(5, lambda: _removed(group)):
            raise OSError(f"{group} is still in use")
        self._groups.remove(group)

    def remove(self) -> None:
        """Removes what is still there, whatever state it is in."""
        for group in self._groups:
            wait_for(5, lambda g=group: _removed(g))
        for device in self._attached:
            forget_partitions(device)
            attempt("losetup", "-d", device)
        self._attached, self._groups = [], []


def _removed(group: Path) -> bool:
    try:
        group.rmdir()
        return True
    except FileNotFoundError:
        return True
    except OSError:
        return False


def forget_partitions(device: str) -> None:
    """A loop device keeps its partition devices when it is detached, and the next user stumbles over them."""
    name = Path(device).name
    for partition in Path("/dev").glob(f"{name}p*"):
        attempt("delpart", device, partition.name[len(name) + 1 :])


def is_device(path) -> bool:
    return Path(path).is_block_device()


def flush(path) -> None:
    """Writes out and forgets what is cached of a device."""
    if is_device(path):
        run("blockdev", "--flushbufs", path)


def length_of(path) -> int:
    return int(run("blockdev", "--getsize64", path)) if is_device(path) else os.stat(path).st_size


def sectors_read(device: str) -> int:
    """Sectors of 512 bytes that were read from a device so far."""
    return int(Path(f"/sys/block/{Path(device).name}/stat").read_text(encoding="ascii").split()[2])


def sectors_written(device: str) -> tuple:
    """Sectors of 512 bytes that were written to a device so far, and those that were discarded. A flush is a write of none."""
    counts = Path(f"/sys/block/{Path(device).name}/stat").read_text(encoding="ascii").split()
    return tuple(int(counts[at]) for at in (6, 13) if at < len(counts))


def blank(path, length: int) -> Path:
    """A file of this length that is one hole."""
    with open(path, "wb") as file:
        file.truncate(length)
    return Path(path)


def overwrite(path, data: bytes, offset: int) -> None:
    """Puts bytes into a file or device."""
    handle = os.open(path, os.O_WRONLY)
    try:
        written = 0
        while written < len(data):
            written += os.pwrite(handle, data[written:], offset + written)
        os.fsync(handle)
    finally:
        os.close(handle)


def dirty(paths, junk: bytes) -> None:
    """Writes junk over every byte of files and devices, so that nothing is right because it was right before."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda path: _dirty(path, junk), paths))


def _dirty(path, junk: bytes) -> None:
    flush(path)
    length = length_of(path)
    file = _backing_file(path)  # much faster than by the device, whose cache is forgotten before and after
    for at in range(0, length, len(junk)):
        piece = junk if length - at >= len(junk) else junk[: length - at]
        if file:
            _write_at(file, piece, at)
        else:
            overwrite(path, piece, at)
    run("sync", path)
    flush(path)


def _write_at(file, piece: bytes, at: int) -> None:
    with open(file, "r+b", buffering=0) as into:
        into.seek(at)
        left = memoryview(piece)
        while left:
            left = left[into.write(left) :]


def _backing_file(path):
    """The file behind a loop device that shows it from its first byte; the path itself when it is a file."""
    if not is_device(path):
        return path
    loop = Path(f"/sys/block/{Path(path).name}/loop")
    if not loop.is_dir() or (loop / "offset").read_text(encoding="ascii").strip() != "0":
        return None
    return loop.joinpath("backing_file").read_text(encoding="utf-8", errors="surrogateescape").rstrip("\n")


def digest(path, offset: int = 0, length: int = -1) -> str:
    """SHA-256 of a range, past the page cache of a device."""
    flush(path)
    found = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        file.seek(offset)
        left = length if length >= 0 else length_of(path) - offset
        while left > 0:
            piece = file.read(min(_PIECE, left))
            if not piece:
                raise ValueError(f"{path} ends {left} bytes too early")
            found.update(piece)
            left -= len(piece)
    return found.hexdigest()


def difference(path, source, offset: int = 0, length: int = 0, source_offset: int = None) -> str:
    """Where two ranges differ first, compared byte by byte past the page cache of devices; empty when they are equal.

    Without a length the two are compared from the offset to their ends, which must be at the same place.
    """
    flush(path)
    flush(source)
    limit = ["-n", length] if length else []
    done = attempt("cmp", *limit, "-i", f"{offset}:{offset if source_offset is None else source_offset}", path, source)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or "cmp failed"


def differences(paths: dict, source, offset: int = 0, length: int = 0) -> dict:
    """Those of several disks that differ from a source, two at a time, each with the place."""
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda path: difference(path, source, offset, length), paths.values())
        return {name: place for name, place in zip(paths, found) if place}


def sparse_difference(one, other) -> str:
    """Compares two files byte by byte, except what is a hole in both; empty when they are equal."""
    with open(one, "rb", buffering=0) as a, open(other, "rb", buffering=0) as b:
        size = os.fstat(a.fileno()).st_size
        if size != os.fstat(b.fileno()).st_size:
            return f"{one} has {size} bytes, {other} has {os.fstat(b.fileno()).st_size}"
        for holder in (a, b):
            for start, end in _data_ranges(holder.fileno(), size):
                for at in range(start, end, _PIECE):
                    length = min(_PIECE, end - at)
                    if os.pread(a.fileno(), length, at) != os.pread(b.fileno(), length, at):
                        return f"{one} and {other} differ in the {length} bytes at {at}"
    return ""


def _data_ranges(handle: int, size: int):
    """The ranges of a file for which its file system has something stored."""
    at = 0
    while at < size:
        try:
            start = os.lseek(handle, at, os.SEEK_DATA)
        except OSError:
            return
        at = os.lseek(handle, start, os.SEEK_HOLE)
        yield start, at


def stored_kib(path) -> int:
    """What a file takes on the disk that it lies on."""
    return os.stat(path).st_blocks // 2


def partition_range(disk, sector_bytes: int, number: int) -> tuple:
    """First byte and length of one partition of a GPT disk."""
    flush(disk)
    with open(disk, "rb") as file:
        file.seek(sector_bytes)
        header = file.read(92)
        if header[:8] != b"EFI PART":
            raise ValueError(f"{disk}: no GPT header at sector 1 of {sector_bytes} bytes")
        table, count, size = struct.unpack("<QII", header[72:88])
        if not 1 <= number <= count:
            raise ValueError(f"{disk}: no partition {number}")
        file.seek(table * sector_bytes + (number - 1) * size)
        first, last = struct.unpack("<QQ", file.read(size)[32:48])
    if first == 0:
        raise ValueError(f"{disk}: partition {number} is empty")
    return first * sector_bytes, (last - first + 1) * sector_bytes


def write_table(disk, *lines: str) -> None:
    """A GPT, as sfdisk reads it."""
    run("sfdisk", "-q", "--no-reread", "--no-tell-kernel", disk, input="\n".join(["label: gpt", *lines, ""]))
    run("sync", disk)
    flush(disk)


def unmount(place) -> None:
    """Unmounts, and waits for who still looks at the file system."""
    done = []

    def is_gone() -> bool:
        done[:] = [attempt("umount", place)]
        return done[0].returncode == 0

    if not wait_for(5, is_gone):
        raise OSError(f"{place} stays mounted: {done[0].stderr.strip()}")


def while_mounted(device, kind: str, folder, work):
    """What `work` gives for the place where a file system is mounted meanwhile: a new folder in `folder`."""
    place = Path(tempfile.mkdtemp(prefix="mnt-", dir=folder))
    run("mount", "-t", kind, device, place)
    try:
        return work(place)
    finally:
        unmount(place)
        place.rmdir()


def exported_digest(master: str, image) -> str:
    """SHA-256 of what an image holds, by `imgblstr export IMAGE -`."""
    with subprocess.Popen(
        [master, "export", str(image), "-"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as export:
        found = hashlib.sha256()
        while piece := export.stdout.read(_PIECE):
            found.update(piece)
        return found.hexdigest() if export.wait() == 0 else f"export ended with {export.returncode}"
