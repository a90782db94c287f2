"""The last partition and its file system become smaller for a disk that is too short (`--shrink`)."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab import events
from lab.disks import blank, difference, overwrite, sectors_written, unmount, while_mounted
from lab.machine import MIB, attempt, master_program, run
from lab.samples import failed, file_list, sums
from lab.session import Session

SLAVES = 1
ROOM_MIB = 1500
SECONDS = 30

pytestmark = [pytest.mark.root, pytest.mark.tools("sfdisk", "sgdisk", "mkfs.ext4", "resize2fs", "e2fsck", "losetup")]

KINDS = {
    "ext4": SimpleNamespace(mib=64, less=24, mkfs=["mkfs.ext4", "-q", "-F"], mount="ext4", check=["e2fsck", "-fn"]),
    "btrfs": SimpleNamespace(
        mib=400, less=100, mkfs=["mkfs.btrfs", "-q", "-f"], mount="btrfs", check=["btrfs", "check"]
    ),
    "ntfs": SimpleNamespace(
        mib=64, less=24, mkfs=["mkntfs", "-q", "-Q", "-F"], mount="ntfs-3g", check=["ntfsresize", "-i", "-f", "-f"]
    ),
    "swap": SimpleNamespace(mib=24, less=8, mkfs=["mkswap", "-q"], mount="", check=["swaplabel"]),
}
TABLES = {
    "gpt": "label: gpt\nstart=1MiB, size=1MiB\nstart=2MiB, size={mib}MiB, name=root\n",
    "dos": "label: dos\nstart=1MiB, size=1MiB\nstart=2MiB, size={mib}MiB\n",
    # The logical partition begins behind its record.
    "logical": "label: dos\nstart=1088KiB, size=512KiB\nstart=1984KiB, type=5\nstart=2MiB, size={mib}MiB\n",
}


class Sample:
    """A disk whose partitions reach to its end; the last one, from 2 MiB on, has files at its start and at its end."""

    def __init__(self, file, disks, kind, table="gpt"):
        self.file, self.disks, self.kind, self.table = Path(file), disks, kind, table
        self.bytes, self.files = (kind.mib + 3) * MIB, {}
        blank(self.file, self.bytes)
        run("sfdisk", "-q", self.file, input=TABLES[table].format(mib=kind.mib))
        overwrite(self.file, os.urandom(MIB // 4), MIB * 5 // 4)
        device = disks.attach(self.file, 512, 2 * MIB, kind.mib * MIB)
        run(*kind.mkfs, device)
        if kind.mount:
            self.files = self._mounted(device, self._fill)
        disks.detach(device)
        run("sync", self.file)

    @property
    def short_bytes(self):
        return self.bytes - self.kind.less * MIB

    def _mounted(self, device, work):
        return while_mounted(device, self.kind.mount, self.file.parent, work)

    def _fill(self, place):
        """What is written last lies far behind, once the first half of the files is gone."""
        fill = place / "fill"
        fill.write_bytes(os.urandom(self.kind.mib * MIB // 2))
        run("sync", "-f", place)
        for number, name in enumerate(file_list(8, 80)):
            shutil.copyfile(name, place / f"file{number}")
        run("sync", "-f", place)
        fill.unlink()
        return sums(place)

    def faults(self, disk) -> list:
        """What is wrong with a shorter copy; empty when nothing is."""
        length = self.short_bytes - 2 * MIB - (MIB if self.table == "gpt" else 0)
        found = [difference(disk, self.file, MIB * 5 // 4, MIB // 4), failed("sfdisk", "--verify", disk)]
        table = run("sfdisk", "-d", disk)
        found.append("" if f"start=        4096, size={length // 512:12}" in table else table)
        if self.table == "gpt":
            told = attempt("sgdisk", "-v", disk).stdout
            found.append("" if "No problems found" in told else told)
        device = self.disks.attach(disk, 512, 2 * MIB, length)
        found.append(failed(*self.kind.check, device))
        found += self._mounted(device, lambda place: ["" if sums(place) == self.files else "files differ"])
        self.disks.detach(device)
        return [fault for fault in found if fault]


def cases():
    for name, table in (("ext4", "gpt"), ("ext4", "dos"), ("ext4", "logical"), ("btrfs", "gpt"), ("ntfs", "dos")):
        tools = pytest.mark.tools(KINDS[name].mkfs[0], KINDS[name].check[0])
        yield pytest.param(name, table, marks=tools, id=f"{name}-{table}")


@pytest.fixture
def place(scratch):
    names = {name: scratch / name for name in ("source", "image", "own", "slave", "room")}
    names["room"].mkdir()
    yield SimpleNamespace(**names)
    assert list(names["room"].iterdir()) == [], "temporary files are left"
    names["room"].rmdir()
    for path in names.values():
        path.unlink(missing_ok=True)


@pytest.fixture
def ext4(place, disks):
    return Sample(place.source, disks, KINDS["ext4"])


def upload(programs, sample, image):
    made = programs.run("upload", "-", master_program(), "--upload", image, "--disk", sample.file)
    assert made.code == 0, made.said


def download(programs, place, *options, name="own", room=None, disk=None):
    command = [master_program(), "--yes", "--download", place.image, "--disk", disk or place.own, *options]
    return programs.run(name, "-", *command, env={"TMPDIR": str(room or place.room)})


@pytest.mark.parametrize(("name", "table"), cases())
def test_a_file_system_becomes_smaller_for_a_shorter_disk(name, table, programs, disks, place):
    sample = Sample(place.source, disks, KINDS[name], table)
    upload(programs, sample, place.image)
    blank(place.own, sample.short_bytes)

    own = download(programs, place, "--shrink", "--json")

    assert own.code == 0, own.said
    shrinks = [step for step in events.of_kind(own.events, "plan")[0]["steps"] if step["action"] == "shrink"]
    assert len(shrinks) == 1
    assert f"{name} with it" in shrinks[0]["detail"]
    assert shrinks[0]["target"] == str(place.room)
    assert sample.faults(place.own) == []


def test_slaves_of_the_same_session_get_the_smaller_disk(programs, ext4, place):
    upload(programs, ext4, place.image)
    blank(place.own, ext4.short_bytes)
    blank(place.slave, ext4.short_bytes)
    session = Session(programs, {1: place.slave})
    session.slaves_up()
    session.master_up("--download", place.image, "--broadcast", "--shrink", "--disk", place.own, "--slaves", 1)

    assert session.end(90) == session.all_end(master=0, slaves=0), session.master.said
    assert ext4.faults(place.own) == []
    assert ext4.faults(place.slave) == []


def test_what_cannot_work_is_said_before_anything_is_written(programs, ext4, place, disks):
    """Too small for what is used, with the bytes that are lacking; without the option; only a plan; nothing to do."""
    upload(programs, ext4, place.image)
    blank(place.own, 8 * MIB)
    device = disks.attach(place.own)
    before = sectors_written(device)

    small = download(programs, place, "--shrink", name="small", disk=device)
    assert small.code == 10, small.said
    needs = r"ext4 of partition 2 'root' needs \d+ bytes, and 5242880 would be left for it: \d+ bytes .* are lacking"
    assert small.says(needs)

    without = download(programs, place, name="without", disk=device)
    assert without.code == 10
    assert f" {ext4.bytes - 8 * MIB - MIB + 33 * 512} bytes are lacking" in without.said
    assert "imgblstr --download IMAGE --shrink --disk DEV" in without.said
    assert sectors_written(device) == before
    disks.detach(device)

    blank(place.own, ext4.short_bytes)
    plan = download(programs, place, "--shrink", "--plan", name="plan")
    assert plan.code == 0
    assert plan.out.count("partition 2 'root' shrinks from 64.0 MiB to 40.0 MiB, ext4 with it") == 1
    assert place.own.stat().st_blocks == 0

    blank(place.own, ext4.bytes)
    same = download(programs, place, "--shrink", name="same")
    assert same.code == 0
    assert "--shrink has nothing to do" in same.said


def test_a_last_partition_that_nothing_makes_smaller_is_named(programs, disks, place):
    sample = Sample(place.source, disks, KINDS["swap"])
    upload(programs, sample, place.image)
    blank(place.own, sample.short_bytes)

    own = download(programs, place, "--shrink")

    assert own.code == 10
    assert "partition 2 is the last one and holds swap" in own.said
    assert place.own.stat().st_blocks == 0


def test_no_room_for_the_temporary_file_is_said_with_its_length(programs, ext4, place, scratch):
    upload(programs, ext4, place.image)
    blank(place.own, ext4.short_bytes)
    full = scratch / "full"
    full.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", full)
    try:
        own = download(programs, place, "--shrink", room=full)
        assert own.code == 15, own.said
        assert own.says(r"--shrink makes a temporary file of up to \d+ bytes .* Name another folder in TMPDIR")
        assert place.own.stat().st_blocks == 0
    finally:
        unmount(full)
        full.rmdir()


def test_a_tool_that_fails_leaves_the_disk_as_it_was(programs, ext4, place, scratch):
    upload(programs, ext4, place.image)
    blank(place.own, ext4.short_bytes)
    tools = scratch / "tools"
    tools.mkdir()
    (tools / "resize2fs").write_text("#!/bin/sh\necho resize2fs: No luck in the test; exit 7\n", encoding="ascii")
    (tools / "resize2fs").chmod(0o755)

    command = [master_program(), "--yes", "--download", place.image, "--disk", place.own, "--shrink"]
    env = {"TMPDIR": str(place.room), "PATH": f"{tools}:{os.environ['PATH']}"}
    own = programs.run("own", "-", *command, env=env)

    assert own.code == 10, own.said
    assert "partition 2 'root' cannot become smaller: resize2fs ended with exit code 7" in own.said
    assert "is as it was, nothing was written to it" in own.said
    assert place.own.stat().st_blocks == 0
