"""Programs whose standard streams are closed or take nothing: what they write is right, nothing that they say goes into a disk or an image, and they
never end with 0 when they could not say what they had to.
"""

import os
from pathlib import Path

import pytest

from conftest import Original
from lab.disks import blank, difference, dirty
from lab.machine import MIB, attempt, master_program, slave_program, wait_for
from lab.samples import random_file

pytestmark = [pytest.mark.root]

SLAVES = 1
MIB_SENT = 24
ROOM_MIB = MIB_SENT * 5 + 100
SECONDS = 60
BOUND = int(os.environ.get("BOUND", "60"))
UNHEARD = 12
STREAMS = {
    "all closed": ("<&- >&- 2>&-", UNHEARD),
    "input closed": ("<&-", 0),
    "output closed": (">&-", UNHEARD),
    "errors closed": ("2>&-", UNHEARD),
    "output and errors closed": (">&- 2>&-", UNHEARD),
    "errors full": ("2>/dev/full", UNHEARD),
    "output full": (">/dev/full", UNHEARD),
}
each_way = pytest.mark.parametrize(("streams", "code"), STREAMS.values(), ids=STREAMS.keys())


def with_streams(streams: str, *command) -> list:
    return ["sh", "-c", f'exec "$0" "$@" {streams}', *command]


@pytest.fixture(scope="module")
def source(scratch):
    return Original(random_file(scratch / "source", MIB_SENT))


@pytest.fixture(scope="module")
def image(scratch, source):
    path = scratch / "source.img"
    assert attempt(master_program(), "--yes", "--upload", path, "--disk", source.path).returncode == 0
    return path


@pytest.fixture
def target(scratch):
    path = blank(scratch / "target", MIB_SENT * MIB)
    dirty([path], scratch.junk())
    return path


@each_way
def test_a_restored_disk_has_every_byte_and_nothing_else(programs, source, image, target, streams, code):
    words = with_streams(streams, master_program(), "--yes", "--download", image, "--disk", target)
    ended = programs.run("restore", "-", *words, seconds=BOUND)

    assert ended.code == code
    assert difference(target, source.path) == ""


@each_way
def test_an_image_that_was_made_verifies(programs, scratch, source, streams, code):
    made = scratch / "made.img"
    made.unlink(missing_ok=True)
    words = with_streams(streams, master_program(), "--yes", "--upload", made, "--disk", source.path)

    assert programs.run("make", "-", *words, seconds=BOUND).code == code
    assert attempt(master_program(), "verify", made).returncode == 0


@each_way
def test_a_slave_has_every_byte_and_no_disk_is_one_of_its_streams(programs, source, target, streams, code):
    words = with_streams(streams, slave_program(), "--yes", target)
    slave = programs.start("slave", "s1", *words)
    assert wait_for(BOUND, lambda: str(target) in opened(slave)), "the target is held before the slave listens"
    assert str(target) not in opened(slave)[:3]
    assert len(opened(slave)) > 3

    master = programs.run(
        "master", "m", master_program(), "--yes", "--broadcast", "--disk", source.path, "--slaves", 1, seconds=BOUND
    )

    assert master.code == 0
    assert slave.outcome(BOUND) == code
    assert difference(target, source.path) == ""


def test_who_has_nothing_to_say_needs_no_stream(programs, source, image, target):
    words = with_streams("2>&-", master_program(), "--yes", "--quiet", "--download", image, "--disk", target)

    assert programs.run("restore", "-", *words, seconds=BOUND).code == 0
    assert difference(target, source.path) == ""


def opened(program) -> list:
    """What the descriptors of a program are, from 0 on; "" for one that is closed, also while they are read."""
    folder = Path(f"/proc/{program.pid}/fd")
    try:
        numbers = {int(entry.name) for entry in folder.iterdir()}
    except OSError:
        return []
    return [target_of(folder / str(number)) for number in range(max(numbers, default=-1) + 1)]


def target_of(link) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""
