"""Paths that carry less than both their ends, and addresses that change in the middle of a session.

The hub has a second bridge, to which s2 is moved. The way between the two bridges is as wide as a test wants. A bridge
drops what is too long without a word, as a switch does.
"""

import os
import time

import pytest

from lab.disks import blank, dirty
from lab.machine import MIB
from lab.samples import random_file
from lab.session import Session

pytestmark = [pytest.mark.root, pytest.mark.tools("nft")]

BOUND = int(os.environ.get("BOUND", "60"))  # seconds in which each program must end
MIB_SENT = int(os.environ.get("MIB_SENT", "32"))
SLAVES = 2
MTU = 9000
ROOM_MIB = MIB_SENT * 3 + 200
SECONDS = 40
SLOW = "40M"  # so that a session lasts
AWAY = 3  # seconds without an address


@pytest.fixture(scope="module")
def source(scratch):
    return random_file(scratch / "source", MIB_SENT)


@pytest.fixture(scope="module")
def targets(scratch):
    return {number: blank(scratch / f"target{number}", MIB_SENT * MIB) for number in range(1, SLAVES + 1)}


@pytest.fixture(scope="module")
def path(lan):
    """The way to s2."""
    lan.ip("hub", "link", "add", "br1", "type", "bridge", "mcast_snooping", "0")
    lan.ip("hub", "link", "add", "way", "mtu", MTU, "type", "veth", "peer", "name", "back", "mtu", MTU)
    for port, bridge in (("way", "br0"), ("back", "br1"), ("ps2", "br1")):
        lan.ip("hub", "link", "set", port, "master", bridge, "up")
    lan.ip("hub", "link", "set", "br1", "mtu", MTU, "up")
    return Path(lan)


class Path:
    def __init__(self, lan):
        self._lan = lan

    def ends(self, mtu):
        """All hosts."""
        for host in ("m", "s1", "s2"):
            self._lan.ip(host, "link", "set", "eth0", "mtu", mtu)
            self._lan.group_route(host)

    def way(self, mtu):
        """Between the bridges."""
        for port in ("way", "back"):
            self._lan.ip("hub", "link", "set", port, "mtu", mtu)


class Host:
    """The address of a host's interface, and how it is taken and given."""

    def __init__(self, lan, name, address):
        self._lan, self.name, self.address = lan, name, address

    def lose(self):
        self._lan.ip(self.name, "addr", "del", f"{self.address}/24", "dev", "eth0")

    def link_off_and_on(self):
        for state in ("down", "up"):
            self._lan.ip(self.name, "link", "set", "eth0", state)
            time.sleep(1)
        self._lan.group_route(self.name)

    def get(self, address):
        self.address = address
        self._lan.ip(self.name, "addr", "add", f"{address}/24", "dev", "eth0")
        self._lan.group_route(self.name)


def begin(session, lan, scratch, source, *options):
    dirty(session.targets.values(), scratch.junk())
    session.slaves_up()
    session.bytes_before = lan.wire_bytes("m")
    session.master_up("--broadcast", "--codec", "none", "--all-blocks", "--disk", source, "--slaves", len(session.targets), *options)


def is_under_way(session, lan):
    assert session.wait_until_sent(lan, session.bytes_before + MIB, 30)


def completes(session, source):
    codes = session.end(BOUND)
    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(source) == {}


@pytest.mark.parametrize(("ends", "middle"), [(1500, 1400), (9000, 1450)])
def test_what_the_path_carries_is_found_and_used(ends, middle, path, lan, scratch, session, source):
    path.ends(ends)
    path.way(middle)
    lan.count_lengths("m", full=middle * 9 // 10, longest=middle)
    begin(session, lan, scratch, source)

    completes(session, source)

    sent = lan.lengths()
    assert sent["full"] > sent["every"] * 0.9, "almost every packet is as long as the path carries"
    # Until the length is decided, padded announcements try what the interface carries: a few in each second.
    assert sent["longer"] < sent["every"] * 0.02, f"only announcements are longer: {sent}"
    assert session.master.says(
        rf"\(slave2, 10\.77\.0\.12\) hears no datagrams longer than {middle - 28} bytes.*instead of {ends - 28}"
    )


def test_a_late_slave_behind_a_narrower_path_is_refused_in_time(path, lan, scratch, programs, targets, source):
    path.ends(1500)
    path.way(1400)
    session = Session(programs, targets)
    # On a busy machine the program may start as slowly as the pass ends. So it starts first and waits for its link.
    lan.ip("s2", "link", "set", "eth0", "down")
    late = session.slave_up(2)
    assert late.heard_within(BOUND, "waiting for the network")
    del session.targets[2]
    begin(session, lan, scratch, source, "--rate", SLOW)
    is_under_way(session, lan)
    lan.ip("s2", "link", "set", "eth0", "up")
    lan.group_route("s2")
    assert late.heard_within(BOUND, "^listening")

    assert session.master.heard_within(3, "slave2 .*cannot take part.*datagrams of 1472 bytes.*every switch port")
    assert session.end(BOUND) == {"master": 0, 1: 0, 2: 10}
    assert "none that long has reached this machine; set the MTU of every switch port in between to 1500" in late.said


def test_slaves_whose_addresses_and_links_change_go_on(path, lan, scratch, session, source):
    path.ends(1500)
    path.way(1500)
    first, second = Host(lan, "s1", "10.77.0.11"), Host(lan, "s2", "10.77.0.12")
    begin(session, lan, scratch, source, "--rate", SLOW)
    is_under_way(session, lan)

    second.lose()
    second.get("10.77.0.112")
    assert session.master.heard_within(10, r"\(slave2, 10\.77\.0\.112\) sends from this address now")
    first.lose()
    time.sleep(AWAY)
    first.get("10.77.0.11")
    assert session.slaves[1].heard_within(5, "eth0 has its address 10.77.0.11 again")
    first.link_off_and_on()
    completes(session, source)

    assert session.slaves[1].says("^warning: eth0 has lost its address 10.77.0.11; the session waits")
    assert session.slaves[2].says("^warning: eth0 has the address 10.77.0.112 now, and had 10.77.0.12 before")
    second.lose()
    second.get("10.77.0.12")


def test_a_master_whose_address_changes_keeps_its_slaves(path, lan, scratch, session, source):
    path.ends(1500)
    path.way(1500)
    master = Host(lan, "m", "10.77.0.1")
    begin(session, lan, scratch, source, "--rate", SLOW)
    is_under_way(session, lan)

    master.lose()
    time.sleep(AWAY)
    master.get("10.77.0.1")
    assert session.master.heard_within(5, "eth0 has its address 10.77.0.1 again")
    master.lose()
    master.get("10.77.0.2")
    for slave in session.slaves.values():
        assert slave.heard_within(10, "the master announces its session from 10.77.0.2 now, and was at 10.77.0.1 before")
    completes(session, source)
    master.lose()
    master.get("10.77.0.1")
