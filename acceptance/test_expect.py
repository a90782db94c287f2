"""A session with a list of slaves: two that are on it, one that is missing, one that is strange; and reports of it."""

import csv
import signal
from types import SimpleNamespace

import pytest

from lab import events
from lab.disks import blank, difference
from lab.machine import MIB
from lab.samples import random_file
from lab.session import Session

pytestmark = pytest.mark.root

SLAVES = 3
ROOM_MIB = 100
SECONDS = 15


@pytest.fixture(scope="module")
def place(scratch):
    return SimpleNamespace(folder=scratch.folder, source=random_file(scratch / "source", 8))


@pytest.fixture
def room(request, programs, scratch):
    numbers = getattr(request, "param", (1, 2, 3))
    session = Session(programs, {number: blank(scratch / f"target{number}", 8 * MIB) for number in numbers})
    session.slaves_up("--wait", "60s")
    yield session
    for target in session.targets.values():
        target.unlink(missing_ok=True)


def mac(lan, slave):
    return lan.on(f"s{slave}", "cat", "/sys/class/net/eth0/address").strip()


def rows(report):
    with open(report, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_one_is_missing_and_one_is_strange(room, place, lan):
    names = place.folder / "list"
    names.write_text(f"# room 7\nslave1\n{mac(lan, 2).replace(':', '-').upper()}\nslave4  # at the window\n")
    report = place.folder / "report.csv"
    room.master_up(
        "--broadcast", "--disk", place.source, "--expect", names, "--wait", "3s", "--report", report, "--json"
    )

    assert room.end(60) == {"master": 3, 1: 0, 2: 0, 3: 15}
    said = room.master.said
    assert "3 slaves expected" in said
    assert "waiting for slaves: " in said and " of 3 joined, " in said
    assert "the session starts without 1 of 3 expected slaves: slave4" in said
    assert "slave3 (10.77.0.13) cannot take part: it is not on the list of expected slaves" in said
    assert "4 slaves: 2 complete, 1 refused, 1 missing" in said
    assert "expects other slaves" in room.slaves[3].said and "nothing was written" in room.slaves[3].said
    assert difference(room.targets[1], place.source) == difference(room.targets[2], place.source) == ""
    assert difference(room.targets[3], place.source) != "", "the disk of the strange slave is as it was"

    told = events.summary(room.master.events)
    assert told["missing"] == ["slave4"]
    assert [slave["label"] for slave in told["refused"]] == ["slave3"]
    assert {slave["label"]: (slave["mac"], slave["disk"]) for slave in told["slaves"]} == {
        f"slave{n}": (mac(lan, n), {"path": str(room.targets[n]), "model": "file", "serial": "", "bytes": 8 * MIB})
        for n in (1, 2)
    }
    table = rows(report)
    assert [(row["label"], row["result"]) for row in table][:2] == [("slave3", "refused"), ("slave4", "missing")]
    assert sorted((row["label"], row["result"]) for row in table[2:]) == [("slave1", "complete"), ("slave2", "complete")]
    assert {row["mac"] for row in table[2:]} == {mac(lan, 1), mac(lan, 2)}


def test_all_are_there_and_force_admits_the_strange_one(room, place):
    names = place.folder / "both"
    names.write_text("slave1\nslave2\n")
    report = place.folder / "report.json"
    report.write_text("old")
    options = ("--broadcast", "--disk", place.source, "--expect", names, "--report", report)
    room.master_up(*options, "--force", "--json")

    assert room.end(60) == room.all_end(master=0, slaves=0)
    assert "slave3, 10.77.0.13) is not on the list of expected slaves" in room.master.said
    (written,) = events.read(report.read_text(encoding="utf-8"))
    told = events.summary(room.master.events)
    assert {**written, "time": ""} == {**told, "time": ""}
    assert len(written["slaves"]) == 3 and written["missing"] == []


@pytest.mark.parametrize("room", [(1,)], indirect=True)
def test_an_interrupted_run_leaves_its_report(room, place):
    report = place.folder / "stopped.json"
    names = place.folder / "nobody"
    names.write_text("lab-07\nlab-11\n")
    room.master_up("--broadcast", "--disk", place.source, "--expect", names, "--report", report)
    assert room.master.heard_within(30, "slave1 .*cannot take part")
    room.master.signal(signal.SIGINT)

    assert room.end(30) == room.all_end(master=130, slaves=15)
    assert "3 slaves: 1 refused, 2 missing" in room.master.err
    (written,) = events.read(report.read_text(encoding="utf-8"))
    assert written["exitCode"] == 130 and written["missing"] == ["lab-07", "lab-11"]
    assert [slave["label"] for slave in written["refused"]] == ["slave1"]
