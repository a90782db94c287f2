"""A disk that is complete while a hook, or a tool for a step after the copy, is at work: nobody else takes it meanwhile, and what a signal leaves behind is
said. docs/identity.md, section 1.
"""

import os
import shutil
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab.disks import blank, difference, digest, sectors_written
from lab.machine import MIB, attempt, master_program, run, slave_program, wait_for
from lab.samples import failed

pytestmark = [pytest.mark.root, pytest.mark.tools("sfdisk", "mkswap", "swaplabel")]

SLAVES = 1
ROOM_MIB = 60
SECONDS = 22

DISK_MIB = 4
REFUSED, INTERRUPTED, KILLED = 15, 130, 137


@pytest.fixture(scope="module")
def source(scratch):
    """A disk with swap in its one partition, and an image of it."""
    disk, image = blank(scratch / "source", DISK_MIB * MIB), scratch / "image"
    run("sfdisk", "-q", disk, input="label: gpt\nstart=1MiB, size=2MiB\n")
    swap = blank(scratch / "swap", 2 * MIB)
    run("mkswap", "-q", swap)
    with open(disk, "r+b") as file:
        file.seek(MIB)
        file.write(swap.read_bytes())
    run("sync", disk)
    assert failed(master_program(), "--quiet", "--yes", "--upload", image, "--disk", disk) == ""
    return SimpleNamespace(disk=disk, image=image)


@pytest.fixture(params=["file", "loop device"])
def target(request, scratch, disks):
    """The disk by its name, by another name, and the file that it is."""
    file = blank(scratch / "own", DISK_MIB * MIB)
    path = disks.attach(file) if request.param == "loop device" else file
    other = scratch / "another-name"
    if path == file:
        other.hardlink_to(file)
    else:
        other.symlink_to(path)
    yield SimpleNamespace(path=path, other=other, file=file)
    other.unlink()
    file.unlink()


class Waiting:
    """A program that works until it is allowed to end, or until the test is over; it has started another one."""

    def __init__(self, file: Path, last: str = "exit 0"):
        self.file, self._pids, self._go = file, file.with_suffix(".pids"), file.with_suffix(".go")
        self.forget()
        loop = f'while [ ! -e "{self._go}" ]; do sleep 0.05; done'
        file.write_text(f'#!/bin/sh\nsleep 300 &\necho "$$ $!" > {self._pids}.new\nmv {self._pids}.new {self._pids}\n{loop}\nkill $!\n{last}\n', encoding="ascii")
        file.chmod(0o755)

    def has_begun(self) -> bool:
        return wait_for(60, self._pids.exists)

    def running(self) -> list:
        """The processes of it that are there: more than an entry that nobody has asked for yet."""
        return [pid for pid in self._pids.read_text(encoding="ascii").split() if _lives(pid)]

    def let_go(self) -> None:
        self._go.touch()

    def end(self) -> None:
        for pid in self.running() if self._pids.exists() else []:
            attempt("kill", "-KILL", pid)

    def forget(self) -> None:
        self._pids.unlink(missing_ok=True)
        self._go.unlink(missing_ok=True)


def _lives(pid) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def waiting(scratch):
    """Makes such programs."""
    made = []

    def make(name, *words) -> Waiting:
        (scratch / name).parent.mkdir(exist_ok=True)
        made.append(Waiting(scratch / name, *words))
        return made[-1]

    yield make
    for each in made:
        each.end()


def quick(scratch, name) -> Path:
    """A hook that says its name and ends."""
    file = scratch / name
    file.write_text(f"#!/bin/sh\necho here is {name}\n", encoding="ascii")
    file.chmod(0o755)
    return file


def restore(source, disk, *options) -> list:
    return [master_program(), "--yes", "--download", source.image, "--disk", disk, *options]


def counted(target):
    """What changes with each write to the disk."""
    return (digest(target.path), os.stat(target.file).st_mtime_ns, sectors_written(target.path) if target.path != target.file else 0)


def test_nobody_else_takes_the_disk_while_a_hook_is_at_work(programs, source, target, waiting):
    hook = waiting("works")
    first = programs.start("first", "-", *restore(source, target.path, "--hook", hook.file))
    assert hook.has_begun(), first.said
    before = counted(target)

    refused = [
        programs.start("second", "-", *restore(source, target.path)),
        programs.start("renamed", "-", *restore(source, target.other, "--hook", hook.file)),
        programs.start("slave", "s1", slave_program(), "--yes", "--wait", "5s", target.path),
    ]
    for each in refused:
        assert each.outcome(60) == REFUSED, each.said
        assert f"is being finished by process {first.pid} (java)" in each.said
    assert counted(target) == before
    assert len(hook.running()) == 2 and first.is_running

    hook.let_go()
    assert first.outcome(60) == 0, first.said
    again = programs.run("again", "-", *restore(source, target.other))
    assert again.code == 0, again.said
    assert difference(target.path, source.disk) == ""


def outcome_of_interrupt(program, number) -> list:
    """What it says of an interrupt: one line at once, and one at its end."""
    program.signal(number)
    assert program.outcome(60) == INTERRUPTED, program.said
    return [line for line in program.err.splitlines() if "interrupted" in line]


def swap_of(disk) -> str:
    return run("blkid", "-p", "-O", MIB, "-s", "UUID", "-o", "value", disk).strip()


@pytest.mark.parametrize(("target", "number"), [("file", signal.SIGINT), ("loop device", signal.SIGTERM)], indirect=["target"])
def test_an_interrupt_ends_the_hook_and_says_what_was_done(programs, scratch, source, target, waiting, number):
    before, hook, never = quick(scratch, "before"), waiting("works"), quick(scratch, "never")
    hooks = [word for file in (before, hook.file, never) for word in ("--hook", file)]
    own = programs.start("own", "-", *restore(source, target.path, "--new-ids", *hooks))
    assert hook.has_begun(), own.said

    assert outcome_of_interrupt(own, number) == [
        f"interrupted: ending the hook {hook.file}, and no other is begun",
        "warning: every byte of the image is on the disk, but the operator has interrupted: "
        f"the hook {hook.file} was ended; the hook {never} was not run; done before: new identifiers; before: here is before",
    ]
    assert hook.running() == []
    assert "here is never" not in own.said
    assert swap_of(target.path) not in ("", swap_of(source.disk))


@pytest.mark.parametrize("target", ["file"], indirect=True)
def test_an_interrupt_lets_a_tool_end_and_begins_no_hook(programs, scratch, source, target, waiting):
    """The tool takes its time, and does what the real one does."""
    tool, never = waiting("tools/swaplabel", f'exec {shutil.which("swaplabel")} "$@"'), quick(scratch, "never")
    own = programs.start("own", "-", *restore(source, target.path, "--new-ids", "--hook", never), env=with_tools(tool))
    assert tool.has_begun(), own.said
    own.signal(signal.SIGTERM)
    assert own.heard_within(60, "^interrupted: what is adapted now is finished first, and no hook is begun$"), own.said
    tool.let_go()

    assert own.outcome(60) == INTERRUPTED, own.said
    assert f"but the operator has interrupted: the hook {never} was not run; done before: new identifiers\n" in own.err
    assert "here is never" not in own.said
    assert swap_of(target.path) not in ("", swap_of(source.disk))


def with_tools(tool) -> dict:
    return {"PATH": f"{tool.file.parent}:{os.environ['PATH']}"}


def loops_on(path) -> list:
    found = (line.split(maxsplit=1) for line in run("losetup", "-l", "-n", "-O", "NAME,BACK-FILE").splitlines())
    return [name for name, backing in found if backing.strip() == str(path)]


@pytest.mark.parametrize(("target", "what"), [("file", "tool"), ("loop device", "tool"), ("loop device", "hook")], indirect=["target"])
def test_a_run_that_is_killed_leaves_no_loop_device_and_the_next_run_works(programs, source, target, waiting, what):
    """What the run has started goes on: nobody is there to end it. It does not keep the disk."""
    work = waiting("tools/swaplabel" if what == "tool" else "works")
    options = ["--hook", work.file] if what == "hook" else []
    own = programs.start("own", "-", *restore(source, target.path, "--new-ids", *options), env=with_tools(work) if what == "tool" else None)
    assert work.has_begun(), own.said
    assert len(loops_on(target.path)) == (1 if what == "tool" else 0)

    own.signal(signal.SIGKILL)

    assert own.outcome(60) == KILLED
    assert wait_for(10, lambda: loops_on(target.path) == []), loops_on(target.path)
    assert len(work.running()) == 2
    again = programs.run("again", "-", *restore(source, target.path))
    assert again.code == 0, again.said
    assert difference(target.path, source.disk) == ""
