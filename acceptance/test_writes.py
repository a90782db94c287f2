"""Disks that do not keep what is written, nine of them in one session: a bit flipped before and after it is read back, writes that are
lost, misplaced or refused, a drive that wraps, a place that is full. Each slave says so and repairs it or fails, none is wrongly complete,
and a slave with a sound disk completes beside them.
"""

import re

import pytest

from lab import events, machine
from lab.disks import blank, difference, dirty
from lab.machine import MIB, run, slave_program
from lab.samples import random_file

DISK_MIB = 16
HALF = DISK_MIB * MIB // 2
COMPLETE, INCOMPLETE, DEVICE_FAILED, PEER_LOST = 0, 3, 12, 14
SOUND, FULL, WRAPPED = "sound", "full", "wrapped"
ANY = "."

# name: what the library does to the disk; the exit codes that are right; what the master is told when it is no success
SPOILT = {
    "flipped once": ({"HOW": "flip", "BYTES": f"{HALF}:512", "TIMES": 1}, {COMPLETE}, ANY),
    "flipped always": ({"HOW": "flip", "BYTES": f"{HALF}:512"}, {DEVICE_FAILED}, "failed 3 times: read back"),
    "rotten": ({"HOW": "rot", "BYTES": "0:512"}, {DEVICE_FAILED}, r"track 0 \(byte 0 of the image\) read back right and now"),
    "lost once": ({"HOW": "lose", "BYTES": f"{HALF}:65536", "TIMES": 1}, {COMPLETE}, ANY),
    "lost always": ({"HOW": "lose", "BYTES": f"{HALF}:65536"}, {DEVICE_FAILED}, "failed 3 times: read back"),
    "misplaced": (
        {"HOW": "misplace", "BYTES": f"{HALF}:512", "TIMES": 1, "SHIFT": -4 * MIB},
        {COMPLETE, DEVICE_FAILED},  # what lies at the wrong place is repaired where it was not read back yet
        "shows what was written to track",
    ),
    "refused": (
        {"HOW": "fail", "BYTES": f"{HALF + 4096}:512"},
        {DEVICE_FAILED},
        rf"write of \d+ bytes at LBA {HALF // 512}: Input/output error \(errno 5\)",
    ),
    WRAPPED: ({"WRAP": 6 * MIB}, {DEVICE_FAILED}, "false capacity|read back|use another disk"),
    FULL: ({}, {DEVICE_FAILED}, r"No space left on device \(errno 28\)"),
}
SLAVES = len(SPOILT) + 1
ROOM_MIB = DISK_MIB * (SLAVES + 3) + 100
SECONDS = 25

pytestmark = [pytest.mark.root, pytest.mark.tools("gcc")]


@pytest.fixture(scope="module")
def source(scratch):
    return random_file(scratch / "source", DISK_MIB)


@pytest.fixture(scope="module")
def shims(scratch):
    return {name: machine.shim(name, scratch.folder) for name in ("badwrite", "wrap")}


@pytest.fixture
def targets(scratch, disks):
    """Loop devices full of junk by name; one is a sparse file on a place of 6 MiB."""
    place = scratch / "full"
    place.mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", "size=6m", "none", place)
    files = {
        name: blank(scratch / f"target{number}", DISK_MIB * MIB)
        for number, name in enumerate([SOUND, *SPOILT])
        if name != FULL
    }
    dirty(files.values(), scratch.junk())
    yield {name: disks.attach(file) for name, file in files.items()} | {FULL: blank(place / "target", DISK_MIB * MIB)}
    run("umount", "-l", place)


@pytest.fixture
def slave_up(session, shims):
    """Starts a slave whose disk is spoilt as `how` says."""

    def start(name, host, device, how):
        words = []
        if "WRAP" in how:
            words = [f"WRAP_DISK={device}", f"WRAP_BYTES={how['WRAP']}", f"LD_PRELOAD={shims['wrap']}"]
        elif how:
            words = [f"BADWRITE_DISK={device}", f"LD_PRELOAD={shims['badwrite']}"]
            words += [f"BADWRITE_{key}={value}" for key, value in how.items()]
        command = [slave_program(), "--yes", "--json", "--window", 24, "--label", name, device]
        session.slaves[name] = session.programs.start(f"slave-{host}", host, "env", *words, *command)

    return start


def test_no_disk_that_loses_something_is_complete(session, source, targets, slave_up):
    for number, (name, device) in enumerate(targets.items(), 1):
        slave_up(name, f"s{number}", device, SPOILT[name][0] if name in SPOILT else {})
    for slave in session.slaves.values():
        assert slave.heard_within(90, "^listening"), slave.said[-500:]

    session.master_up("--json", "--broadcast", "--all-blocks", "--codec", "none", "--disk", source, "--slaves", SLAVES)
    codes = session.end(120)

    told = {event["label"]: event for event in events.of_kind(session.master.events, "slave-result")}
    assert codes["master"] == INCOMPLETE
    assert codes[SOUND] == COMPLETE
    for name, (_, right, words) in SPOILT.items():
        assert codes[name] in right, (name, codes[name], told[name]["message"])
        assert codes[name] == COMPLETE or re.search(words, told[name]["message"]), (name, told[name]["message"])
    for name, device in targets.items():
        assert (told[name]["result"] == "complete") == (codes[name] == COMPLETE), name
        if codes[name] == COMPLETE:
            assert difference(device, source) == "", name
            assert name == SOUND or session.slaves[name].says("track [0-9]+ is asked for again"), name


def test_a_disk_that_wraps_at_a_power_of_two_is_found_before_the_first_write(session, source, targets, slave_up, scratch):
    device, before = targets[WRAPPED], scratch / "before"
    run("cp", device, before)
    slave_up(WRAPPED, "s1", device, {"WRAP": HALF})
    assert session.slaves[WRAPPED].heard_within(90, "^listening")

    session.master_up("--broadcast", "--disk", source, "--slaves", 1)
    codes = session.end(60)

    assert codes[WRAPPED] == DEVICE_FAILED
    assert codes["master"] in (INCOMPLETE, PEER_LOST)
    assert re.search(f"about {HALF} bytes.*false capacity.*Nothing else was written", session.slaves[WRAPPED].said)
    assert difference(device, before) == "", "what was there was put back"
