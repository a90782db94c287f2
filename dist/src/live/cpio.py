"""Writes archives of the format that the kernel unpacks at its start (newc). Source: Linux, driver-api/early-userspace/buffer-format.rst."""

import os
import stat
from pathlib import Path

CONSOLE = ("dev/console", stat.S_IFCHR | 0o600, 5, 1)  # the kernel opens it before anything is mounted


class Archive:
    """An archive of which every byte is told by its entries: numbers in order, one date, owner root."""

    def __init__(self, file, seconds: int):
        self._file, self._seconds, self._number = file, seconds, 0

    def add(self, name: str, mode: int, content: bytes = b"", device=(0, 0)) -> None:
        self._number += 1
        links = 2 if stat.S_ISDIR(mode) else 1
        encoded = name.encode() + b"\0"
        fields = (self._number, mode, 0, 0, links, self._seconds, len(content), 0, 0, *device, len(encoded), 0)
        self._write(b"070701" + b"".join(b"%08X" % field for field in fields) + encoded)
        self._write(content)

    def add_folder(self, folder: Path) -> None:
        """All that is in a folder, sorted by name."""
        for path in sorted(folder.rglob("*")):
            name, mode = str(path.relative_to(folder)), path.lstat().st_mode
            if path.is_symlink():
                self.add(name, stat.S_IFLNK | 0o777, os.readlink(path).encode())
            elif path.is_dir():
                self.add(name, stat.S_IFDIR | 0o755)
            else:
                self.add(name, stat.S_IFREG | (0o755 if mode & 0o100 else 0o644), path.read_bytes())

    def end(self) -> None:
        self._seconds, self._number = 0, -1
        self.add("TRAILER!!!", 0)

    def _write(self, content: bytes) -> None:
        self._file.write(content + bytes(-len(content) % 4))


def pack(folder: Path, file: Path, seconds: int) -> None:
    """A folder, and the console, as an archive; the same folder gives the same bytes."""
    with open(file, "wb") as out:
        archive = Archive(out, seconds)
        name, mode, *device = CONSOLE
        archive.add("dev", stat.S_IFDIR | 0o755)
        archive.add(name, mode, device=tuple(device))
        archive.add_folder(folder)
        archive.end()
