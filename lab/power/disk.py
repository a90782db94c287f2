"""What the files and disks of one machine may hold when its power goes: what was synced surely, of the rest any part.

A `Machine` follows a log. `cut` draws one state of the many that are possible at that point.
"""

import os
import random
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from lab.disks import flush, is_device
from lab.power.journal import FAILED, Kind

SECTOR = 512
_STALE = random.Random(0).randbytes(1 << 16)  # what a block of a file held before that file had it
_DATA = (Kind.WRITE, Kind.LENGTH, Kind.ZERO, Kind.DISCARD)
_NAMES = (Kind.CREATE, Kind.LINK, Kind.RENAME, Kind.UNLINK)


@dataclass(frozen=True)
class Snapshot:
    """What is there before a program starts: files and disks by path with place and content, folders with their place."""

    files: dict
    folders: dict

    @classmethod
    def of(cls, *roots) -> "Snapshot":
        files, folders = {}, {}
        for root in map(Path, roots):
            for path in [root, *(sorted(root.rglob("*")) if root.is_dir() else [])]:
                found = path.stat()
                if path.is_dir():
                    folders[str(path)] = (found.st_dev, found.st_ino)
                else:
                    flush(path)
                    place = (found.st_rdev, 0) if stat.S_ISBLK(found.st_mode) else (found.st_dev, found.st_ino)
                    files[str(path)] = (place, path.read_bytes(), is_device(path))
        return cls(files, folders)

    @property
    def contents(self) -> dict:
        return {path: content for path, (_, content, _) in self.files.items()}


@dataclass
class Order:
    """An order that has begun, and may have ended. `start`, `end`: indices of its records."""

    kind: Kind
    start: int
    offset: int = 0
    length: int = 0
    data: memoryview = None
    path: str = ""
    to: str = ""
    stored: "Stored" = None
    end: int = None

    def is_before(self, index: int) -> bool:
        return self.end is not None and self.end < index


@dataclass(eq=False)
class Stored:
    """The bytes of a file or disk: those that are surely there, and the orders that may be there or not, in their order."""

    synced: bytearray
    is_disk: bool = False
    pending: list = field(default_factory=list)

    def sync(self, start: int) -> None:
        """All that had ended before a sync began is surely there once the sync has ended."""
        for order in self.pending:
            if order.is_before(start):
                _put_all(self.synced, order)
        self.pending = [order for order in self.pending if not order.is_before(start)]

    def everything(self) -> bytes:
        """What a reader sees as long as the power is on."""
        content = bytearray(self.synced)
        for order in self.pending:
            _put_all(content, order)
        return bytes(content)

    def remains(self, drawn: random.Random) -> bytes:
        """One content that may be left. The length of a file and each sector of it go their own ways."""
        if not self.pending:
            return bytes(self.synced)
        style = drawn.choices(_STYLES, _WEIGHTS)[0]
        lengths, length = [len(self.synced)], len(self.synced)
        content, chosen = bytearray(self.synced), style(drawn, len(self.pending))
        is_stale = not self.is_disk and drawn.random() < 0.5
        for number, order in enumerate(self.pending):
            length = _length_after(order, length)
            lengths.append(length)
            _put_some(content, order, chosen(number, order), is_stale)
        if self.is_disk:
            return bytes(content)
        length = lengths[-1] if drawn.random() < 0.5 else drawn.choice(lengths)
        return bytes(content[:length]) + bytes(max(0, length - len(content)))


# --------------------------------------------------------------------------------- which sectors of unsynced orders are there


def _sectors(order: Order) -> int:
    """How many sectors an order touches; a new length is one piece, there or not."""
    return 1 if order.kind == Kind.LENGTH else -(-(order.offset % SECTOR + order.length) // SECTOR)


def _whole(order: Order) -> int:
    return (1 << _sectors(order)) - 1


def _none(drawn, count):
    return lambda number, order: 0


def _all(drawn, count):
    return lambda number, order: _whole(order)


def _first(drawn, count):
    """In their order up to one, of which the first sectors are there."""
    last = drawn.randrange(count)
    return lambda number, order: _whole(order) if number < last else _torn(drawn, order) if number == last else 0


def _latest(drawn, count):
    """The last ones only: a drive may begin with what came last."""
    first = drawn.randrange(count)
    return lambda number, order: _whole(order) if number > first else _torn(drawn, order) if number == first else 0


def _some(drawn, count):
    """Each order as a whole, or nothing of it."""
    share = drawn.choice((0.1, 0.5, 0.9))
    return lambda number, order: _whole(order) if drawn.random() < share else 0


def _any(drawn, count):
    """Each sector or not."""
    return lambda number, order: drawn.getrandbits(_sectors(order))


def _torn(drawn, order) -> int:
    return (1 << drawn.randint(0, _sectors(order))) - 1


_STYLES, _WEIGHTS = (_none, _all, _first, _latest, _some, _any), (2, 2, 3, 2, 3, 3)


def _length_after(order: Order, length: int) -> int:
    if order.kind == Kind.LENGTH:
        return order.offset
    return max(length, order.offset + order.length) if order.kind == Kind.WRITE else length


def _put_all(content: bytearray, order: Order) -> None:
    if order.kind == Kind.LENGTH:
        del content[order.offset :]
        content.extend(bytes(order.offset - len(content)))
    else:
        _put(content, order, order.offset, order.offset + order.length)


def _put_some(content: bytearray, order: Order, sectors: int, is_stale: bool) -> None:
    """Some sectors, given as bits. In a file that grows, those that are lacking may hold what the medium held before."""
    if sectors == _whole(order):
        _put_all(content, order)
    if sectors == _whole(order) or order.kind == Kind.LENGTH:
        return
    first, end, known = order.offset // SECTOR * SECTOR, order.offset + order.length, len(content)
    if is_stale and end > known and order.kind == Kind.WRITE:
        start = max(known, order.offset)
        content.extend(bytes(start - known))
        content.extend((_STALE * ((end - start) // len(_STALE) + 1))[: end - start])
    for run in re.finditer("1+", bin(sectors)[:1:-1]):
        start = max(order.offset, first + run.start() * SECTOR)
        _put(content, order, start, min(end, first + run.end() * SECTOR))


def _put(content: bytearray, order: Order, start: int, end: int) -> None:
    if order.kind == Kind.WRITE:
        if start > len(content):
            content.extend(bytes(start - len(content)))
        content[start:end] = order.data[start - order.offset : end - order.offset]
    else:
        end = min(end, len(content))
        content[start:end] = bytes(max(0, end - start))


# ----------------------------------------------------------------------------------------------------------------- machine


class Remains:
    """What may be there after the power went: files and disks by path. A content is drawn when it is asked for."""

    def __init__(self, names: dict, drawn: random.Random):
        self._names, self._drawn, self._contents = names, drawn, {}

    @property
    def names(self) -> list:
        return sorted(self._names)

    def content(self, path: str) -> bytes:
        """The bytes of a file or disk; None when the name is not there."""
        stored = self._names.get(path)
        if stored is None:
            return None
        if stored not in self._contents:
            self._contents[stored] = stored.remains(self._drawn)
        return self._contents[stored]


class Machine:
    """The files and disks of one machine, followed through a log."""

    def __init__(self, before: Snapshot):
        self._folders = set(before.folders)
        self._stored = {place: Stored(bytearray(content), is_disk) for place, content, is_disk in before.files.values()}
        self._now = {path: self._stored[place] for path, (place, _, _) in before.files.items()}
        self._synced_names, self._pending_names = dict(self._now), []
        self._folder_at = {place: path for path, place in before.folders.items()}
        self._orders = {}

    def follow(self, record) -> bool:
        """The next record of the log. Gives whether it is an order to these files and disks, the end of one, or a word: a log tells of
        other files of the same file systems too.
        """
        if record.kind in _DATA:
            return self._data_order(record)
        if record.kind in _NAMES:
            return self._name_order(record)
        if record.kind == Kind.END:
            return self._end(record)
        if record.kind == Kind.SYNC:
            self._orders[record.number] = record
        elif record.kind == Kind.OPENED:
            self._opened(record)
        elif record.kind == Kind.FOLDER:
            self._folders.add(record.names[0])
        return record.kind in (Kind.SYNC, Kind.SAID)

    def everything(self) -> dict:
        """All contents by path, as long as the power is on."""
        return {path: stored.everything() for path, stored in self._now.items()}

    def cut(self, drawn: random.Random) -> Remains:
        """One state that may be left when the power goes now."""
        names = dict(self._synced_names)
        way = drawn.choice(("none", "all", "first", "some", "halves"))
        last = drawn.randint(0, len(self._pending_names))
        for number, order in enumerate(self._pending_names):
            comes = {"none": False, "all": True, "first": number < last}.get(way)
            comes = drawn.random() < 0.5 if comes is None else comes
            if way == "halves" and order.kind == Kind.RENAME:  # the file has both names, or neither
                _set_name(names, order, comes, drawn.random() < 0.5)
            elif comes:
                _set_name(names, order, True, True)
        return Remains(names, drawn)

    # ---------------------------------------------------------------------------------------------------------- the records

    def _data_order(self, record) -> bool:
        stored = self._stored.get(record.place)
        if stored is None:
            return False
        length = 0 if record.kind == Kind.LENGTH else record.count
        order = Order(record.kind, record.index, record.offset, length, record.payload, stored=stored)
        stored.pending.append(order)
        self._orders[record.number] = order
        return True

    def _name_order(self, record) -> bool:
        path, to = (record.names + [""])[:2]
        if os.path.dirname(path) not in self._folders:
            return False
        stored = Stored(bytearray()) if record.kind == Kind.CREATE else self._now.get(path)
        order = Order(record.kind, record.index, path=path, to=to, stored=stored)
        self._pending_names.append(order)
        self._orders[record.number] = order
        return True

    def _opened(self, record) -> None:
        path = record.names[0]
        if path in self._now:
            self._stored[record.place] = self._now[path]
        elif path in self._folders:
            self._folder_at[record.place] = path

    def _end(self, record) -> bool:
        order = self._orders.pop(record.number, None)
        if isinstance(order, Order):
            self._end_order(order, record)
        elif order is not None and record.result >= FAILED:
            self._sync(order)
        return order is not None

    def _end_order(self, order: Order, record) -> None:
        pending = self._pending_names if order.kind in _NAMES else order.stored.pending
        if record.result < FAILED:
            pending.remove(order)
            return
        order.end = record.index
        if order.kind == Kind.WRITE:
            order.length = record.result
        elif order.kind in _NAMES:
            _set_name(self._now, order, True, True)
            if order.kind == Kind.CREATE:
                self._stored[record.place] = order.stored

    def _sync(self, record) -> None:
        """Of a folder, only its names are surely there; of a file, only its bytes: its name may yet be lost."""
        is_all, start = record.count, record.index
        for place, stored in list(self._stored.items()):
            if is_all or place == record.place:
                stored.sync(start)
        folder = self._folder_at.get(record.place)
        for order in list(self._pending_names):
            if order.is_before(start) and (is_all or folder == os.path.dirname(order.path)):
                _set_name(self._synced_names, order, True, True)
                self._pending_names.remove(order)


def _set_name(names: dict, order: Order, comes: bool, goes: bool) -> None:
    """`comes`: the new name is there; `goes`: the old one is not. Of an order of one name, both are the same."""
    new = order.to or order.path
    if order.kind == Kind.UNLINK:
        if names.get(order.path) is order.stored:
            names.pop(order.path, None)
        return
    if comes:
        names[new] = order.stored
    if goes and order.kind == Kind.RENAME and names.get(order.path) is order.stored:
        names.pop(order.path, None)
