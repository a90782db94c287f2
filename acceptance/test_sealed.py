"""Sessions that are sealed: a transfer that nobody can read, sessions and slaves that do not belong together, codes that are asked for and never told."""

import re
import sys
from types import SimpleNamespace

import pytest

from lab.capture import Capture
from lab.disks import blank, difference, overwrite
from lab.machine import MIB, PROJECT, master_program, run, slave_program, wait_for
from lab.session import Session

pytestmark = pytest.mark.root

SLAVES = 2
ROOM_MIB = 100
SECONDS = 60

MIB_OF_DISK = 12
MARK = b"this disk is nobody's business: "
OPENED = "MasterState: master: opened"
CODE = "acid-acrobat-actress-acetone-acquire"
OTHER_CODE = "acid-acrobat-actress-acetone-acuteness"
JUNK = b"what the disk held before "


@pytest.fixture(scope="module")
def place(scratch):
    """A disk with a mark in each line, and the keys of two rooms."""
    source = scratch / "source"
    lines = (MARK + b"%08d\n" % number for number in range(MIB_OF_DISK * MIB // (len(MARK) + 9)))
    source.write_bytes(b"".join(lines).ljust(MIB_OF_DISK * MIB, b"."))
    keys = {}
    for name in ("room5", "room6"):
        keys[name] = scratch / f"{name}.key"
        run(master_program(), "keygen", keys[name])
    return SimpleNamespace(folder=scratch.folder, source=source, room5=keys["room5"], room6=keys["room6"])


@pytest.fixture
def room(request, programs, scratch):
    numbers = getattr(request, "param", (1, 2))
    targets = {number: blank(scratch / f"target{number}", MIB_OF_DISK * MIB) for number in numbers}
    for target in targets.values():
        overwrite(target, JUNK, 4096)
    yield Session(programs, targets)
    for target in targets.values():
        target.unlink(missing_ok=True)


def of_slaves(key):
    return f"{key}.slave"


def sent(room, place, lan, master=(), slaves=()):
    """A session from start to end: exit codes, and all bytes that passed the master's port."""
    room.slaves_up("--wait", "60s", *slaves)
    capture = Capture(lan, place.folder / "frames")
    room.master_up("--broadcast", "--disk", place.source, "--codec", "none", "--slaves", len(room.targets), *master)
    codes = room.end(90)
    return codes, capture.stop()


def test_nobody_reads_a_sealed_session(room, place, lan):
    codes, frames = sent(room, place, lan, ("--key-file", place.room5), ("--key-file", of_slaves(place.room5)))

    assert codes == room.all_end(master=0, slaves=0), room.master.said
    assert room.differing(place.source) == {}
    assert "sealed (key file " in room.master.said
    assert len(frames) > MIB_OF_DISK * MIB
    for secret in (MARK[:16], b"slave1", b"slave2", str(room.targets[1]).encode(), place.source.name.encode()):
        assert secret not in frames, secret


def test_the_same_in_the_open_is_there_to_be_read(room, place, lan):
    codes, frames = sent(room, place, lan, ("--open",), ("--open",))

    assert codes == room.all_end(master=0, slaves=0), room.master.said
    assert room.differing(place.source) == {}
    assert MARK[:16] in frames and b"slave1" in frames


def test_who_comes_late_gets_all_of_it(room, place, lan):
    lan.rate("m", "20mbit")
    before = lan.wire_bytes("m")
    key = ("--key-file", of_slaves(place.room5))
    room.slave_up(1, *key)
    assert room.slaves[1].heard_within(60, "^listening")
    room.master_up("--broadcast", "--disk", place.source, "--codec", "none", "--slaves", 1, "--key-file", place.room5)
    assert room.wait_until_sent(lan, before + 2 * MIB)
    room.slave_up(2, *key)
    codes = room.end(120)
    lan.rate("m", "10gbit")

    assert codes == room.all_end(master=0, slaves=0), room.master.said
    assert room.differing(place.source) == {}


@pytest.mark.parametrize("room", [(1,)], indirect=True)
@pytest.mark.parametrize(
    "of_master, of_slave, line",
    [
        ("room5", "room6", "is sealed with key file"),
        ("room5", None, "is sealed, and this slave takes only open ones: start it with --key-file"),
        (None, "room5", "is open, and this slave takes only sealed ones"),
    ],
)
def test_what_does_not_belong_together_ends_soon_and_writes_nothing(room, place, of_master, of_slave, line):
    def options(name, ending):
        return ("--key-file", f"{getattr(place, name)}{ending}") if name else ("--open",)

    room.slaves_up("--wait", "60s", *options(of_slave, ".slave"))
    room.master_up("--broadcast", "--disk", place.source, "--wait", "8s", "--verbose", *options(of_master, ""))
    assert room.master.heard_within(60, OPENED)

    slave = room.slaves[1]
    assert slave.outcome(5) == 16, slave.said
    assert slave.said.count("the session of 10.77.0.1") == 1 and line in slave.said
    assert "nothing was written" in slave.said
    with open(room.targets[1], "rb") as target:
        content = target.read()
    assert content == bytes(4096) + JUNK + bytes(MIB_OF_DISK * MIB - 4096 - len(JUNK))
    assert room.master.outcome(30) == 13, room.master.said


@pytest.mark.parametrize("room", [(1,)], indirect=True)
def test_keys_that_are_not_safe_or_for_somebody_else_are_refused(room, place):
    loose = place.folder / "loose.key"
    loose.write_bytes(place.room5.read_bytes())
    loose.chmod(0o644)
    refused = {
        loose: "can be read by others (mode 644): chmod 600",
        of_slaves(place.room5): "is for slaves: a master needs the file that keygen wrote beside it, without .slave",
        f"{place.room5}.pub": "is public and opens no session",
        place.folder / "none.key": "cannot be read",
        place.source: "is not a sound key file",
    }
    for file, line in refused.items():
        master = room.programs.start(
            "master", "m", master_program(), "--yes", "--broadcast", "--disk", place.source, "--wait", "1s", "--key-file", file
        )
        assert master.outcome(30) == 16, master.said
        assert line in master.said, f"{file}: {master.said}"
    assert difference(room.targets[1], place.source) != ""


def test_five_words_are_enough(room, place):
    room.master_up("--broadcast", "--disk", place.source, "--slaves", 2, "--code", "new", "--json")
    assert room.master.heard_within(60, "^join code: ")
    (words,) = re.findall("^join code: (.*)$", room.master.err, re.MULTILINE)
    code = place.folder / "code"
    code.write_text(words + "\n")
    code.chmod(0o600)
    room.slave_up(1, "--wait", "60s", "--code-file", code)
    room.slave_up(2, "--wait", "60s", "--code", words.upper().replace("-", " "))

    assert room.end(90) == room.all_end(master=0, slaves=0), room.master.said
    assert room.differing(place.source) == {}
    assert words not in room.master.out


@pytest.mark.parametrize("room", [(1,)], indirect=True)
def test_a_mistyped_code_is_named_at_both_ends(room, place):
    room.slaves_up("--wait", "60s", "--code", CODE)
    room.master_up("--broadcast", "--disk", place.source, "--wait", "8s", "--verbose", "--code", OTHER_CODE)
    assert room.master.heard_within(60, OPENED)

    assert room.slaves[1].outcome(5) == 16, room.slaves[1].said
    assert "has another join code: type the five words that its master shows now" in room.slaves[1].said
    assert room.master.outcome(30) == 13, room.master.said
    assert "10.77.0.11 cannot take part: wrong join code" in room.master.said
    assert "1 slave cannot take part, as listed above" in room.master.said


@pytest.mark.parametrize("room", [(1,)], indirect=True)
def test_a_technician_types_the_code_at_the_slave(room, place):
    """A slave that was told nothing asks; a wrong word is named, a wrong code is asked for again."""
    asked = "join code, five words"
    talk = [asked, "acid-acrobut-actress-acetone-acquire", "'acrobut': word 2 of the join code(?s:.*)" + asked, OTHER_CODE]
    talk += ["has another join code(?s:.*)" + asked, "", asked, CODE.upper().replace("-", " ")]
    # The console of Linux is none that JLine knows, and the slave can start no program any more when it asks about it.
    typist = ["env", "TERM=linux", sys.executable, PROJECT / "lab/typist.py", 60, *talk, "--"]
    overwrite(room.targets[1], bytes(len(JUNK)), 4096)  # a target of zeros is not asked about
    room.slaves[1] = room.programs.start("slave1", "s1", *typist, slave_program(), "--wait", "60s", room.targets[1], asks=True)
    room.master_up("--broadcast", "--disk", place.source, "--slaves", 1, "--wait", "60s", "--code", CODE)

    assert room.end(90) == room.all_end(master=0, slaves=0), room.slaves[1].said
    assert room.differing(place.source) == {}
    assert "sealed (join code)" in room.slaves[1].said
    assert "Exception" not in room.slaves[1].said


@pytest.mark.parametrize("room", [(1,)], indirect=True)
def test_no_secret_is_in_anything_that_is_said(room, place):
    """The code comes by the environment of both; looked through is all that they say, with all of their logs."""
    logs = {name: place.folder / f"{name}.log" for name in ("master", "slave")}
    report = place.folder / "report.json"
    slave = [slave_program(), "--yes", "-vv", "--json", "--log", logs["slave"], "--wait", "60s", room.targets[1]]
    room.slaves[1] = room.programs.start("slave1", "s1", *slave, env={"IMGSLAVE_CODE": CODE})
    master = [master_program(), "--yes", "-vv", "--json", "--log", logs["master"], "--report", report, "--session", "words"]
    master += ["--broadcast", "--disk", place.source, "--slaves", 2, "--wait", "60s"]
    room.master = room.programs.start("master", "m", *master, env={"IMGBLSTR_CODE": CODE})
    assert wait_for(60, lambda: room.master.says("slave 1 joined"))
    status = run(master_program(), "status", "--session", "words", "--json")
    run(master_program(), "start", "--session", "words", "--yes")
    codes = room.end(90)

    assert (codes["master"], codes[1]) == (3, 0), room.master.said
    assert room.master.err.count(f"join code: {CODE}") == 1
    texts = [room.master.said.replace(f"join code: {CODE}", ""), room.slaves[1].said, status, report.read_text(encoding="utf-8")]
    texts += [log.read_text(encoding="utf-8") for log in logs.values()]
    for text in texts:
        assert len(text) > 300
        assert not re.search("acid[^a-z]{1,4}acrobat|actress[^a-z]{1,4}acetone", text, re.IGNORECASE)
        known = set(re.findall('"digest": ?"([0-9a-f]{64})"', "".join(texts)))
        assert set(re.findall("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", text)) <= known
    assert '"sealing":"code"' in report.read_text(encoding="utf-8")
