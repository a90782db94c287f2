"""Power cuts at any point of recorded runs leave old or new, never half; and the log and the judge see what they must.

acceptance/power judges any number of other cuts; docs/testing.md, section "Power cuts", says how.
"""

import os
import random
import subprocess
import sys

import pytest

from lab import machine
from lab.machine import shim
from lab.power import command, journal
from lab.power.case import Case, Files
from lab.power.disk import Snapshot
from lab.power.session import plan_of

SEEDS = [int(seed) for seed in os.environ.get("SEEDS", "6").split()]  # mode 2
CUTS = 100
MALFORMED = 11
SECONDS = 35

EACH_ORDER = """
import os
fd = os.open("new.partial-0123456789abcdef", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
os.write(fd, b"x" * 3000)
os.pwrite(fd, b"y" * 100, 5000)
os.writev(fd, [b"1" * 10, b"2" * 2000])
os.pwritev(fd, [b"3" * 10, b"4" * 20], 700)
os.ftruncate(fd, 4000)
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
os.ftruncate(fd, 9000)
os.fsync(fd)
os.link("new.partial-0123456789abcdef", "new")
os.unlink("new.partial-0123456789abcdef")
folder = os.open(".", os.O_RDONLY)
os.fsync(folder)
os.pwrite(os.open("inside", os.O_RDWR), b"changed", 1000)
os.write(os.open("longer", os.O_WRONLY | os.O_APPEND), b"one more line")
os.truncate("shorter", 100)
os.write(os.open("other", os.O_WRONLY | os.O_TRUNC), b"again")
os.mkdir("sub")
os.close(os.open("sub/file", os.O_CREAT | os.O_WRONLY))
os.rename("sub/file", "moved")
os.rmdir("sub")
os.rename("moved", "inside.old")
os.remove("gone")
try:
    os.open("new", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
except FileExistsError:
    pass
os.write(1, b"done: ")
os.write(1, b"all of it\\n")
os.fdatasync(fd)
"""

OTHERS = """
import os, tempfile
with tempfile.NamedTemporaryFile(dir="..") as other:
    for number in range(5000):
        os.write(other.fileno(), b"a library")
"""

WRITES = """
import os
fd = os.open("image.partial-0123456789abcdef", os.O_CREAT | os.O_WRONLY)
for number in range(20):
    os.write(fd, bytes([65 + number]) * 5000)
os.fsync(fd)
os.rename("image.partial-0123456789abcdef", "image")
os.fsync(os.open(".", os.O_RDONLY))
os.write(1, b"done: image\\n")
"""


@pytest.mark.root
@pytest.mark.tools(*command.TOOLS)
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_half_looks_whole_after_a_power_cut(seed):
    result = command.run_seed(seed, CUTS, again=False)

    assert result.wrong == [], f"again: acceptance/power --seed {seed}: {plan_of(seed)}"
    assert result.counts[0] >= CUTS


@pytest.mark.tools("gcc")
@pytest.mark.parametrize("older", [b"", b"an older image"], ids=["new", "replaced"])
def test_an_encrypted_image_is_whole_or_not_there_after_a_power_cut(tmp_path, older):
    place, source, key, image = tmp_path / "place", tmp_path / "source", tmp_path / "room5.key", tmp_path / "place/lab.img"
    place.mkdir()
    source.write_bytes(random.Random(1).randbytes(9 << 20))
    machine.run(machine.master_program(), "keygen", key)
    if older:
        image.write_bytes(older)
    case = Case("upload", [place], Snapshot.of(place), tmp_path / "log")
    environment = {"LD_PRELOAD": shim("record", tmp_path), "RECORD_LOG": case.log, "RECORD_PLACES": place}
    environment = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    words = ("--yes", "--force", "--upload", image, "--disk", source, "--image-key", key, "--sign", key)
    machine.run(machine.master_program(), *words, env=environment)
    case.take_records()

    assert case.missed() == []
    judge = Files(place, case.before, {str(image): case.promise("^done: ")})
    case.judges.append(judge)
    assert case.judge(case.cuts(CUTS, random.Random(2)), "encrypted") == []
    assert judge.halves, "no cut has left half an image"
    halves = [tmp_path / f"half{number}" for number in range(len(judge.halves))]
    for file, half in zip(halves, judge.halves):
        file.write_bytes(half)
    verified = machine.attempt(machine.master_program(), "verify", "--image-key", key, *halves)
    assert verified.returncode == MALFORMED, verified.stderr
    assert verified.stdout.count(": damaged") == len(halves) and ": sound" not in verified.stdout


@pytest.fixture
def recorded(tmp_path):
    """Runs a program of Python in a folder with some files, and gives its case."""

    def run(script: str, **files) -> Case:
        place = tmp_path / "place"
        place.mkdir()
        for name, content in files.items():
            (place / name).write_bytes(content)
        case = Case("python", [place], Snapshot.of(place), tmp_path / "log")
        environment = {"LD_PRELOAD": shim("record", tmp_path), "RECORD_LOG": case.log, "RECORD_PLACES": place}
        subprocess.run(
            [sys.executable, "-S", "-c", script],
            cwd=place,
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        case.take_records()
        return case

    return run


@pytest.mark.tools("gcc")
class TestTheLog:
    def test_tells_of_each_order_so_that_its_replay_is_what_is_there(self, recorded):
        names = ("inside", "longer", "shorter", "other", "gone")

        case = recorded(EACH_ORDER, **{name: random.Random(name).randbytes(3000) for name in names})

        assert case.missed() == []
        assert {record.kind for record in case.records} >= set(journal.Kind) - {
            journal.Kind.ZERO,
            journal.Kind.DISCARD,
            journal.Kind.UNKNOWN,
        }
        assert journal.said(case.records, "^done: all").time_ns <= case.records[-1].time_ns

    def test_is_of_no_use_when_it_misses_an_order(self, recorded):
        case = recorded(WRITES)

        written = [record for record in case.records if record.kind == journal.Kind.WRITE]
        case.records.remove(written[7])

        assert case.missed() == [str(case.roots[0] / "image")]

    def test_says_when_an_order_cannot_be_followed(self, recorded):
        with pytest.raises(journal.BrokenLog, match="mmap"):
            recorded("import mmap, os; mmap.mmap(os.open('file', os.O_RDWR), 3000)", file=b"x" * 3000)


@pytest.mark.tools("gcc")
class TestTheJudge:
    CUTS = 400

    def judged(self, case: Case, records: list = None, early: int = 0) -> list:
        place, said = case.roots[0], case.promise("^done: ")
        moment = type(said)(said.index - early, said.why)
        case.judges = [Files(place, case.before, {str(place / "image"): moment})]
        return case.judge(case.cuts(self.CUTS, random.Random(1)), "judge", records)

    def test_finds_nothing_where_a_file_is_synced_and_then_named(self, recorded):
        assert self.judged(recorded(WRITES)) == []

    def test_lets_an_older_file_stand_until_the_new_one_is_whole(self, recorded):
        assert self.judged(recorded(WRITES, image=b"older")) == []

    def test_finds_a_file_that_was_named_before_its_bytes_were_synced(self, recorded):
        found = self.judged(recorded(WRITES.replace("os.fsync(fd)\n", "")))

        assert any("neither old nor new" in each for each in found)

    def test_finds_a_name_that_was_not_synced_before_the_words(self, recorded):
        found = self.judged(recorded(WRITES.replace('os.fsync(os.open(".", os.O_RDONLY))\n', "")))

        assert found and all("not there after its words" in each for each in found)

    def test_cuts_the_power_where_judged_files_are_written(self, recorded):
        case = recorded(OTHERS + WRITES + OTHERS)

        written = [record.index for record in case.records if record.kind == journal.Kind.WRITE and record.count == 5000]
        inside = [cut for cut in case.cuts(self.CUTS, random.Random(1)) if written[0] < cut <= written[-1]]
        assert len(inside) >= self.CUTS // 5

    def test_finds_words_that_come_too_early(self, recorded):
        assert self.judged(recorded(WRITES), early=3) != []

    def test_finds_what_is_written_under_its_name(self, recorded):
        found = self.judged(recorded(WRITES.replace("image.partial-0123456789abcdef", "image")))

        assert any("neither old nor new" in each for each in found)

    def test_finds_another_file_that_was_left(self, recorded):
        found = self.judged(recorded(WRITES + "os.open('core', os.O_CREAT)\n"))

        assert any(each.endswith("core was left") for each in found)

    def test_finds_fault_with_a_log_without_its_syncs(self, recorded):
        case = recorded(WRITES)

        assert self.judged(case, journal.without_syncs(case.records)) != []
