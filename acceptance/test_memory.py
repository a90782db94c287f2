"""Memory: `demo` with little direct memory, a slave that serves session after session, machines that have little."""

import re
from pathlib import Path

import pytest

from lab.disks import blank, difference
from lab.machine import MIB, master_program, slave_program, wait_for
from lab.samples import random_file

pytestmark = [pytest.mark.root]

MIB_SENT = 24
SESSIONS = 8
GROWTH_MIB = 16  # from the third session to the last; docs/testing.md says why
SLAVES = 1
ROOM_MIB = 300
SECONDS = 45


@pytest.fixture(scope="module")
def sources(scratch):
    """Two disks without a track in common: text that zstd makes smaller, then bytes that no codec does."""
    made = []
    for name in ("red", "blue"):
        made.append(random_file(scratch / name, MIB_SENT))
        with open(made[-1], "r+b") as disk:
            disk.write((f"some {name} text that zstd makes smaller\n".encode() * MIB)[: MIB_SENT // 2 * MIB])
    return made


def resident_mib(program) -> float:
    status = Path(f"/proc/{program.pid}/status").read_text(encoding="utf-8", errors="replace")
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def test_demo_needs_little_direct_memory(programs):
    """Of the 376 MiB that the start script gives, 230 are enough for two sessions of a master and three slaves."""
    options = {"IMGBLSTR_OPTS": "-XX:MaxDirectMemorySize=230m"}
    demo = programs.start("demo", "m", master_program(), "demo", env=options)

    assert demo.outcome(120) == 0, "the sessions of one program use the same memory"


def test_the_start_script_takes_options_for_the_jvm(programs):
    """Without this the test above would show nothing."""
    assert programs.run("flags", "-", master_program(), "--version", env={"IMGBLSTR_OPTS": "-XX:NoSuchFlag"}).code == 1


def test_a_slave_that_serves_session_after_session_keeps_its_memory(programs, scratch, sources):
    target = blank(scratch / "target", MIB_SENT * MIB)
    slave = programs.start("slave", "s1", slave_program(), "--yes", "--forever", target)
    resident = []

    for number in range(SESSIONS):
        source = sources[number % 2]
        master = programs.run(
            f"master{number}", "m", master_program(), "--broadcast", "--disk", source, "--slaves", 1, "--wait", "30s"
        )
        assert master.code == 0, f"session {number}"
        assert wait_for(10, lambda: len(re.findall("^done: ", slave.said, re.MULTILINE)) == number + 1)
        assert difference(target, source) == "", f"session {number}"
        resident.append(resident_mib(slave))

    print("MiB after each session:", *(f"{each:.1f}" for each in resident))
    assert resident[-1] - resident[2] <= GROWTH_MIB, f"{resident}"


def within(disks, mib: int, words: list) -> list:
    """The command, run in a control group with so much memory. In the machine's own network: a namespace hides control groups."""
    group = disks.memory_group(mib)
    if group is None:
        pytest.skip("no control group for memory")
    return ["sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh", *words]


@pytest.mark.parametrize("who", ["slave", "master"])
def test_a_machine_with_little_memory_does_with_what_there_is(programs, scratch, disks, sources, who):
    """160 and 200 MiB: half of what they take where there is plenty."""
    target = blank(scratch / "target-small", MIB_SENT * MIB)
    both = ["--yes", "--interface", "lo", "--group", "239.255.82.9:18949", "--ports", "18949:18950"]
    words = {
        "slave": [slave_program(), *both, "--wait", "30s", target],
        "master": [master_program(), *both, "--broadcast", "--disk", sources[0], "--slaves", 1, "--wait", "30s"],
    }
    words[who] = within(disks, {"slave": 160, "master": 200}[who], words[who])
    slave = programs.start("small-slave", "-", *words["slave"])
    master = programs.start("small-master", "-", *words["master"])

    assert (master.outcome(60), slave.outcome(60)) == (0, 0)
    assert difference(target, sources[0]) == ""


@pytest.mark.parametrize("who", ["slave", "master"])
def test_too_little_memory_is_said_before_anything_begins(programs, scratch, disks, sources, who):
    target = blank(scratch / "target-none", MIB_SENT * MIB)
    both = ["--yes", "--interface", "lo", "--wait", "1s"]
    words = {
        "slave": [slave_program(), *both, target],
        "master": [master_program(), *both, "--broadcast", "--disk", sources[0]],
    }
    program = programs.run(f"none-{who}", "-", *within(disks, {"slave": 120, "master": 150}[who], words[who]), seconds=60)

    assert program.code == 15
    assert program.says("too little memory: .* are free, expected at least")
    assert not program.listens
