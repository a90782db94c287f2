"""The log that acceptance/record.c writes: the orders of a program to its files and disks, and what it says, in their order."""

import enum
import re
import struct
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct("<IIIiQqQQqqq")
_MAGIC = 0x52574F50
FAILED = 0  # a result below it is minus an error number


class Kind(enum.IntEnum):
    """What a record is. END says that the order of its number has ended; all others stand before what they tell of."""

    WRITE = 1
    LENGTH = 2
    ZERO = 3
    DISCARD = 4
    SYNC = 5
    CREATE = 6
    LINK = 7
    RENAME = 8
    UNLINK = 9
    FOLDER = 10
    OPENED = 11
    END = 12
    SAID = 13
    UNKNOWN = 14


@dataclass(frozen=True)
class Record:
    """One record. `place` is the device and the number of a file on it; `payload` what is written, names, or words."""

    index: int
    kind: Kind
    process: int
    number: int
    time_ns: int
    place: tuple
    offset: int
    count: int
    result: int
    payload: memoryview

    @property
    def names(self) -> list:
        """The paths of an order to names."""
        return bytes(self.payload).decode("utf-8", "surrogateescape").split("\0")[:-1]


class BrokenLog(Exception):
    """The log ends in a record, or tells of an order that the library cannot follow."""


def read(log: Path) -> list:
    """All records of a log."""
    whole = memoryview(log.read_bytes())
    found, at = [], 0
    while at < len(whole):
        if len(whole) - at < _HEADER.size:
            raise BrokenLog(f"{log}: {len(whole) - at} bytes are left at byte {at}")
        magic, length, kind, process, number, time_ns, device, inode, offset, count, result = _HEADER.unpack_from(whole, at)
        at += _HEADER.size
        if magic != _MAGIC or len(whole) - at < length:
            raise BrokenLog(f"{log}: no record of {length} bytes at byte {at}")
        payload = whole[at : at + length]
        at += length
        if kind == Kind.UNKNOWN:
            raise BrokenLog(f"{log}: not followed: {bytes(payload).decode()}")
        found.append(Record(len(found), Kind(kind), process, number, time_ns, (device, inode), offset, count, result, payload))
    return found


def said(records: list, pattern: str):
    """The first record by which a program has said what matches a pattern; None when it never did."""
    wanted, texts = re.compile(pattern.encode()), {}
    for record in records:
        if record.kind == Kind.SAID:
            stream = (record.process, record.offset)
            text = texts.get(stream, b"") + bytes(record.payload)
            if wanted.search(text):
                return record
            texts[stream] = text[text.rfind(b"\n") + 1 :]
    return None


def moment(records: list, time_ns: int) -> int:
    """How many records were written before a time."""
    return sum(record.time_ns < time_ns for record in records)


def without_syncs(records: list) -> list:
    """The log as it would be without any sync: what a judge must find fault with."""
    syncs = {record.number for record in records if record.kind == Kind.SYNC}
    return [record for record in records if record.number not in syncs]
