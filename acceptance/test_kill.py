"""Programs that end in the middle: a slave killed, the master killed, each of them interrupted."""

import os
import signal
import time

import pytest

from conftest import Original
from lab.disks import blank, differences, digest, dirty
from lab.machine import MIB
from lab.samples import random_file

pytestmark = [pytest.mark.root]

MIB_SENT = int(os.environ.get("MIB_SENT", "48"))
RATE = os.environ.get("RATE", "80M")  # bits a second: the pass takes about five seconds
BOUND = int(os.environ.get("BOUND", "60"))  # seconds in which the others must notice
SLAVES = 3
ROOM_MIB = MIB_SENT * 4 + 100
SECONDS = 85


@pytest.fixture(scope="module")
def source(scratch):
    return Original(random_file(scratch / "source", MIB_SENT))


@pytest.fixture(scope="module")
def targets(scratch):
    return {number: blank(scratch / f"target{number}", MIB_SENT * MIB) for number in range(1, SLAVES + 1)}


@pytest.fixture
def midway(session, scratch, lan, source, targets):
    """A session of which half of the disk is on the wire."""
    dirty(targets.values(), scratch.junk())
    session.slaves_up()
    before = lan.wire_bytes("m")
    session.master_up("--broadcast", "--disk", source.path, "--slaves", SLAVES, "--rate", RATE)
    assert session.wait_until_sent(lan, before + MIB_SENT * MIB // 2)
    return session


def test_a_killed_slave_is_named_and_the_others_complete(midway, source):
    midway.slaves[2].signal(signal.SIGKILL)

    codes = midway.end(BOUND + 30)

    assert codes["master"] == 3
    assert "slave2" in midway.master.said
    others = {number: midway.targets[number] for number in (1, 3)}
    assert codes[1] == 0
    assert codes[3] == 0
    assert differences({1: others[1]}, source.path) == {}
    assert differences({3: others[3]}, source.path) == {}


def test_slaves_notice_that_the_master_was_killed(midway):
    since = time.monotonic()
    midway.master.signal(signal.SIGKILL)

    codes = midway.end(BOUND, BOUND)

    assert codes == midway.all_end(master=137, slaves=14)
    assert time.monotonic() - since <= BOUND + 1


def test_slaves_are_told_that_the_master_was_interrupted(midway):
    since = time.monotonic()
    midway.master.signal(signal.SIGINT)

    codes = midway.end(BOUND)

    assert codes == midway.all_end(master=130, slaves=14)
    assert time.monotonic() - since < 11, "slaves are told, not left to find out"


def test_an_interrupted_slave_is_named_and_the_others_complete(midway, source):
    midway.slaves[2].signal(signal.SIGINT)

    codes = midway.end(BOUND)

    assert codes[2] == 130
    assert codes["master"] == 3
    assert "slave2" in midway.master.said
    assert codes[1] == 0
    assert differences({1: midway.targets[1]}, source.path) == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("options", [[], ["--json"], ["--quiet"], ["--forever"]], ids=lambda words: words[0] if words else "plain")
def test_a_slave_that_has_heard_no_master_says_that_nothing_was_written(session, scratch, targets, number, options):
    target = targets[1]
    dirty([target], scratch.junk())
    before = digest(target)
    slave = session.slave_up(1, *options)
    assert slave.heard_within(BOUND, "^listening")

    slave.signal(number)

    assert slave.outcome(BOUND) == 130
    line = f"not complete: {target}: interrupted by the operator; nothing was written"
    assert (slave.out.splitlines() if "--json" not in options else slave.err.splitlines())[-1] == line
    assert digest(target) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_slave_that_waits_for_its_network_says_that_nothing_was_written(session, scratch, lan, targets, number):
    target = targets[1]
    dirty([target], scratch.junk())
    before = digest(target)
    lan.ip("s1", "link", "set", "eth0", "down")
    try:
        slave = session.slave_up(1)
        assert slave.heard_within(BOUND, "waiting for the network")
        slave.signal(number)
        assert slave.outcome(BOUND) == 130
    finally:
        lan.ip("s1", "link", "set", "eth0", "up")

    assert slave.err.splitlines()[-1] == (
        "imgslave: interrupted by the operator while the program waited for the network; nothing was written"
    )
    assert digest(target) == before


def test_source_is_as_it_was(source):
    assert source.is_unchanged
