"""What a target may hold, sector by sector, and what it must hold."""

from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
MARK = b"imgblstr: a mark that shows the capacity of this disk"  # begins each sector of what a run that was killed may leave
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Rule:
    """By which rule a target is looked at. All ranges are bytes of the source, half open, in order.

    What is free may be as it was, as on the source, or zeros. What is in `zero_too` may be zeros instead of what the
    source has, and so may what is `unreadable`. What is in `tables` is judged by others. Everything else must be as on the source when the target is complete;
    else each sector may also be as it was, or zeros, or a mark that the look at the capacity has not put back, but never anything else.
    """

    free: list
    zero_too: list
    unreadable: list
    complete: bool
    tables: list = ()


@dataclass(frozen=True)
class Wrong:
    """A sector that holds what it must not hold. `is_needed`: the source's bytes are lacking."""

    what: str
    at: int
    is_needed: bool = False

    def __str__(self) -> str:
        return f"byte {self.at}: {self.what}"


def same(one: Path, other: Path) -> bool:
    """Whether two files are equal byte by byte."""
    with open(one, "rb") as a, open(other, "rb") as b:
        while True:
            piece = a.read(1 << 20)
            if piece != b.read(1 << 20):
                return False
            if not piece:
                return True


def wrong(file: Path, before: Path, source: Path, regions: list, rule: Rule) -> list:
    """All that is wrong on a target: the first sector of each range."""
    with open(file, "rb") as a, open(before, "rb") as b, open(source, "rb") as c:
        return wrong_in(a, b, c, regions, rule)


def wrong_in(file, before, source, regions: list, rule: Rule) -> list:
    """The same for files that are open already, or in memory."""
    look = _Look(file, before, source, rule)
    if (length := _length(file)) != (expected := _length(before)):
        return [Wrong(f"the target has {length} bytes instead of {expected}", min(length, expected), True)]
    at = 0
    for region in sorted(regions, key=lambda each: each.target):
        look.untouched(at, region.target)
        look.region(region)
        at = region.target + region.room
    look.untouched(at, length)
    return look.found


def _length(file) -> int:
    return file.seek(0, 2)


class _Look:
    """Three files side by side: the target, the target before, the source."""

    def __init__(self, file, before, source, rule: Rule):
        self._file, self._before, self._source, self._rule, self.found = file, before, source, rule, []

    def untouched(self, start: int, end: int) -> None:
        """Outside of what was imaged nothing changes."""
        self._each(start, end, start, "outside of the imaged range it has changed", ("before",), False)

    def region(self, region) -> None:
        rule, end = self._rule, region.start + region.length
        kinds = [(rule.tables, "table"), (rule.free, "free"), (rule.unreadable, "unreadable"), (rule.zero_too, "zero too")]
        for first, last, kind in _cut(region.start, end, kinds):
            if kind == "table":
                continue
            allowed, text = self._allowed(kind)
            shifted = first - region.start + region.target
            self._each(shifted, shifted + last - first, first, text, allowed, kind != "free" and rule.complete)
        behind = region.target + region.length
        text = "behind the image it is neither as before nor zero"
        self._each(behind, region.target + region.room, behind, text, ("before", "zero"), False)

    def _allowed(self, kind: str) -> tuple:
        if kind == "free" or not self._rule.complete:
            return ("source", "before", "zero"), "it is neither the source's, nor as before, nor zero"
        if kind in ("zero too", "unreadable"):
            return ("source", "zero"), "it is neither the source's nor zero"
        return ("source",), "it differs from the source"

    def _each(self, start: int, end: int, source_at: int, text: str, allowed: tuple, needed: bool) -> None:
        for at in range(start, end, _PIECE):
            length = min(_PIECE, end - at)
            place = self._first_wrong(at, length, source_at + at - start, allowed)
            if place >= 0:
                self.found.append(Wrong(text, at + place, needed))
                return

    def _first_wrong(self, at: int, length: int, source_at: int, allowed: tuple) -> int:
        """The first sector of a piece that is none of what is allowed; -1 when there is none."""
        held = _read(self._file, at, length)
        others = [self._other(name, at, length, source_at) for name in allowed]
        if held in others:
            return -1
        for sector in range(0, length, SECTOR):
            one = held[sector : sector + SECTOR]
            is_mark = not self._rule.complete and one.startswith(MARK)
            if not is_mark and not any(one == other[sector : sector + SECTOR] for other in others):
                return sector
        return -1

    def _other(self, name: str, at: int, length: int, source_at: int) -> bytes:
        if name == "zero":
            return bytes(length)
        return _read(self._source, source_at, length) if name == "source" else _read(self._before, at, length)


def _read(file, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


def _cut(start: int, end: int, kinds: list) -> list:
    """A range in pieces of one kind each; the first kind that names a byte has it, and "needed" what no kind names."""
    places = {start, end}
    for ranges, _ in kinds:
        for first, last in ranges:
            places |= {place for place in (first, last) if start < place < end}
    found = []
    cuts = sorted(places)
    cursors = [_Cursor(ranges) for ranges, _ in kinds]
    for first, last in zip(cuts, cuts[1:]):
        kind = "needed"
        for cursor, (_, name) in zip(cursors, kinds):
            if cursor.has(first) and kind == "needed":
                kind = name
        if found and found[-1][2] == kind:
            found[-1] = (found[-1][0], last, kind)
        else:
            found.append((first, last, kind))
    return found


class _Cursor:
    """Whether ranges, which are in order, have a byte; bytes are asked for in order too."""

    def __init__(self, ranges: list):
        self._ranges, self._at = ranges, 0

    def has(self, byte: int) -> bool:
        while self._at < len(self._ranges) and self._ranges[self._at][1] <= byte:
            self._at += 1
        return self._at < len(self._ranges) and self._ranges[self._at][0] <= byte
