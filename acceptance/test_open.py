"""Sessions that are open: all other tests seal theirs. An upload, loss, a delta, a restart, a late slave, and frames on the wire as docs/protocol.md has them."""

import signal

import pytest

from lab.capture import Capture
from lab.disks import blank, difference, dirty, overwrite
from lab.machine import MIB, master_program
from lab.samples import failed, random_file
from lab.session import Session

pytestmark = pytest.mark.root

SLAVES = 2
ROOM_MIB = 200
SECONDS = 35

MIB_OF_DISK = 12
OPEN = "--open"
BROADCAST = ("--broadcast", "--codec", "none", OPEN)


@pytest.fixture(scope="module")
def source(scratch):
    return random_file(scratch / "source", MIB_OF_DISK)


@pytest.fixture
def room(programs, scratch):
    targets = {number: blank(scratch / f"target{number}", MIB_OF_DISK * MIB) for number in (1, 2)}
    dirty(targets.values(), scratch.junk())
    yield Session(programs, targets)
    for target in targets.values():
        target.unlink(missing_ok=True)


def ends_well(room, source) -> bool:
    codes = room.end(90)
    assert codes == room.all_end(master=0, slaves=0), room.master.said
    return room.differing(source) == {}


def test_an_upload_that_is_broadcast_and_a_download(room, source, scratch, lan):
    image = scratch / "disk.img"
    room.slaves_up(OPEN)
    capture = Capture(lan, scratch / "frames")
    room.master_up("--upload", image, *BROADCAST, "--disk", source, "--slaves", 2)
    assert ends_well(room, source)
    with open(source, "rb") as file:
        assert file.read(64) in capture.stop(), "anybody can read it"
    assert ", open; each overwrites" in room.master.said
    assert failed(master_program(), "verify", image) == ""

    dirty(room.targets.values(), scratch.junk())
    room.slaves_up(OPEN)
    room.master_up("--download", image, "--broadcast", OPEN, "--slaves", 2)
    assert ends_well(room, source)


def test_loss(room, source, lan):
    for host in ("m", "s1", "s2"):
        lan.loss(host, 50_000)
    room.slaves_up(OPEN)
    room.master_up(*BROADCAST, "--disk", source, "--slaves", 2)
    assert ends_well(room, source)
    assert lan.lost("s1") > 100
    for host in ("m", "s1", "s2"):
        lan.loss(host, 0)


def test_a_delta_sends_what_differs(room, source, lan):
    for target in room.targets.values():
        overwrite(target, source.read_bytes(), 0)
    overwrite(room.targets[1], bytes(4096), 5 * MIB)
    room.slaves_up(OPEN)
    before = lan.wire_bytes("m")
    room.master_up(*BROADCAST, "--disk", source, "--slaves", 2, "--delta")
    assert ends_well(room, source)
    assert lan.wire_bytes("m") - before < 3 * MIB


def test_a_slave_that_is_killed_and_started_again_and_one_that_comes_late(room, source, lan):
    lan.rate("m", "20mbit")
    before = lan.wire_bytes("m")
    room.slave_up(1, OPEN)
    assert room.slaves[1].heard_within(60, "^listening")
    room.master_up(*BROADCAST, "--disk", source, "--slaves", 1)
    assert room.wait_until_sent(lan, before + 2 * MIB)
    room.slave_up(2, OPEN)
    assert room.wait_until_sent(lan, before + 4 * MIB)
    room.slaves[1].signal(signal.SIGKILL)
    assert room.slaves[1].outcome(30) == 137
    room.slave_up(1, OPEN)
    codes = room.end(120)
    lan.rate("m", "10gbit")

    assert codes == room.all_end(master=0, slaves=0), room.master.said
    assert {number: difference(target, source) for number, target in room.targets.items()} == {1: "", 2: ""}
