"""The ends of the range: a floppy of 4 MiB and a sparse disk of 20 GiB, with master and slave under 512 MiB of memory.

A disk of 1 TiB costs no more than what is used of it.
"""

import os
from types import SimpleNamespace

import pytest

from lab import events
from lab.disks import blank, overwrite, sparse_difference, stored_kib
from lab.machine import MIB, master_program, run
from lab.samples import failed, random_file
from lab.session import Session

BIG_GIB = int(os.environ.get("BIG_GIB", "20"))
LIMIT_MIB = 512
SLAVES = 1
ROOM_MIB = BIG_GIB * 1024 + 1024  # a program that wrote the zeros would fill the folder
SECONDS = 40

pytestmark = [pytest.mark.root, pytest.mark.tools("mkfs.ext4", "e2fsck")]


@pytest.fixture(scope="module", autouse=True)
def on_a_disk():
    """The folder lies on a disk, not in memory: it is checked against the worst."""
    before = os.environ.get("WORK_IN")
    os.environ["WORK_IN"] = before or os.environ.get("TMPDIR", "/var/tmp")
    yield
    del os.environ["WORK_IN"]
    if before:
        os.environ["WORK_IN"] = before


@pytest.fixture
def place(on_a_disk, scratch):
    names = {name: scratch / name for name in ("source", "target", "local", "image")}
    yield SimpleNamespace(**names)
    for path in names.values():
        path.unlink(missing_ok=True)


def watched_session(programs, place, *master_options):
    session = Session(programs, {1: place.target})
    session.slaves_up()
    session.slaves[1].watch()
    session.master_up(*master_options).watch()
    assert session.end(240) == session.all_end(master=0, slaves=0)
    assert session.master.peak_mib <= LIMIT_MIB
    assert session.slaves[1].peak_mib <= LIMIT_MIB
    assert min(session.master.peak_mib, session.slaves[1].peak_mib) > 0
    return session


def floppy(path):
    random_file(path, 4)


def sparse_disk(path):
    blank(path, BIG_GIB << 30)
    for gib in (0, BIG_GIB // 3, BIG_GIB - 1):
        overwrite(path, os.urandom(24 * MIB), (gib * 1024 + 1000) * MIB)


@pytest.mark.parametrize(
    "make", [pytest.param(floppy, id="floppy of 4 MiB"), pytest.param(sparse_disk, id=f"sparse disk of {BIG_GIB} GiB")]
)
def test_all_modes_stay_within_their_memory(make, place, programs):
    make(place.source)
    length = place.source.stat().st_size
    blank(place.target, length)

    upload = programs.start(
        "upload", "-", master_program(), "--yes", "--upload", place.image, "--disk", place.source
    ).watch()
    assert upload.outcome(240) == 0
    assert 0 < upload.peak_mib <= LIMIT_MIB

    watched_session(programs, place, "--broadcast", "--disk", place.source, "--slaves", 1)
    assert sparse_difference(place.source, place.target) == ""

    blank(place.target, length)
    blank(place.local, length)
    watched_session(programs, place, "--download", place.image, "--broadcast", "--disk", place.local, "--slaves", 1)
    assert sparse_difference(place.source, place.local) == ""
    assert sparse_difference(place.source, place.target) == ""


@pytest.fixture(scope="module")
def content(on_a_disk, scratch):
    folder = scratch / "files"
    folder.mkdir()
    for number in range(64):
        random_file(folder / f"part{number}", 1)
    return folder


def broadcast_used(size, place, programs, content):
    """Mode 3 of an ext4 of this size with the same files: what was sent, read and stored."""
    run("truncate", "-s", size, place.source)
    run("mkfs.ext4", "-q", "-F", "-E", "nodiscard", "-J", "size=64", "-d", content, place.source)
    blank(place.target, place.source.stat().st_size)
    session = watched_session(programs, place, "--broadcast", "--disk", place.source, "--slaves", 1, "--json")
    assert failed("e2fsck", "-fn", place.target) == ""
    cost = SimpleNamespace(
        wire=events.summary(session.master.events)["wireBytes"],
        read=session.master.read_bytes,
        stored_kib=stored_kib(place.target),
    )
    print(f"ext4 of {size}: {cost.read // MIB} MiB read, {cost.wire // 1024} KiB sent, {cost.stored_kib} KiB stored")
    place.source.unlink()
    place.target.unlink()
    return cost


def test_a_disk_of_1_tib_costs_no_more_than_what_is_used_of_it(place, programs, content):
    """1 TiB has 8192 groups with bitmaps and descriptors of their own. All are read (4 MiB), some sent (0.5 MiB)."""
    small = broadcast_used("10G", place, programs, content)
    large = broadcast_used("1T", place, programs, content)

    assert large.read <= small.read + 160 * MIB
    assert large.wire <= small.wire + 4 * MIB
    assert large.stored_kib <= small.stored_kib + 160 * 1024
