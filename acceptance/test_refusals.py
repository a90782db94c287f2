"""What must not be done is not done: the right exit code, one clear line, and nothing written. test_inuse.py has disks that are in use."""

import re
from types import SimpleNamespace

import pytest

from lab.disks import blank, digest, dirty
from lab.machine import MIB, master_program, slave_program
from lab.samples import failed, random_file
from lab.session import Session

pytestmark = [pytest.mark.root]

WRONG_NAME = 2  # what is not there has not failed: the operator named the wrong one
SLAVES = 1
ROOM_MIB = 300
SECONDS = 35
IN_ANY_CASE = re.compile("^(listening|waiting|plan:|  )|^$")  # lines that are no complaints


@pytest.fixture(scope="module")
def place(scratch):
    names = SimpleNamespace(
        source=random_file(scratch / "source", 16),
        good=scratch / "good.img",
        new=scratch / "new.img",
        target=blank(scratch / "target", 16 * MIB),
        small=blank(scratch / "small", 15 * MIB),
        noise=random_file(scratch / "noise.img", 1),
        empty=scratch / "empty.img",
        folder=scratch.folder,
    )
    names.empty.touch()
    dirty([names.target], scratch.junk())
    assert failed(master_program(), "--quiet", "--yes", "--upload", names.good, "--disk", names.source) == ""
    return names


@pytest.fixture
def device(disks, scratch):
    """A loop device, and the file behind it."""
    file = blank(scratch / "device", 16 * MIB)
    return SimpleNamespace(path=disks.attach(file), file=file)


@pytest.fixture
def refused(programs):
    """Holds that a program ends with a code and with one line of complaint, and that it has written nothing to what is
    guarded.
    """

    def check(code, guarded, *command):
        before = guarded and digest(guarded)
        program = programs.run("refused", "m", *command, seconds=60)
        complaints = [line for line in program.said.splitlines() if not IN_ANY_CASE.match(line)]
        assert (program.code, len(complaints)) == (code, 1), complaints
        assert (guarded and digest(guarded)) == before, "nothing is written"

    return check


def master(*options):
    return [master_program(), *options]


def slave(*options):
    return [slave_program(), *options]


# ----------------------------------------------------------------------------------------------------- what needs a yes


def test_mode_4_device_without_yes_and_without_a_terminal(refused, device, scratch, place):
    dirty([device.path], scratch.junk())
    refused(15, device.file, *master("--download", place.good, "--disk", device.path))


def test_slave_device_without_yes_and_without_a_terminal(refused, device, scratch):
    dirty([device.path], scratch.junk())
    refused(15, device.file, *slave("--wait", "5s", device.path))


def test_mode_4_file_that_holds_something_without_yes(refused, place):
    refused(15, place.target, *master("--download", place.good, "--disk", place.target))


def test_slave_file_that_holds_something_without_yes(refused, place):
    refused(15, place.target, *slave("--wait", "5s", place.target))


# ---------------------------------------------------------------------------------------------------- what does not fit


def test_slave_too_small_leaves_nobody_to_send_to(programs, place):
    before = digest(place.small)
    session = Session(programs, {1: place.small})
    codes = session.run(60, "--broadcast", "--disk", place.source, "--wait", "4s")
    assert codes == session.all_end(master=13, slaves=10)
    assert digest(place.small) == before


# ------------------------------------------------------------- what is not there, what is no image, nobody, wrong usage

COMMANDS = {
    # name: exit code, what must stay as it is, command
    "upload, missing device": lambda p: (
        WRONG_NAME,
        None,
        master("--yes", "--upload", p.new, "--disk", p.folder / "absent"),
    ),
    "mode 4, missing device": lambda p: (
        WRONG_NAME,
        None,
        master("--yes", "--download", p.good, "--disk", "/dev/absent"),
    ),
    "slave, missing device": lambda p: (WRONG_NAME, None, slave("--yes", "--wait", "5s", "/dev/absent")),
    "mode 4, missing image": lambda p: (
        WRONG_NAME,
        p.target,
        master("--yes", "--download", p.folder / "absent.img", "--disk", p.target),
    ),
    "upload into a missing folder": lambda p: (
        WRONG_NAME,
        None,
        master("--yes", "--upload", p.folder / "absent/new.img", "--disk", p.source),
    ),
    "mode 4, image of noise": lambda p: (11, p.target, master("--yes", "--download", p.noise, "--disk", p.target)),
    "mode 4, empty image": lambda p: (11, p.target, master("--yes", "--download", p.empty, "--disk", p.target)),
    "mode 6, image of noise": lambda p: (
        11,
        None,
        master("--yes", "--download", p.noise, "--broadcast", "--wait", "2s"),
    ),
    "info, image of noise": lambda p: (11, None, master("info", p.noise)),
    "upload over an image": lambda p: (15, p.good, master("--yes", "--upload", p.good, "--disk", p.source)),
    "upload of an image's own file": lambda p: (
        15,
        p.source,
        master("--yes", "--force", "--upload", p.source, "--disk", p.source),
    ),
    "slave without a master": lambda p: (13, p.target, slave("--yes", "--wait", "2s", p.target)),
    "master without a slave": lambda p: (
        13,
        p.source,
        master("--yes", "--broadcast", "--disk", p.source, "--wait", "2s"),
    ),
    "no mode and no terminal": lambda p: (2, None, master()),
    "unknown option": lambda p: (2, None, master("--upload", p.new, "--disk", p.source, "--fast")),
    "upload and download at once": lambda p: (
        2,
        None,
        master("--upload", p.new, "--download", p.good, "--disk", p.source),
    ),
    "no disk": lambda p: (2, None, master("--upload", p.new)),
    "unknown codec": lambda p: (2, None, master("--upload", p.new, "--disk", p.source, "--codec", "best")),
    "wrong rate": lambda p: (2, None, master("--broadcast", "--disk", p.source, "--rate", "fast")),
    "wrong group": lambda p: (2, None, master("--broadcast", "--disk", p.source, "--group", "10.0.0.1")),
    "slave without a disk": lambda p: (2, None, slave()),
    "slave with two disks": lambda p: (2, None, slave(p.target, p.small)),
    "missing partition": lambda p: (10, None, master("--upload", p.new, "--disk", p.source, "--partition", "7")),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_is_refused_with_one_line(name, refused, place):
    code, guarded, command = COMMANDS[name](place)
    refused(code, guarded, *command)
    assert list(place.folder.glob("new.img*")) == [], "no image and no half image is left behind"


def test_plan_only_says(programs, place):
    before = digest(place.target)
    plan = programs.run("plan", "m", *master("--plan", "--download", place.good, "--disk", place.target), seconds=60)
    assert plan.code == 0
    assert str(place.target) in plan.said
    assert digest(place.target) == before
