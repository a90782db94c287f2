"""A scratch folder in memory when there is room, else on a disk; it is removed with all that is mounted in it."""

import os
import shutil
import tempfile
from pathlib import Path

from lab import machine
from lab.machine import MIB, attempt

SPARE_MIB = 64  # of the place, besides what was asked for
MEMORY_FOR_PROGRAMS_MIB = 2048  # stays free for the programs when the folder lies in memory
RESERVATIONS = (
    "IMGBLSTR_LAB_RESERVATIONS"  # names the folder in which sessions that run side by side tell what they need
)


class NoRoom(Exception):
    """No place on this machine has the room that was asked for."""


class Scratch:
    """A folder with room for so many MiB. `log` is the subfolder in which the output of programs lies."""

    def __init__(self, mib: int):
        self.folder = Path(_find_place(mib))
        self.log = self.folder / "log"
        self.log.mkdir()
        self._junk = None
        self._reserve(mib)

    def __truediv__(self, name) -> Path:
        return self.folder / name

    def junk(self) -> bytes:
        """32 MiB of random bytes, the same each time."""
        if self._junk is None:
            self._junk = os.urandom(32 * MIB)
        return self._junk

    def remove(self, keep: bool = False) -> None:
        """Unmounts what is mounted in the folder and removes the folder, unless it is to be kept."""
        for place in reversed(_mounts_in(self.folder)):
            attempt("umount", place)
        if self._reservation:
            self._reservation.unlink(missing_ok=True)
        if keep:
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _reserve(self, mib: int) -> None:
        folder = os.environ.get(RESERVATIONS)
        self._reservation = Path(folder) / self.folder.name if folder else None
        if self._reservation:
            self._reservation.write_text(f"{mib} {self.folder}")


def _find_place(mib: int) -> str:
    named = os.environ.get("WORK_IN")
    places = named.split() if named else ["/dev/shm", os.environ.get("TMPDIR", "/var/tmp")]
    for place in places:
        if os.path.isdir(place) and os.access(place, os.W_OK) and _has_room(place, mib):
            return tempfile.mkdtemp(prefix=f"imgblstr-{machine.ID}-", dir=place)
    raise NoRoom(f"needs {mib} MiB in {' or '.join(places)}")


def _has_room(place: str, mib: int) -> bool:
    needed = mib + _promised_mib(place)
    free = shutil.disk_usage(place).free // MIB
    in_memory = attempt("stat", "-f", "-c", "%T", place).stdout.strip() == "tmpfs"
    return free >= needed + SPARE_MIB and (not in_memory or machine.available_mib() >= needed + MEMORY_FOR_PROGRAMS_MIB)


def _promised_mib(place: str) -> int:
    """What other sessions have reserved in a place and have not used yet."""
    folder = os.environ.get(RESERVATIONS)
    promised = 0
    for reservation in Path(folder).iterdir() if folder else []:
        try:
            mib, name = reservation.read_text().split(" ", 1)
        except (OSError, ValueError):
            continue
        if name.startswith(place + "/"):
            used = attempt("du", "-sm", name).stdout.split()
            promised += max(0, int(mib) - int(used[0] if used else 0))
    return promised


def _mounts_in(folder: Path) -> list:
    with open("/proc/mounts", encoding="utf-8", errors="surrogateescape") as lines:
        return [line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")]
