"""Ten seeds of the soak, and whether its judge sees what is wrong.

acceptance/soak runs any number of others; docs/testing.md, section "Soak", says how sessions are judged.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab.machine import PROJECT, slave_program
from lab.soak import command, plan as plans
from lab.soak.compare import MARK, Rule, wrong
from lab.soak.disk import Region
from lab.soak.judge import FALSE_SUCCESS

# Short ones that have each mode and each kind of disk; acceptance/soak runs the faults that are not among them.
SEEDS = [int(seed) for seed in os.environ.get("SEEDS", "2 4 5 8 9 12 28 60 71 139").split()]
SPOILT = 8  # mode 3, one slave, no fault, all files of the target in place
SECONDS = 50



@pytest.mark.root
@pytest.mark.tools(*command.TOOLS)
@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.xdist_group(f"soak-{at % 2}")) for at, seed in enumerate(SEEDS)]
)
def test_a_session_of_a_seed_is_right(seed):
    result = command.run_seed(seed)

    assert result.wrong == [], f"again: acceptance/soak --runs 1 --seed {seed}: {plans.of(seed)}"


@pytest.mark.root
@pytest.mark.tools(*command.TOOLS)
@pytest.mark.xdist_group("soak-0")
def test_the_judge_sees_a_byte_that_a_slave_has_spoilt(tmp_path, monkeypatch):
    """The slave ends with 0, and its target lacks a byte in a file system's first block."""
    spoils = tmp_path / "imgslave"
    spoils.write_text(
        f'#!/bin/sh\n{slave_program()} "$@"\ncode=$?\nfor last; do :; done\n'
        f'printf X | dd of="$last" bs=1 seek=1 conv=notrunc status=none\nexit $code\n'
    )
    spoils.chmod(0o755)
    monkeypatch.setenv("SLAVE", str(spoils))

    result = command.run_seed(SPOILT, kept=tmp_path)

    for line in result.wrong:
        if line.startswith("kept: "):
            shutil.rmtree(line.removeprefix("kept: "))
    assert result.wrong[0].startswith(f"{FALSE_SUCCESS}: target 1: byte 0: it differs from the source")


@pytest.mark.parametrize("first", [1, 1000])
def test_a_seed_decides_the_same_each_time(first):
    told = [
        subprocess.run(
            [sys.executable, PROJECT / "acceptance/soak", "--show", "--seed", str(first), "--runs", "50"],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(number)},
        ).stdout
        for number in (1, 2)
    ]

    assert told[0] == told[1]
    assert told[0].count(b"\n") == 50


# ------------------------------------------------------------------------------------------------------- the judge alone

SECTOR = 512
FREE = (4 * SECTOR, 6 * SECTOR)  # of the source
ZERO_TOO = (7 * SECTOR, 8 * SECTOR)
SHIFT, LENGTH, ROOM = 2 * SECTOR, 10 * SECTOR, 12 * SECTOR  # where the image lies on the target


@pytest.fixture
def place(tmp_path):
    """Three small files: a source, a target before, and that target with the image in it."""
    contents = {"source": b"s" * LENGTH, "before": b"b" * 16 * SECTOR}
    image = contents["source"]
    contents["target"] = contents["before"][:SHIFT] + image + contents["before"][SHIFT + LENGTH :]
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def spoil(file: Path, sector: int, content: bytes) -> None:
    with open(file, "r+b") as target:
        target.seek(sector * SECTOR)
        target.write(content * SECTOR)


def look(place, complete=True, unreadable=(), tables=()):
    rule = Rule([FREE], [ZERO_TOO], list(unreadable), complete, list(tables))
    return wrong(place / "target", place / "before", place / "source", [Region(0, LENGTH, SHIFT, ROOM)], rule)


def test_a_target_that_is_right_has_nothing_wrong(place):
    assert look(place) == []


@pytest.mark.parametrize(
    ("number", "content", "needed"),
    [
        pytest.param(1, b"\0", False, id="zeros before the image"),
        pytest.param(1, b"s", False, id="the source's bytes before the image"),
        pytest.param(2, b"b", True, id="a needed sector as before"),
        pytest.param(3, b"\0", True, id="a needed sector that is zero"),
        pytest.param(6, b"x", False, id="foreign bytes in free space"),
        pytest.param(9, b"b", True, id="old bytes where zeros would do"),
        pytest.param(12, b"x", False, id="foreign bytes behind the image"),
        pytest.param(12, b"s", False, id="the source's bytes behind the image"),
        pytest.param(15, b"\0", False, id="zeros behind the partition"),
    ],
)
def test_each_wrong_sector_is_found(place, number, content, needed):
    spoil(place / "target", number, content)

    found = look(place)

    assert [(each.at, each.is_needed) for each in found] == [(number * SECTOR, needed)]


@pytest.mark.parametrize(
    ("number", "content"),
    [
        pytest.param(6, b"b", id="free space as before"),
        pytest.param(7, b"\0", id="free space that is zero"),
        pytest.param(9, b"\0", id="zeros where they do"),
        pytest.param(13, b"\0", id="zeros behind the image"),
    ],
)
def test_what_is_allowed_is_not_wrong(place, number, content):
    spoil(place / "target", number, content)

    assert look(place) == []


def test_a_target_that_is_not_complete_may_be_as_before_but_hold_nothing_foreign(place):
    spoil(place / "target", 2, b"b")
    assert look(place, complete=False) == []

    spoil(place / "target", 3, b"x")
    assert [each.at for each in look(place, complete=False)] == [3 * SECTOR]


def test_a_mark_of_the_look_at_the_capacity_is_left_only_where_a_run_did_not_end(place):
    with open(place / "target", "r+b") as target:
        target.seek(3 * SECTOR)
        target.write(MARK.ljust(SECTOR, b"."))

    assert look(place, complete=False) == []
    assert [each.at for each in look(place)] == [3 * SECTOR]


def test_sectors_that_could_not_be_read_are_zeros_only_where_that_was_said(place):
    spoil(place / "target", 3, b"\0")

    assert look(place, unreadable=[(SECTOR, 2 * SECTOR)]) == []
    assert [each.is_needed for each in look(place)] == [True]


def test_a_table_that_fits_a_shorter_target_is_left_to_others(place):
    spoil(place / "target", 2, b"x")
    assert look(place, tables=[(0, SECTOR)]) == []

    spoil(place / "target", 3, b"x")
    assert [each.at for each in look(place, tables=[(0, SECTOR)])] == [3 * SECTOR]


def test_a_target_of_another_length_is_wrong(place):
    os.truncate(place / "target", 8 * SECTOR)

    assert [each.is_needed for each in look(place)] == [True]
