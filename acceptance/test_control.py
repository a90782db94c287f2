"""A running session is acted on from another shell: status, start, pause, resume, rate, kick, abort; a session that is cancelled."""

import json
import os
import time
from pathlib import Path

import pytest

from lab.disks import blank, difference
from lab.machine import MIB, master_program, slave_program, wait_for
from lab.samples import random_file

pytestmark = [pytest.mark.root, pytest.mark.slow]

BOUND = int(os.environ.get("BOUND", "60"))
SLAVES = 4
ROOM_MIB = 400
SECONDS = 60
GROUP = "239.255.82.7:18907"
FIELDS = {"session", "name", "phase", "secondsElapsed", "etaSeconds", "limit", "slaves", "refused"} | {
    "slavesJoined",
    "slavesWanted",
    "missing",
    "startsInSeconds",
    "bytesSent",
    "rate",
}


@pytest.fixture
def room(programs, scratch):
    return Room(programs, scratch)


class Room:
    """A master, slaves, and a second shell on the host of the master."""

    def __init__(self, programs, scratch):
        self.programs, self.name, self.asked = programs, f"control-{os.getpid()}", 0
        self.source = random_file(scratch / "source", 24)
        for old in scratch.folder.glob("target*"):
            old.unlink()
        self.targets = {number: blank(scratch / f"target{number}", 24 * MIB) for number in (1, 2, 3, 4)}
        self.zeros, self.slaves = blank(scratch / "target-zeros", 24 * MIB), {}

    def slaves_up(self):
        for number, target in self.targets.items():
            words = [slave_program(), "--yes", "--label", f"pc{number}", "--group", GROUP, "--wait", f"{BOUND}s", target]
            self.slaves[number] = self.programs.start(f"slave{number}", f"s{number}", *words)

    def master_up(self, name, *options):
        words = [master_program(), "--yes", "--broadcast", "--group", GROUP, "--session", self.name, "--disk"]
        return self.programs.start(name, "m", *words, self.source, *options)

    def ask(self, *words):
        """Exit code and answer."""
        self.asked += 1
        program = self.programs.run(
            f"ask{self.asked}", "m", master_program(), *words, "--session", self.name, seconds=BOUND
        )
        return program.code, program.said

    def status(self):
        code, text = self.ask("status", "--json")
        return json.loads(text) if code == 0 else {"phase": "none", "slaves": []}

    def all_joined(self):
        return wait_for(BOUND, lambda: len(self.status()["slaves"]) == 4)


def test_every_action_on_a_session_of_four(room, lan):
    room.slaves_up()
    master = room.master_up("master", "--slaves", 5, "--rate", "20M")
    assert room.all_joined()
    before = room.status()
    assert set(before) == FIELDS
    assert before["phase"] == "waiting"
    assert Path(f"/run/imgblstr/{room.name}.sock").stat().st_mode & 0o777 == 0o600
    assert room.ask("start")[0] == 2, "one is missing"
    assert room.ask("start", "--yes")[0] == 0

    assert room.ask("pause")[0] == 0
    sent, middle = lan.wire_bytes("m"), room.status()
    time.sleep(2)
    assert middle["phase"] == "paused"
    assert lan.wire_bytes("m") - sent < 64 << 10, "announcements only"
    assert room.ask("kick", "pc9")[0] == 2
    assert room.ask("kick", "#9")[0] == 2
    assert room.ask("kick", "PC2")[0] == 0
    assert room.ask("rate", "400M")[0] == 0
    assert room.ask("resume")[0] == 0

    assert master.outcome(BOUND) == 3
    assert "kicked" in master.out
    for told in ("the session is paused", "the rate is 400.0 Mbit/s", "the session goes on"):
        assert f"operator: {told}" in master.err
    assert {number: slave.outcome(BOUND) for number, slave in room.slaves.items()} == {1: 0, 2: 130, 3: 0, 4: 0}
    for number in (1, 3, 4):
        assert difference(room.targets[number], room.source) == ""
    assert room.ask("status")[0] == 13


def test_a_session_is_found_while_it_waits_for_its_time(room):
    later = time.strftime("%H:%M", time.localtime(time.time() + 7200))
    master = room.master_up("late", "--slaves", 4, "--at", later)
    assert wait_for(BOUND, lambda: room.status()["phase"] == "scheduled")
    before = room.status()
    assert set(before) == FIELDS
    assert 7000 < before["startsInSeconds"] <= 7200
    assert later in room.ask("status")[1]
    assert room.ask("rate", "400M")[0] == 2, "nothing is sent yet"

    room.slaves_up()
    assert room.ask("start")[0] == 0
    assert master.outcome(BOUND) == 0
    assert {slave.outcome(BOUND) for slave in room.slaves.values()} == {0}
    ended = room.master_up("ended", "--slaves", 4, "--at", later)
    assert wait_for(BOUND, lambda: room.status()["phase"] == "scheduled")
    assert room.ask("abort")[0] == 0
    assert ended.outcome(BOUND) == 130


def test_a_codec_that_is_slower_than_the_network_is_named(room):
    """Level 19 on two processors: some megabytes a second, where the network takes hundreds."""
    libraries = sorted(Path("/usr/lib").glob("*-linux-gnu/*.so*"), key=lambda path: path.stat().st_size)
    with open(room.source, "r+b") as disk:
        disk.write(b"".join(path.read_bytes() for path in libraries[-8:])[: 24 * MIB])
    room.slaves_up()
    master = room.master_up("slow-codec", "--slaves", 4, "--codec", "zstd:19")

    assert wait_for(BOUND, lambda: room.status().get("limit") == "codec"), room.status()
    assert master.outcome(BOUND) == 0


def test_slaves_of_a_cancelled_session_wait_for_the_next(room):
    room.slaves_up()
    first = room.master_up("first", "--slaves", 5)
    assert room.all_joined()

    assert room.ask("abort")[0] == 0
    assert first.outcome(BOUND) == 130
    for number, slave in room.slaves.items():
        assert slave.heard_within(BOUND, "cancelled before its start; listening again")
        assert difference(room.targets[number], room.zeros) == "", "untouched"
    second = room.master_up("second", "--slaves", 4)

    assert second.outcome(BOUND) == 0
    for number, slave in room.slaves.items():
        assert slave.outcome(BOUND) == 0
        assert difference(room.targets[number], room.source) == ""
