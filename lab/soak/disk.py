"""The disks of a session: the source put together from its volumes, the targets with what lay on them before."""

import hashlib
import random
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab import disks as disk_tools
from lab.disks import Disks, blank, overwrite
from lab.machine import MIB, run
from lab.soak import volumes as volume_tools

_TYPES = {
    "gpt": {"ext4": "L", "swap": "S", "fat": "U", "ntfs": "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"},
    "mbr": {"ext4": "83", "swap": "82", "fat": "c", "ntfs": "7"},
}
_OTHER = {"gpt": "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7", "mbr": "83"}
_SMALL = 512


@dataclass(frozen=True)
class Region:
    """What is imaged, and where it goes: bytes of the source at `start`, to `target` of a target with `room` bytes."""

    start: int
    length: int
    target: int
    room: int


class Source:
    """The disk that is imaged, in a file. `needed` are the byte ranges that a copy must have exactly, in order."""

    def __init__(self, plan, scratch):
        folder = scratch.folder
        self.plan, self.file = plan, folder / "source"
        self.made = {each.number: volume_tools.make(plan, each, plan.sector, folder) for each in plan.volumes}
        self.starts = _starts(plan)
        self.length = (_end(plan, self.starts) + plan.tail * MIB) if plan.table != "none" else _end(plan, self.starts)
        _compose(plan, self, scratch)
        self.free, self.zero_too = self._free()
        self.digest = hashlib.sha256(self.file.read_bytes()).hexdigest()

    def start_of(self, number: int) -> int:
        return self.starts[number]

    def _free(self) -> tuple:
        """What nobody needs of the whole disk, and what may be zeros on a copy."""
        free, zero_too = [], []
        for number, made in self.made.items():
            start = self.starts[number]
            free += [(start + first, start + end) for first, end in made.free]
            zero_too += [(start + first, start + end) for first, end in made.zero_too]
        if self.plan.table == "mbr" and not self.plan.gap_noise:
            free.append((_end(self.plan, self.starts), self.length))  # zeros behind the last partition of an MBR
        return _merged(free), _merged(zero_too)


def _starts(plan) -> dict:
    """The first byte of each partition, by its number."""
    at, found = 0, {}
    for each in plan.volumes:
        at += each.gap * MIB
        found[each.number] = at
        at += each.mib * MIB
    return found


def _end(plan, starts: dict) -> int:
    last = plan.volumes[-1]
    return starts[last.number] + last.mib * MIB


def _compose(plan, source: Source, scratch) -> None:
    blank(source.file, source.length)
    if plan.gap_noise and plan.table != "none":
        _fill_gaps(plan, source)
    if plan.table != "none":
        write_table(scratch, source.file, plan.table, plan.sector, _entries(plan, source.starts))
    for number, made in source.made.items():
        with open(made.file, "rb") as volume, open(source.file, "r+b") as disk:
            disk.seek(source.starts[number])
            shutil.copyfileobj(volume, disk, MIB)


def _fill_gaps(plan, source: Source) -> None:
    """Bytes of a boot loader, say: what lies before, between and behind partitions."""
    drawn, at = random.Random(f"gaps {plan.seed}"), 0
    for each in plan.volumes:
        overwrite(source.file, drawn.randbytes(source.starts[each.number] - at), at)
        at = source.starts[each.number] + each.mib * MIB
    overwrite(source.file, drawn.randbytes(source.length - at), at)
    overwrite(source.file, bytes(MIB // 2), 0)
    overwrite(source.file, bytes(MIB // 2), source.length - MIB // 2)


@dataclass(frozen=True)
class Entry:
    """A partition for a table."""

    number: int
    start: int
    length: int
    kind: str
    logical: bool = False


def _entries(plan, starts: dict) -> list:
    return [Entry(each.number, starts[each.number], each.mib * MIB, each.kind, each.logical) for each in plan.volumes]


def write_table(scratch, file: Path, table: str, sector: int, entries: list) -> None:
    """A table for sectors of this size."""
    lines = [f"label: {'dos' if table == 'mbr' else 'gpt'}", "unit: sectors"]
    logical = [each for each in entries if each.logical]
    if logical:
        first, end = logical[0].start - MIB // 2, logical[-1].start + logical[-1].length
        lines.append(f"4 : start={first // sector}, size={(end - first) // sector}, type=5")
    for each in sorted(entries, key=lambda entry: entry.number):
        kind = _TYPES[table].get(each.kind, _OTHER[table])
        lines.append(f"{each.number} : start={each.start // sector}, size={each.length // sector}, type={kind}")
    with as_disk(scratch, file, sector) as disk:
        run("sfdisk", "-q", "--no-reread", "--no-tell-kernel", disk, input="\n".join([*lines, ""]))


@contextmanager
def as_disk(scratch, file: Path, sector: int):
    """What a tool reads as a disk of such sectors: the file itself, or a loop device for sectors of 4096 bytes."""
    if sector == _SMALL:
        yield file
        return
    disks = Disks(scratch)
    try:
        device = disks.attach(file, sector)
        yield device
        disk_tools.flush(device)
    finally:
        disks.remove()


def dump_table(scratch, file: Path, sector: int) -> list:
    """What sfdisk says of a table, whatever the disk is called."""
    with as_disk(scratch, file, sector) as disk:
        told = run("sfdisk", "-d", disk).splitlines()
    return [re.sub(f"^{re.escape(str(disk))}p?([0-9]+ :)", r"\1", line) for line in told if not line.startswith("device:")]


# -------------------------------------------------------------------------------------------------------------- targets


class TargetDisk:
    """One target in a file, and beside it a copy of what was on it before. `regions` say what goes where; `tables` which bytes a GPT that
    fits a shorter target has to itself.
    """

    def __init__(self, name, plan, source: Source, scratch):
        folder = scratch.folder
        self.name, self.plan, self.target = name, plan, plan.targets[name]
        self.file, self.before = folder / f"target-{name}", folder / f"before-{name}"
        drawn = random.Random(f"target {plan.seed} {name}")
        self.regions, entries, length = _placed(plan, source, self.target, drawn)
        self.tables = _fitted(plan, length) if length < source.length and plan.table == "gpt" else []
        blank(self.before, length)
        if self.target.before in ("noise", "stale"):
            _write_noise(self.before, scratch.junk(), length)
        if self.target.before == "stale":
            self._age(source, drawn)
        if entries:
            with open(self.before, "r+b") as disk:  # no old signature behind the new table
                disk.write(bytes(MIB // 2))
            write_table(scratch, self.before, self.target.table, plan.sector, entries)
        shutil.copy(self.before, self.file)

    def _age(self, source: Source, drawn: random.Random) -> None:
        """The source, with noise here and there: an older version of it."""
        with open(source.file, "rb") as origin, open(self.before, "r+b") as disk:
            for each in self.regions:
                origin.seek(each.start)
                content = bytearray(origin.read(each.length))
                for _ in range(max(1, each.length // (2 * MIB))):
                    at = drawn.randrange(each.length)
                    content[at : at + 600] = drawn.randbytes(min(600, each.length - at))
                disk.seek(each.target)
                disk.write(content)


def _fitted(plan, length: int) -> list:
    """The protective MBR with the header, and the backup with its entries, which end where the disk ends."""
    sector, entries = plan.sector, 16384
    return [(0, 2 * sector), (length - entries - sector, length)]


def _write_noise(file: Path, noise: bytes, length: int) -> None:
    with open(file, "r+b", buffering=0) as disk:
        for at in range(0, length, len(noise)):
            disk.write(noise[: length - at])


def _placed(plan, source: Source, target, drawn: random.Random) -> tuple:
    """Regions, entries of the table that is on the target before, and its length."""
    if plan.is_whole:
        length = source.length + target.extra * MIB
        return [Region(0, min(source.length, length), 0, length)], [], length
    if target.table == "none":
        only = plan.chosen[0]
        length = (only.mib + target.extra) * MIB
        return [Region(source.start_of(only.number), only.mib * MIB, 0, length)], [], length
    at, regions, entries = 0, [], []
    for each in plan.chosen:
        at += drawn.randint(1, 3) * MIB
        room = (each.mib + drawn.choice((0, 0, 1, 2))) * MIB
        logical = target.table == "mbr" and each.number > 4
        regions.append(Region(source.start_of(each.number), each.mib * MIB, at, room))
        entries.append(Entry(each.number, at, room, each.kind, logical))
        at += room
    return regions, entries, at + (1 + target.extra) * MIB


def _merged(ranges: list) -> list:
    """Ranges in order, those that touch as one."""
    found = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
