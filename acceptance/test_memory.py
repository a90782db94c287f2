"""Memory over many sessions: `demo` with little direct memory, and a slave that serves session after session."""

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
SECONDS = 27


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
