"""A slave of a sealed session is kicked in the middle: it is told, reads nothing of what comes after, and is not let in again; the others end complete."""

import re
from types import SimpleNamespace

import pytest

from lab import events
from lab.disks import blank, difference, digest
from lab.machine import MIB, master_program
from lab.samples import random_file
from lab.session import Session

pytestmark = pytest.mark.root

SLAVES = 3
ROOM_MIB = 60
SECONDS = 14

MIB_OF_DISK = 8
CODE = "acid-acrobat-actress-acetone-acquire"
KICKED = 2


@pytest.fixture
def room(programs, scratch):
    source = random_file(scratch / "source", MIB_OF_DISK)
    targets = {number: blank(scratch / f"target{number}", MIB_OF_DISK * MIB) for number in (1, 2, 3)}
    yield SimpleNamespace(session=Session(programs, targets), source=source, target=targets[KICKED])


def test_a_kicked_slave_is_out_and_stays_out(room, programs, lan):
    session = room.session
    lan.rate("m", "20mbit")
    before = lan.wire_bytes("m")
    session.slaves_up("--wait", "60s", "--json", "--code", CODE)
    session.master_up(
        *("--broadcast", "--disk", room.source, "--codec", "none", "--slaves", SLAVES, "--code", CODE),
        *("--session", "kick", "--json", "--verbose"),
    )
    assert session.wait_until_sent(lan, before + MIB // 2)
    epoch = last_epoch(session.master)
    order(programs, "pause")
    order(programs, "kick", f"slave{KICKED}")

    kicked = session.slaves[KICKED]
    assert kicked.outcome(10) == 130, kicked.said
    assert "the operator of the master removed this slave" in kicked.said
    assert events.summary(kicked.events)["exitCode"] == 130
    assert session.master.heard_within(5, f"epoch {epoch + 1} begins with a new group key")
    written = digest(room.target)

    again = session.slave_up(KICKED, "--wait", "60s", "--json", "--code", CODE)
    assert again.outcome(20) == 16, again.said
    assert "does not take this slave" in again.err
    lan.rate("m", "10gbit")
    order(programs, "resume")
    codes = session.end(60)

    assert codes == {"master": 3, 1: 0, 2: 16, 3: 0}, session.master.said
    assert [difference(session.targets[number], room.source) for number in (1, 3)] == ["", ""]
    assert digest(room.target) == written, "nothing was written after the kick"
    assert difference(room.target, room.source) != ""
    told_by_the_master(session.master.events)


def order(programs, *words):
    asked = programs.run(words[0], "m", master_program(), *words, "--session", "kick", seconds=30)
    assert asked.code == 0, asked.said


def last_epoch(master):
    return max((int(number) for number in re.findall("epoch ([0-9]+) begins", master.err)), default=1)


def told_by_the_master(told):
    refused = events.of_kind(told, "slave-refused")
    assert [one["address"] for one in refused] == [f"10.77.0.{10 + KICKED}"], "told once"
    assert "no machine there gets the keys of this session again" in refused[0]["reason"]
    summary = events.summary(told)
    assert summary["exitCode"] == 3
    results = {slave["label"]: slave["result"] for slave in summary["slaves"]}
    assert results == {"slave1": "complete", f"slave{KICKED}": "kicked", "slave3": "complete"}
