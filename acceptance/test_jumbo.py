"""Frames of 9000 bytes where every slave gets them, of 1500 where one does not, whether its own interface says so or
only the way to it.

A slave that comes too late for the choice is refused. No datagram is ever fragmented.
"""

import os

import pytest

from conftest import Original
from lab.disks import blank, dirty
from lab.machine import MIB
from lab.samples import random_file

pytestmark = [pytest.mark.root]

MIB_SENT = int(os.environ.get("MIB_SENT", "32"))
SLAVES = 3
MTU = 9000
ROOM_MIB = MIB_SENT * 4 + 200
SECONDS = 28
LONG, SHORT = (8000, 9014), (1300, 1560)  # mean length of frames, least and most; those that prove the path are longer


@pytest.fixture(scope="module")
def source(scratch):
    return Original(random_file(scratch / "source", MIB_SENT))


@pytest.fixture(scope="module")
def targets(scratch):
    return {number: blank(scratch / f"target{number}", MIB_SENT * MIB) for number in range(1, SLAVES + 1)}


@pytest.fixture
def frames(lan):
    return SentFrames(lan)


@pytest.fixture
def widths(lan):
    """What is changed of the LAN's MTU; all is 9000 again afterwards."""
    yield Widths(lan)
    for number in range(1, SLAVES + 1):
        Widths(lan).port(f"s{number}", MTU)
        Widths(lan).host(f"s{number}", MTU)
    lan.group_route("m")


class Widths:
    def __init__(self, lan):
        self._lan = lan

    def port(self, host, mtu):
        """Of the bridge's port to a host."""
        self._lan.ip("hub", "link", "set", f"p{host}", "mtu", mtu)

    def host(self, host, mtu):
        """Of the host's own interface."""
        self._lan.ip(host, "link", "set", "eth0", "mtu", mtu)
        self._lan.group_route(host)


class SentFrames:
    """What the master's host has sent since `begin`."""

    def __init__(self, lan):
        self._lan = lan

    def begin(self):
        self._bytes, self._frames = self._lan.wire_counts("m")

    @property
    def bytes_at_begin(self):
        return self._bytes

    def mean_length(self):
        sent_bytes, sent_frames = self._lan.wire_counts("m")
        return (sent_bytes - self._bytes) / (sent_frames - self._frames)

    def fragmented(self):
        """Fragments that the kernel of the master's host has made of datagrams."""
        names, values = [
            line.split() for line in self._lan.on("m", "cat", "/proc/net/snmp").splitlines() if line.startswith("Ip:")
        ]
        return int(values[names.index("FragCreates")])


def send_to(session, source, *options):
    session.master_up("--broadcast", "--codec", "none", "--all-blocks", "--disk", source.path, "--slaves", *options)


def narrow_nothing(widths, lan):
    """All is of 9000 bytes."""


def narrow_way(widths, lan):
    widths.port("s2", 1500)


def narrow_slave(widths, lan):
    widths.port("s2", 1500)
    widths.host("s2", 1500)


def narrow_route(widths, lan):
    lan.group_route("m", "mtu", "lock", 1500)


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        pytest.param(narrow_nothing, LONG, id="all of 9000"),
        pytest.param(narrow_way, SHORT, id="the way to one of 1500"),
        pytest.param(narrow_slave, SHORT, id="one of 1500 and the way to it"),
        pytest.param(narrow_route, SHORT, id="the master's own route of 1500"),
    ],
)
def test_frames_are_as_long_as_all_can_take(narrow, expected, widths, lan, frames, scratch, session, source):
    narrow(widths, lan)
    dirty(session.targets.values(), scratch.junk())
    session.slaves_up()
    frames.begin()
    send_to(session, source, SLAVES)

    codes = session.end(60)

    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(source.path) == {}
    assert expected[0] <= frames.mean_length() <= expected[1]
    assert frames.fragmented() == 0


def test_a_slave_that_comes_too_late_for_long_frames_is_refused(widths, lan, frames, scratch, session, source):
    widths.host("s3", 1500)
    # The program has started before, because on a busy machine that takes as long as the pass. It waits for its link,
    # which comes midway.
    lan.ip("s3", "link", "set", "eth0", "down")
    dirty(session.targets.values(), scratch.junk())
    late = session.slave_up(3)
    assert late.heard_within(60, "waiting for the network")
    del session.targets[3]
    session.slaves_up()
    frames.begin()
    send_to(session, source, 2, "--rate", "50M")
    assert session.wait_until_sent(lan, frames.bytes_at_begin + 2 * MIB, 30)
    lan.ip("s3", "link", "set", "eth0", "up")
    lan.group_route("s3")

    codes = session.end(60)

    assert codes == {"master": 0, 1: 0, 2: 0, 3: 10}
    assert session.master.says(r"slave3 \(10\.77\.0\.13\) cannot take part.*8972 bytes.*1472; set the MTU")
    assert "datagrams of 8972 bytes, but this interface takes 1472; set the MTU" in late.said
    assert session.differing(source.path) == {}
    assert LONG[0] <= frames.mean_length() <= LONG[1]
    assert frames.fragmented() == 0


def test_source_is_as_it_was(source):
    assert source.is_unchanged
