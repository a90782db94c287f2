"""What is judged of one recorded program: at any point of its log, what may be left must be old or new, and whole once it was said."""

import io
import random
import re
import struct
import zlib
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

from lab.power import journal
from lab.power.disk import Machine, Snapshot
from lab.power.journal import Kind
from lab.soak import compare

PARTIAL = re.compile(r"(?s).*\.partial-[0-9a-f]{16}")
_TURNS = (Kind.SYNC, Kind.SAID, Kind.CREATE, Kind.LINK, Kind.RENAME, Kind.UNLINK)
_NEAR = 3  # records
_MOST_HALVES = 6


@dataclass(frozen=True)
class Moment:
    """The first record after which something must be whole, and why."""

    index: int
    why: str


class Files:
    """A folder in which files appear as a whole, replace older ones as a whole, or do not. `promised`: a moment for each name."""

    def __init__(self, folder: Path, before: Snapshot, promised: dict):
        after = Snapshot.of(folder).contents
        self._before = {name: content for name, content in before.contents.items() if name.startswith(f"{folder}/")}
        self._after = {name: after.get(name) for name in promised}
        self._folder, self._promised, self.halves = f"{folder}/", promised, []

    def has(self, path: Path) -> bool:
        """Whether a file of this name is to appear."""
        return str(path) in self._promised

    def faults(self, remains, index: int) -> list:
        found = []
        names = [name for name in remains.names if name.startswith(self._folder)]
        for name in {*names, *self._promised, *self._before}:
            content, old = remains.content(name), self._before.get(name)
            moment = self._promised.get(name)
            if moment is None and old is None:
                found += self._unnamed(name, content)
            elif moment is not None and index >= moment.index and content != self._after[name]:
                found.append(f"{name} is {_state(content)} after {moment.why}")
            elif content not in (old, self._after.get(name, old)):
                found.append(f"{name} is {_state(content)}, neither old nor new")
        return found

    def _unnamed(self, name: str, content: bytes) -> list:
        if PARTIAL.fullmatch(name) is None:
            return [f"{name} was left"]
        if len(self.halves) < _MOST_HALVES and content not in self._after.values() and len(set(content[:4096])) > 1:
            self.halves.append(content)
        return []


class Target:
    """A disk or file that is written in place: never foreign bytes, and all bytes of the source once it was said. `tables` are byte ranges
    that somebody else judges.
    """

    def __init__(self, path, target, source, is_all: bool, moment: Moment, tables: tuple = ()):
        self._path, self._target, self._source, self._is_all, self._moment = str(path), target, source, is_all, moment
        self._tables = tables
        self._old, self._origin = target.before.read_bytes(), source.file.read_bytes()

    def faults(self, remains, index: int) -> list:
        is_whole = self._moment is not None and index >= self._moment.index
        rule = compare.Rule(
            free=[] if self._is_all else self._source.free,
            zero_too=[] if self._is_all else self._source.zero_too,
            unreadable=[],
            complete=is_whole,
            tables=self._target.tables,
        )
        content = bytearray(remains.content(self._path))
        for start, end in self._tables:
            content[start:end] = (self._origin if start < len(self._origin) else self._old)[start:end]
        files = [io.BytesIO(each) for each in (content, self._old, self._origin)]
        wrong = compare.wrong_in(*files, self._target.regions, rule)
        when = f" after {self._moment.why}" if is_whole else ""
        return [f"{self._path}: {each}{when}" for each in wrong[:2]]


class GrownGpt:
    """A GPT that is changed in place: from the first order to change it on, one copy of it is whole."""

    def __init__(self, path, length: int, sector: int, records: list):
        self._path, self._sector = str(path), sector
        self.begins = next(
            record.index
            for record in records
            if record.kind == Kind.WRITE and record.offset + record.count == length and b"EFI PART" in bytes(record.payload)
        )

    def faults(self, remains, index: int) -> list:
        if index < self.begins:
            return []
        content = remains.content(self._path)
        if _is_sound_gpt(content, self._sector, 1) or _is_sound_gpt(content, self._sector, len(content) // self._sector - 1):
            return []
        return [f"{self._path}: no copy of the GPT is whole"]


def _is_sound_gpt(content: bytes, sector: int, lba: int) -> bool:
    """Whether the header at this place, and the entries that it names, are whole by their own checksums."""
    header = bytearray(content[lba * sector : lba * sector + 92])
    crc, own, entries, count, size, entries_crc = (
        *struct.unpack_from("<I", header, 16),
        *struct.unpack_from("<Q", header, 24),
        *struct.unpack_from("<QIII", header, 72),
    )
    header[16:20] = bytes(4)
    table = content[entries * sector : entries * sector + count * size]
    return header[:8] == b"EFI PART" and own == lba and zlib.crc32(header) == crc and zlib.crc32(table) == entries_crc


@dataclass
class Case:
    """One program that was recorded. `roots`: the folders and disks that its log tells of."""

    name: str
    roots: list
    before: Snapshot
    log: Path
    judges: list = field(default_factory=list)
    records: list = None

    def take_records(self) -> None:
        self.records = journal.read(self.log)

    @property
    def end(self) -> Moment:
        return Moment(len(self.records), "its end with exit code 0")

    def promise(self, pattern: str) -> Moment:
        """When the program says words, at the latest when it ends."""
        record = journal.said(self.records, pattern)
        if record is None:
            return self.end
        return Moment(record.index, f"its words {bytes(record.payload)[:60]!r}")

    @property
    def had_to_write(self) -> bool:
        """Whether what was there before would not do at the end."""
        before = Machine(self.before).cut(random.Random(0))
        return any(judge.faults(before, len(self.records)) for judge in self.judges)

    def missed(self) -> list:
        """Files and disks that are not as the log tells: then the log is of no use."""
        machine = Machine(self.before)
        for record in self.records:
            machine.follow(record)
        told, real = machine.everything(), Snapshot.of(*self.roots).contents
        return sorted(name for name in {*told, *real} if told.get(name) != real.get(name))

    def cuts(self, count: int, drawn: random.Random) -> list:
        """The points of so many power cuts, in order, each a number of records: a third anywhere, a third near a sync, a name or a word,
        the others at the end of the program and after it. "Anywhere" counts what is done to the judged files only: a program may unpack a
        library beside them by a thousand writes.
        """
        machine = Machine(self.before)
        own = [record for record in self.records if machine.follow(record)]
        turns = [record.index for record in own if record.kind in _TURNS] or [0]
        last = len(self.records)
        found = []
        for _ in range(count):
            way = drawn.randrange(6)
            if way < 2:
                at = drawn.choice(own).index + drawn.randint(0, 1) if own else last
            elif way < 4:
                at = drawn.choice(turns) + drawn.randint(-_NEAR, _NEAR)
            else:
                at = last if way == 4 else last - drawn.randint(0, min(last, 40))
            found.append(max(0, min(last, at)))
        return sorted(found)

    def judge(self, cuts: list, seed: str, records: list = None) -> list:
        """What is wrong after power cuts: texts that name the point. With other records the same program is judged by another log."""
        found = []
        for at, remains in self.states(cuts, seed, records):
            for judge in self.judges:
                found += [f"{self.name}, power cut after record {at} of {len(self.records)}: {each}" for each in judge.faults(remains, at)]
        return found

    def states(self, cuts: list, seed: str, records: list = None):
        """Pairs of a point and what may be left there. Points count records of the real log."""
        machine, followed = Machine(self.before), 0
        records = self.records if records is None else records
        indices = [record.index for record in records]
        for number, at in enumerate(cuts):
            until = bisect_left(indices, at)
            for record in records[followed:until]:
                machine.follow(record)
            followed = max(followed, until)
            yield at, machine.cut(random.Random(f"{seed} {self.name} {number} {at}"))


def _state(content: bytes) -> str:
    return "not there" if content is None else f"a file of {len(content)} bytes"
