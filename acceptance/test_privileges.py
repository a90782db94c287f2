"""Rights that the programs give up once they wait for others, and join codes that nobody else on the machine can see."""

import contextlib
import os
import re
import signal
from pathlib import Path

import pytest

from lab.disks import blank, difference, overwrite, write_table
from lab.machine import MIB, attempt, master_program, run, slave_program, wait_for
from lab.samples import random_file
from lab.session import Session

pytestmark = pytest.mark.root

SLAVES = 2
ROOM_MIB = 200
SECONDS = 70

MIB_OF_DISK = 12
CODE = "acid-acrobat-actress-acetone-acquire"
NOBODY = 65534
NET_ADMIN = 1 << 12


@pytest.fixture(scope="module")
def source(scratch):
    path = random_file(scratch / "source", MIB_OF_DISK)
    write_table(path, 'start=1MiB, size=4MiB, name="one"', 'size=4MiB, name="two"')
    return path


@pytest.fixture
def room(programs, scratch):
    targets = {number: blank(scratch / f"target{number}", MIB_OF_DISK * MIB) for number in (1, 2)}
    yield Session(programs, targets)
    for target in targets.values():
        target.unlink(missing_ok=True)


def status(folder) -> dict:
    """The fields of a file `status` of /proc."""
    lines = Path(folder, "status").read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines if ":" in line)}


def threads(program) -> list:
    """Those that live; the compiler's come and go, also while they are read."""
    found = []
    for folder in Path(f"/proc/{program.pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.append(status(folder))
    return found


def network_thread(program) -> dict:
    (found,) = [thread for thread in threads(program) if thread["Name"].startswith("imgblstr-net")]
    return found


def capabilities(fields) -> int:
    return int(fields["CapEff"], 16)


def all_that_is_seen(program) -> str:
    """What any user, and what the user of the program, reads of it in /proc."""
    return "".join(Path(f"/proc/{program.pid}/{name}").read_bytes().decode(errors="replace") for name in ("cmdline", "environ"))


def filters(program) -> set:
    """How many filters of calls its threads have beside those of this process."""
    own = int(status("/proc/self")["Seccomp_filters"])
    return {int(thread["Seccomp_filters"]) - own for thread in threads(program)}


def assert_reduced(program):
    for thread in threads(program):
        assert thread["NoNewPrivs"] == "1" and thread["Seccomp"] == "2", thread["Name"]
    assert filters(program) == {1}
    process = status(f"/proc/{program.pid}")
    assert process["Umask"] == "0077"
    assert re.search(r"^Max core file size +0 ", Path(f"/proc/{program.pid}/limits").read_text(encoding="ascii"), re.M)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (["--code", CODE], "--code WORDS"),
        (["--code", f"-{CODE}"], "--code WORDS"),
        ([f"--code=-{CODE}"], "--code=WORDS"),
        (["--code", ""], "--code "),
        (["--code", "--open"], "--code --open"),
        (["--code", "-v"], "--code -v"),
        (["--code", "/dev/sdz"], "--code /dev/sdz"),
    ],
)
def test_the_start_script_takes_the_words_of_a_code_from_the_command_line(words, seen, scratch):
    java = scratch / "bin" / "java"
    java.parent.mkdir(exist_ok=True)
    java.write_text('#!/bin/sh\necho " $*"\n', encoding="utf-8")
    java.chmod(0o755)
    said = run(slave_program(), *words, env={**os.environ, "JAVA_HOME": scratch.folder})
    assert said.endswith(f" {seen}\n")
    assert CODE not in said


def test_master_and_slaves_give_up_what_they_do_not_need(room, source, lan):
    lan.rate("m", "16mbit")
    room.slave_up(1, "--wait", "60s", "--code", CODE)
    command = [slave_program(), "--yes", "--label", "slave2", "--wait", "60s", room.targets[2]]
    room.slaves[2] = room.programs.start("slave2", "s2", *command, env={"IMGSLAVE_CODE": CODE})
    for slave in room.slaves.values():
        assert slave.heard_within(60, "^listening"), slave.said
        assert_reduced(slave)
        assert capabilities(network_thread(slave)) == NET_ADMIN
        assert "acrobat" not in all_that_is_seen(slave)
    assert "--code\0WORDS\0" in all_that_is_seen(room.slaves[1])

    room.master_up("--broadcast", "--disk", source, "--codec", "none", "--slaves", 2, f"--code={CODE}")
    assert room.master.heard_within(60, "^started"), room.master.said
    assert_reduced(room.master)
    assert capabilities(network_thread(room.master)) == 0
    assert any(capabilities(thread) == capabilities(status("/proc/self")) for thread in threads(room.master))
    assert "acrobat" not in all_that_is_seen(room.master)
    for slave in room.slaves.values():
        assert wait_for(20, lambda each=slave: each.says("^started"))
        assert wait_for(5, lambda each=slave: capabilities(network_thread(each)) == 0)
        # Until then its master might have asked for something that starts programs and mounts.
        assert wait_for(5, lambda each=slave: filters(each) == {2})
    codes = room.end(90)
    lan.rate("m", "10gbit")

    assert codes == room.all_end(master=0, slaves=0), room.master.said
    assert room.differing(source) == {}


@pytest.mark.tools("setpriv")
def test_nobody_else_looks_into_the_memory_of_a_user_without_rights(room, source, scratch):
    """A process of whose memory no core may be written belongs to root in /proc, whoever runs it."""
    scratch.folder.chmod(0o711)
    os.chown(room.targets[1], NOBODY, NOBODY)
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "env", "HOME=/"]
    if attempt(*user, "test", "-r", slave_program()).returncode != 0:
        pytest.skip("the start script is where other users cannot read it")
    words = [*user, slave_program(), "--wait", "60s", room.targets[1]]  # who cannot read the key of the other tests
    room.slaves[1] = room.programs.start("slave1", "s1", *words, env={"IMGSLAVE_CODE": CODE})
    room.targets = {1: room.targets[1]}
    slave = room.slaves[1]
    assert slave.heard_within(60, "^listening"), slave.said
    assert_reduced(slave)
    assert status(f"/proc/{slave.pid}")["Uid"].split()[0] == str(NOBODY)
    assert os.stat(f"/proc/{slave.pid}/environ").st_uid == 0
    assert attempt(*user, "cat", f"/proc/{slave.pid}/environ").returncode != 0

    room.master_up("--broadcast", "--disk", source, "--slaves", 1, "--code", CODE)
    assert room.end(90) == room.all_end(master=0, slaves=0), slave.said
    assert room.differing(source) == {}


def test_a_loop_device_is_written_trimmed_and_its_table_read_again(room, source, scratch, disks, programs):
    """All that needs rights of root late in a session: the master restores its own disk too, and writes a report."""
    files = {name: blank(scratch / f"{name}.raw", MIB_OF_DISK * MIB) for name in ("slave", "master")}
    for file in files.values():
        overwrite(file, b"junk " * 1000, 4096)
    device, own = (disks.attach(file, 512, 0, 0, "-P") for file in files.values())
    image, report = scratch / "disk.img", scratch / "report.json"
    assert programs.run("upload", "-", master_program(), "--yes", "--upload", image, "--disk", source).code == 0
    room.targets = {1: device}
    room.slave_up(1, "--wait", "60s", "--discard")
    room.master_up("--download", image, "--broadcast", "--disk", own, "--slaves", 1, "--report", report)
    assert room.slaves[1].heard_within(60, "^listening")

    assert room.end(90) == room.all_end(master=0, slaves=0), room.master.said + room.slaves[1].said
    for path in (device, own):
        assert difference(path, source) == ""
    # A table that the kernel does not read again is a warning; not each kernel has nodes for partitions of loop devices.
    assert "warning" not in room.slaves[1].said and "warning" not in room.master.said
    assert '"exitCode":0' in report.read_text(encoding="utf-8")
    assert report.stat().st_mode & 0o777 == 0o600 and image.stat().st_mode & 0o777 == 0o600


def test_a_command_that_follows_has_all_rights_and_no_code(room, source, scratch):
    told = scratch / "told"
    command = f"{{ umask; env; cat /proc/self/status; echo session $IMGSLAVE_SESSION disk $IMGSLAVE_DISK; }} > {told}; mount -t tmpfs none /mnt && umount /mnt"
    room.targets = {1: room.targets[1]}
    room.slave_up(1, "--wait", "60s", "--code", CODE, "--then", command)
    assert room.slaves[1].heard_within(60, "^listening")
    assert_reduced(room.slaves[1])
    assert not told.exists()
    room.master_up("--broadcast", "--disk", source, "--slaves", 1, "--code", CODE)

    assert room.end(90) == room.all_end(master=0, slaves=0), room.slaves[1].said
    text, own = told.read_text(encoding="utf-8"), status("/proc/self")
    assert text.startswith(f"{int(own['Umask'], 8):04o}\n")
    assert re.search("^NoNewPrivs:\t0$", text, re.M) and re.search(f"^CapEff:\t{own['CapEff']}$", text, re.M)
    assert re.search(f"^Seccomp_filters:\t{own['Seccomp_filters']}$", text, re.M)
    assert re.search(f"^session [0-9a-f]{{16}} disk {room.targets[1]}$", text, re.M)
    assert "acrobat" not in text and "IMGBLSTR_UMASK" not in text
    assert "ended with exit code" not in room.slaves[1].said


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=["KILL", "TERM"])
def test_the_command_of_a_slave_that_is_ended_does_not_run(room, scratch, end):
    told = scratch / "told"
    told.unlink(missing_ok=True)
    room.targets = {1: room.targets[1]}
    slave = room.slave_up(1, "--then", f"touch {told}")
    assert slave.heard_within(60, "^listening")
    (shell,) = run("pgrep", "-P", slave.pid).split()
    slave.signal(end)
    slave.outcome(30)

    assert wait_for(10, lambda: not Path(f"/proc/{shell}").exists())
    assert not told.exists()


def test_a_crash_leaves_no_memory_in_a_file(room, scratch):
    folder = scratch / "crash"
    folder.mkdir()
    room.targets = {1: room.targets[1]}
    slave = room.programs.start("slave1", "s1", "env", "-C", folder, slave_program(), "--code", CODE, room.targets[1])
    assert slave.heard_within(60, "^listening")
    run("prlimit", "--pid", slave.pid, "--core=unlimited")
    slave.signal(signal.SIGSEGV)
    slave.outcome(60)

    left = list(folder.iterdir())
    assert left and all(re.fullmatch(r"hs_err_pid\d+\.log", file.name) for file in left), left
    for file in left:
        assert file.stat().st_mode & 0o777 == 0o600
        assert CODE not in file.read_text(encoding="utf-8", errors="replace")
