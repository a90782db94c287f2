"""The six modes by menus, typed on a pseudo-terminal, with Enter to start; a slave that asks before it overwrites; a
no; and Ctrl-C or SIGTERM at each question, on each Java that is installed.
"""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from conftest import Original
from lab import keys
from lab.disks import blank, difference, digest, dirty, exported_digest, overwrite, write_table
from lab.machine import MIB, PROJECT, master_program, slave_program
from lab.samples import failed, random_file

pytestmark = [pytest.mark.root, pytest.mark.tools("sfdisk"), pytest.mark.slow]

MIB_DISK = 24
SLAVES = 2
ROOM_MIB = 400
SECONDS = 72
BOTH_JOINED = "(?s)slave1.*slave2|slave2.*slave1"


@pytest.fixture(scope="module")
def source(scratch):
    """A disk with two partitions."""
    path = random_file(scratch / "source", MIB_DISK)
    write_table(path, 'start=1MiB, size=8MiB, name="one"', 'size=8MiB, name="two"')
    return Original(path)


@pytest.fixture(scope="module")
def targets(scratch):
    return {number: blank(scratch / f"target{number}", MIB_DISK * MIB) for number in (1, 2)}


@pytest.fixture(scope="module")
def local(scratch, source):
    return Path(shutil.copy(source.path, scratch / "local"))


@pytest.fixture(scope="module")
def image_one(scratch, source):
    """An image of the source."""
    image = scratch / "good.img"
    assert failed(master_program(), "--quiet", "--yes", "--upload", image, "--disk", source.path) == ""
    return image


def typist(seconds, talk, *command):
    """The command of a program on a pseudo-terminal whose questions get these answers."""
    return [sys.executable, PROJECT / "lab/typist.py", seconds, *talk, "--", *command]


def menu_talk(function, disk, image, broadcast):
    """The questions that a function asks, with their answers; starts when both slaves are there."""
    choice = ["Disk", disk, "Partitions.*all", "all"] if disk else []
    file = ["Image file", image] if image else []
    talk = ["Function", function]
    talk += file + choice if function == 2 else choice + file
    talk += ["Broadcast.*\\?", "yes" if broadcast else "no"] if function < 3 else []
    talk += ["Slaves", "any", "delta.*\\?", "no", *keys.menu_answers()] if broadcast else []
    talk += ["(?s)the same by one command: imgblstr .*Begin\\?", "yes"]
    return talk + ([BOTH_JOINED, ""] if broadcast else [])


def alone(programs, *talk):
    menu = programs.run("master", "m", *typist(90, menu_talk(*talk, broadcast=False), master_program()), seconds=100)
    assert menu.code == 0


def with_slaves(session, scratch, source, *talk):
    dirty(session.targets.values(), scratch.junk())
    session.slaves_up()
    session.master = session.programs.start(
        "master", "m", *typist(90, menu_talk(*talk, broadcast=True), master_program())
    )
    assert session.end(100) == session.all_end(master=0, slaves=0)
    assert session.differing(source.path) == {}


def test_mode_1_by_menus(programs, scratch, source):
    alone(programs, 1, source.path, scratch / "one.img")
    assert failed(master_program(), "verify", scratch / "one.img") == ""


def test_mode_2_by_menus(session, scratch, source):
    with_slaves(session, scratch, source, 1, source.path, scratch / "two.img")
    assert failed(master_program(), "verify", scratch / "two.img") == ""


def test_mode_3_by_menus(session, scratch, source):
    with_slaves(session, scratch, source, 3, source.path, None)


def test_mode_4_by_menus(programs, local, image_one):
    alone(programs, 2, local, image_one)


def test_mode_5_by_menus(session, scratch, source, local, image_one):
    overwrite(local, scratch.junk()[: 8 * MIB], 9 * MIB)  # its table stays, so that the menu asks for partitions
    with_slaves(session, scratch, source, 2, local, image_one)
    assert difference(local, source.path) == ""


def test_mode_6_by_menus(session, scratch, source, image_one):
    with_slaves(session, scratch, source, 4, None, image_one)


def test_what_the_command_line_has_answered_is_not_asked(programs, scratch, source):
    part = scratch / "part.img"
    talk = ["Function", 1, "Partitions", 2, "Image file", part, "Broadcast", "no", "Begin\\?", "yes"]
    menu = programs.run("master", "m", *typist(60, talk, master_program(), "--disk", source.path), seconds=70)
    assert menu.code == 0
    assert exported_digest(master_program(), part) == digest(source.path, 9 * MIB, 8 * MIB)


def test_the_command_that_the_menus_show_does_the_same(session, programs, scratch, source):
    """Chosen are the number of slaves and a delta; then a shell runs the line that was shown."""
    talk = ["Function", 3, "Disk", source.path, "Partitions.*all", "all", "Slaves", "none", "Slaves", 2]
    talk += ["delta.*\\?", "yes", *keys.menu_answers(), "Begin\\?", "no"]
    menu = programs.run("menu", "m", *typist(60, talk, master_program()), seconds=70)
    assert menu.code == 15
    shown = re.search(r"the same by one command: imgblstr ([^\r\n]+)", menu.said).group(1)
    assert shown == f"--broadcast --disk {source.path} --slaves 2 --delta {' '.join(map(str, keys.master_options()))}"
    dirty(session.targets.values(), scratch.junk())
    session.slaves_up()
    session.master = programs.start("master", "m", "sh", "-c", f"exec {master_program()} --yes {shown}")
    assert session.end(100) == session.all_end(master=0, slaves=0)
    assert session.differing(source.path) == {}


def test_no_to_the_last_question_writes_nothing(programs, scratch, local, image_one):
    dirty([local], scratch.junk())
    before = digest(local)
    talk = ["Function", 2, "Image file", image_one, "Disk", local, "Broadcast", "no", "Begin\\?", "no"]
    menu = programs.run("master", "m", *typist(60, talk, master_program()), seconds=70)
    assert menu.code == 15
    assert digest(local) == before


@pytest.mark.parametrize(("answer", "code"), [("no", 15), ("yes", 13)])
@pytest.mark.parametrize("kind", ["device", "file"])
def test_a_slave_on_a_terminal_asks_before_it_overwrites(kind, answer, code, programs, scratch, disks):
    file = blank(scratch / "asked", MIB_DISK * MIB)
    disk = disks.attach(file) if kind == "device" else file
    dirty([disk], scratch.junk())
    before = digest(file)
    command = typist(60, ["Overwrite.*\\?", answer], slave_program(), "--wait", "2s", disk)
    slave = programs.run("slave", "s1", *command, seconds=70)
    assert slave.code == code
    assert digest(file) == before, "nothing is written"


def other_javas():
    """Those that are installed besides the one of the path; None is the one that the programs find by themselves."""
    mine = shutil.which("java")
    found = [
        home
        for home in sorted(Path("/usr/lib/jvm").glob("*"))
        if not home.is_symlink() and os.access(home / "bin/java", os.X_OK)
    ]
    return [None] + [str(home) for home in found if mine is None or not os.path.samefile(home / "bin/java", mine)]


STOPS = [
    pytest.param(signal, java, id=f"{signal[1:]}-{Path(java).name if java else 'java of the path'}")
    for java in other_javas()
    for signal in (("^C", "^TERM") if java is None else ("^C",))
]
QUESTIONS = [
    "master, function",
    "master, image",
    "master, begin",
    "master, overwrite",
    "master, Enter to start",
    "slave, overwrite",
]


def question(name, scratch, source, local, image, signal):
    """The answers up to a question that is answered with a signal, and the program that asks it."""
    master, slave = master_program(), slave_program()
    stopped = scratch / "stopped.img"
    return {
        "master, function": (["Function", signal], master),
        "master, image": (["Function", 1, "Disk", source.path, "Partitions", "all", "Image file", signal], master),
        "master, begin": (
            ["Function", 2, "Image file", image, "Disk", local, "Broadcast", "no", "Begin\\?", signal],
            master,
        ),
        "master, overwrite": (["Overwrite.*\\?", signal], master, "--download", image, "--disk", local),
        "master, Enter to start": (
            ["press Enter", signal],
            master,
            "--upload",
            stopped,
            "--broadcast",
            "--disk",
            source.path,
        ),
        "slave, overwrite": (["Overwrite.*\\?", signal], slave, local),
    }[name]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(("signal", "java"), STOPS)
def test_a_signal_at_a_question_ends_the_program_at_once(
    name, signal, java, programs, scratch, source, local, image_one
):
    dirty([local], scratch.junk())
    before = digest(local)
    talk, *command = question(name, scratch, source, local, image_one, signal)
    asked = programs.run(
        "asked", "m", *typist(60, talk, *command), seconds=70, env={"JAVA_HOME": java} if java else None
    )
    assert asked.code == 130
    assert re.search("ended [0-5] s after", asked.said), "at once"
    assert digest(local) == before, "nothing is written"
    assert list(scratch.folder.glob("stopped.img*")) == [], "no image is left behind"


def test_source_is_as_it_was(source):
    assert source.is_unchanged
