"""Somebody in the network who does not have the secret: what is heard, forged, sent again, cut or sent in floods harms no sealed session.

IMGBLSTR_ATTACKS says how many datagrams of each command are sent; a session lasts as long as they take.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lab.disks import blank
from lab.machine import MIB, master_program, run, wait_for
from lab.samples import random_file
from lab.session import Session

pytestmark = pytest.mark.root

SLAVES = 2
ROOM_MIB = 150
SECONDS = 50

EACH = int(os.environ.get("IMGBLSTR_ATTACKS", "1500"))
COMMANDS = 11
MIB_OF_DISK = 12
A_SECOND = 11_000  # datagrams that the attacker sends at least
DATA_A_SECOND = 5_000  # datagrams of a session of 60 Mbit/s, and of a flood beside it
TOP = Path(__file__).resolve().parent.parent


class Attack:
    """The attacker, in the bridge of a LAN."""

    def __init__(self, lan, folder: Path, how: str, amount: int, key: Path = None):
        self._report = folder / f"{how}.json"
        self._report.unlink(missing_ok=True)
        words = (sys.executable, "-m", "lab.attacker", how, str(folder / "heard"), str(self._report), str(amount), "s1,s2")
        if how == "inside":
            words = (sys.executable, "-m", "lab.insider", f"{key}.slave", str(self._report), str(amount), "s1,s2")
        self._child = subprocess.Popen(lan.command("hub", *words), cwd=TOP)

    def sent(self, seconds: float) -> dict:
        """Waits until it has ended; what it sent, by command and kind."""
        assert self._child.wait(seconds) == 0
        return json.loads(self._report.read_text())

    def stop(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()


@pytest.fixture(scope="module")
def key(scratch):
    file = scratch / "room.key"
    run(master_program(), "keygen", file)
    return file


@pytest.fixture(scope="module")
def source(scratch):
    return random_file(scratch / "source", MIB_OF_DISK)


@pytest.fixture
def room(programs, scratch):
    targets = {number: blank(scratch / f"target{number}", MIB_OF_DISK * MIB) for number in (1, 2)}
    yield Session(programs, targets)
    for target in targets.values():
        target.unlink(missing_ok=True)


@pytest.fixture
def attacks(lan, scratch):
    begun = []

    def begin(how, amount=0, key=None):
        begun.append(Attack(lan, scratch.folder, how, amount, key))
        return begun[-1]

    yield begin
    for attack in begun:
        attack.stop()


def begin(room, key, source, *options):
    room.slaves_up("--wait", "60s", "--key-file", f"{key}.slave")
    room.master_up("--broadcast", "--disk", source, "--codec", "none", "--key-file", key, "--verbose", *options)


def not_believed(said: str) -> int:
    """What a program has counted at its end."""
    totals = re.findall(r"opened \d+, not believed: (.*)", said)
    assert totals, said[-3000:]
    return sum(int(number) for number in re.findall(r"(\d+) ", totals[-1]))


def opened(said: str) -> int:
    return int(re.findall(r"opened (\d+), not believed", said)[-1])


def test_nothing_forged_replayed_cut_or_of_another_session_is_believed(room, key, source, lan, attacks):
    past = attacks("listen")
    begin(room, key, source, "--slaves", 2)
    assert room.end(60) == room.all_end(master=0, slaves=0), room.master.said
    past.sent(20)

    seconds = max(15, EACH * COMMANDS / A_SECOND * 1.5)  # a busy machine begins the attack late
    begin(room, key, source, "--slaves", 2, "--rate", f"{int(MIB_OF_DISK * MIB * 8 / seconds / 1000)}kbit")
    frames = lan.wire_frames("m")
    assert wait_for(60, lambda: "started" in room.master.said)
    sent = attacks("attack", EACH).sent(600)
    assert room.master.is_running, "the session was over before the attack"
    assert room.end(60 + 2 * seconds) == room.all_end(master=0, slaves=0), room.master.said

    assert room.differing(source) == {}
    assert all(sum(kinds.values()) == EACH for kinds in sent.values()), sent
    to_group = sum(sum(sent[name].values()) - sent[name]["older"] for name in ("sector-data", "sector-data-and-flush", "skip-track", "end-of-data", "done"))
    to_master = sum(sum(sent[name].values()) - sent[name]["older"] for name in ("rsvp", "resend-request", "disconnect"))
    assert not_believed(room.master.said) >= 0.95 * to_master
    for slave in room.slaves.values():
        assert not_believed(slave.said) >= 0.95 * to_group
        assert opened(slave.said) <= lan.wire_frames("m") - frames
        assert slave.said.count("sends datagrams that are not of this session") == 1


def test_a_flood_of_rsvps_keeps_nobody_out(room, key, source, attacks):
    room.master_up("--broadcast", "--disk", source, "--codec", "none", "--key-file", key, "--verbose", "--slaves", 2)
    flood = attacks("flood", 8)
    assert room.master.heard_within(60, "sends datagrams that are not of this session"), room.master.said
    room.slaves_up("--wait", "60s", "--key-file", f"{key}.slave")

    assert room.end(90) == room.all_end(master=0, slaves=0), room.master.said
    assert room.differing(source) == {}
    assert flood.sent(60)["rsvp"]["forged"] > 10_000


def test_forged_data_at_the_rate_of_the_session_costs_it_nothing(room, key, source, lan, attacks):
    frames, peaks = {}, {}
    for name in ("alone", "flooded"):
        before = lan.wire_frames("m")
        flood = attacks("data", DATA_A_SECOND) if name == "flooded" else None
        begin(room, key, source, "--slaves", 2, "--rate", "60mbit")
        for program in (room.master, *room.slaves.values()):
            program.watch()
        assert room.end(60) == room.all_end(master=0, slaves=0), room.master.said
        assert room.differing(source) == {}
        frames[name], peaks[name] = lan.wire_frames("m") - before, [slave.peak_mib for slave in room.slaves.values()]

    forged = flood.sent(30)["sector-data"]["forged"]
    assert forged > frames["alone"] / 2
    for slave in room.slaves.values():
        assert not_believed(slave.said) >= 0.9 * forged
    assert frames["flooded"] <= 1.1 * frames["alone"], "repairs"
    assert all(flooded <= alone + 12 for flooded, alone in zip(peaks["flooded"], peaks["alone"])), peaks


@pytest.mark.skipif("IMGBLSTR_ATTACKS" not in os.environ, reason="runs with IMGBLSTR_ATTACKS only")
def test_an_insider_makes_nobody_complete_over_other_bytes(room, key, source, attacks):
    begin(room, key, source, "--slaves", 3, "--rate", f"{int(MIB_OF_DISK * MIB * 8 / 5000)}kbit")
    forged = attacks("inside", 4, key).sent(60)
    codes = room.end(90, 60)

    assert all(forged.values()), forged
    assert codes[1] == codes[2] == 0, (codes, room.master.said, room.slaves[1].said)
    assert codes["master"] != 0, "the insider itself did not end complete"
    assert room.differing(source) == {}
    assert re.search(r"(slave1|slave2).* got tracks that this master did not send", room.master.said), room.master.said
