"""Firewalls that drop what they do not name: with the rules of docs/network.md all modes complete; when one side drops
what it sends or what it gets, the right sentence is said.

The machines are in pairs for the second part, so that all four cases wait at the same time.
"""

import os
import re
import signal
from types import SimpleNamespace

import pytest

from lab import events
from lab.disks import blank, difference
from lab.machine import MIB, PROJECT, attempt, master_program, slave_program
from lab.programs import Programs
from lab.samples import random_file

pytestmark = [pytest.mark.root, pytest.mark.tools("nft"), pytest.mark.slow]

BOUND = int(os.environ.get("BOUND", "60"))  # seconds in which each program must end
SPOKEN = 15  # seconds in which a sentence must be said
SIZE_MIB = 8
SLAVES = 7
ROOM_MIB = 200
SECONDS = 50

RULES = re.findall(r"```nft\n(.*?)```", (PROJECT / "docs/network.md").read_text(encoding="utf-8"), re.DOTALL)
NO_UDP = "table inet drops {{\n chain {0} {{\n type filter hook {0} priority 1\n meta l4proto udp drop\n }}\n}}\n"


@pytest.fixture(scope="module")
def place(scratch):
    return SimpleNamespace(
        source=random_file(scratch / "source", SIZE_MIB),
        image=scratch / "firewall.img",
        blank=blank(scratch / "blank", SIZE_MIB * MIB),
    )


@pytest.fixture
def targets(scratch):
    return {number: blank(scratch / f"target{number}", SIZE_MIB * MIB) for number in (1, 2)}


@pytest.fixture
def guarded(lan):
    """Only what docs/network.md names passes at the master and two slaves."""
    assert len(RULES) == 2, "docs/network.md has the rules of the master, then those of a slave"
    for host, rules in {"m": RULES[0], "s1": RULES[1], "s2": RULES[1]}.items():
        lan.on(host, "nft", "-f", "-", input=rules)
    yield
    for host in ("m", "s1", "s2"):
        lan.on(host, "nft", "flush", "ruleset")


@pytest.fixture
def local(scratch):
    return blank(scratch / "local", SIZE_MIB * MIB)


def broadcasts(session, *options):
    codes = session.run(BOUND, *options, "--broadcast", "--slaves", 2)
    assert codes == session.all_end(master=0, slaves=0)


def test_the_rules_drop_what_they_do_not_name(lan, guarded):
    send = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('10.77.0.99', 18799))"
    for host in ("m", "s1", "s2"):
        assert "PermissionError" in attempt(*lan.command(host, "python3", "-c", send)).stderr


def test_mode_2_disk_to_image_and_slaves(session, guarded, place):
    broadcasts(session, "--upload", place.image, "--disk", place.source)
    assert session.differing(place.source) == {}


def test_mode_3_disk_to_slaves(session, guarded, place):
    broadcasts(session, "--disk", place.source)
    assert session.differing(place.source) == {}


def test_mode_5_image_to_disk_and_slaves(session, guarded, place, local):
    broadcasts(session, "--download", place.image, "--disk", local)
    assert session.differing(place.source) == {}
    assert difference(local, place.source) == ""


def test_mode_6_image_to_slaves(session, guarded, place):
    broadcasts(session, "--download", place.image)
    assert session.differing(place.source) == {}


def test_modes_1_and_4_use_no_network(programs, guarded, place, local, scratch):
    image = scratch / "alone.img"
    for name, *mode in [("up", "--upload", image, "--disk", place.source), ("down", "--download", image, "--disk", local)]:
        assert programs.run(name, "m", master_program(), "--yes", *mode).code == 0
    assert difference(local, place.source) == ""


def test_two_sessions_on_one_host(programs, place, targets):
    """The second takes the next port and says so; a port that was named is not replaced."""
    masters, slaves = {}, {}
    for name, number in (("red", 1), ("blue", 2)):
        slave = [slave_program(), "--yes", "--session", name, targets[number]]
        slaves[name] = programs.start(f"of-{name}", f"s{number}", *slave)
        assert slaves[name].heard_within(BOUND, "^listening")
    common = [master_program(), "--yes", "-v", "--broadcast", "--disk", place.source, "--wait", f"{BOUND}s", "--session"]
    # Each starts when two slaves have joined, and only one will: so all of them are there at the same time.
    for name in ("red", "blue"):
        masters[name] = programs.start(name, "m", *common, name, "--slaves", 2)
        assert masters[name].heard_within(BOUND, "MasterState: master: opened")
    named = programs.run("named", "m", *common, "green", "--ports", "18765:18766", seconds=BOUND)

    assert named.code == 17
    assert named.says("UDP port 18766 is taken at 10.77.0.1 by other programs.*--ports")
    assert not masters["red"].says("is taken")
    assert masters["blue"].says("UDP port 18766 is taken on this host, so the master hears its slaves at UDP port 18767")
    for name in ("red", "blue"):
        assert masters[name].heard_within(BOUND, "slave 1 joined")
        masters[name].signal(signal.SIGINT)
        assert masters[name].outcome(BOUND) == 130
        assert slaves[name].heard_within(BOUND, "cancelled before its start; listening again")


@pytest.fixture
def second_card(lan):
    """Another card of host s3 in the subnet of its eth0; the kernel checks strictly where answers would leave."""
    lan.ip("s3", "link", "add", "eth1", "type", "veth", "peer", "name", "end1")
    for card in ("eth1", "end1"):
        lan.ip("s3", "link", "set", card, "up")
    lan.ip("s3", "addr", "add", "10.77.0.213/24", "dev", "eth1")
    lan.on("s3", "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1")
    yield "eth1"
    lan.on("s3", "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0")
    lan.ip("s3", "link", "del", "eth1")


def test_two_cards_in_one_subnet(programs, targets, second_card):
    listen = [slave_program(), "--yes", "--wait", "1s", "--interface"]
    deaf = programs.run("deaf", "s3", *listen, second_card, targets[1])
    hears = programs.run("hears", "s3", *listen, "eth0", targets[2])

    assert (deaf.code, hears.code) == (13, 13)
    assert deaf.says(r"^warning: .*from 10\.77\.0\.13, .*drops what comes in at eth1 \(rp_filter\)")
    assert not hears.says("rp_filter")


CASES = {
    # what is dropped: host of the master, host of the slave, host and chain of the drop
    "input of the master": ("m", "s1", "m", "input"),
    "output of the master": ("s2", "s3", "s2", "output"),
    "input of the slave": ("s4", "s5", "s5", "input"),
    "output of the slave": ("s6", "s7", "s7", "output"),
}
SENTENCES = {
    "input of the master": (
        "no slave has answered for 1. s: .*a firewall here drops UDP 18766",
        "the master at 10.77.0.1 is heard but has not answered for . s: a firewall there drops UDP 18766",
    ),
    "output of the master": (
        "a firewall here does not let imgblstr send: allow output to UDP 18765 and from UDP 18766",
        "nothing heard for . s on eth0: no master sends to 239.255.82.2, or a firewall here drops UDP 18765",
    ),
    "input of the slave": (
        "no slave has answered for 1. s: .*a firewall there drops UDP 18765",
        "nothing heard for . s on eth0: no master sends to 239.255.82.3, or a firewall here drops UDP 18765",
    ),
    "output of the slave": (
        "no slave has answered for 1. s: ",
        "a firewall here does not let imgslave answer the master at 10.77.0.16: allow output to UDP 18766",
    ),
}


@pytest.fixture(scope="module")
def pairs(scratch, lan, place):
    """For each case a master and a slave that cannot hear each other; all wait at the same time."""
    programs, started = Programs(scratch.log, lan), {}
    for number, (case, (master, slave, host, chain)) in enumerate(CASES.items(), 1):
        lan.on(host, "nft", "-f", "-", input=NO_UDP.format(chain))
        target = blank(scratch / f"unheard{number}", SIZE_MIB * MIB)
        options = ["--yes", "--json", "-v", "--group", f"239.255.82.{number}"]
        command = [master_program(), *options, "--broadcast", "--disk", place.source, "--slaves", 1]
        started[case] = SimpleNamespace(
            slave=programs.start(f"unheard{number}", slave, slave_program(), *options, target),
            master=programs.start(f"unheard-master{number}", master, *command),
        )
    for pair in started.values():
        assert pair.slave.heard_within(BOUND, "^listening")
        assert pair.master.heard_within(BOUND, "MasterState: master: opened")
    yield started
    programs.stop()
    for _, _, host, _ in CASES.values():
        lan.on(host, "nft", "flush", "ruleset")
    assert programs.broken_events() == []


@pytest.mark.parametrize("case", CASES)
def test_what_is_dropped_is_named(pairs, case):
    for program, sentence in zip((pairs[case].master, pairs[case].slave), SENTENCES[case]):
        assert program.heard_within(SPOKEN, sentence)
        is_fault = not re.match("no slave|nothing heard", sentence)
        assert program.says(f"^warning: {sentence}") == is_fault
        warnings = [event["message"] for event in events.of_kind(program.events, "warning")]
        assert any(re.match(sentence, message) for message in warnings) == is_fault
