"""A partition and its file system take the rest of a disk that is twice as long as the source (`--grow`)."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab import events
from lab.disks import blank, difference, overwrite, while_mounted
from lab.keys import OPEN
from lab.machine import MIB, attempt, master_program, run, slave_program
from lab.samples import failed, file_list, sums
from lab.session import Session

SLAVES = 2
ROOM_MIB = 1500
SECONDS = 40

pytestmark = [pytest.mark.root, pytest.mark.tools("sfdisk", "sgdisk", "mkfs.ext4", "resize2fs", "mkswap", "mkfs.fat")]

KINDS = {
    "ext4": SimpleNamespace(mib=24, mkfs=["mkfs.ext4", "-q", "-F"], mount="ext4", check=["e2fsck", "-fn"]),
    "xfs": SimpleNamespace(mib=304, mkfs=["mkfs.xfs", "-q", "-f"], mount="xfs", check=["xfs_repair", "-n"]),
    "btrfs": SimpleNamespace(mib=128, mkfs=["mkfs.btrfs", "-q", "-f"], mount="btrfs", check=["btrfs", "check"]),
    "ntfs": SimpleNamespace(
        mib=24, mkfs=["mkntfs", "-q", "-Q", "-F"], mount="ntfs-3g", check=["ntfsresize", "-i", "-f"]
    ),
    "swap": SimpleNamespace(mib=24, mkfs=["mkswap", "-q"], mount="", check=["swaplabel"]),
    "vfat": SimpleNamespace(mib=40, mkfs=["mkfs.fat", "-F", "32"], mount="", check=["fsck.fat", "-n"]),
}


def kinds(*names):
    return [pytest.param(name, marks=pytest.mark.tools(KINDS[name].mkfs[0], KINDS[name].check[0])) for name in names]


class Sample:
    """A disk of two partitions: 1 MiB of random bytes, then a file system; that one is called root where tables have
    names.
    """

    def __init__(self, file, disks, kind, label="gpt"):
        self.file, self.disks, self.kind, self.label = Path(file), disks, kind, label
        self.bytes, self.files = (kind.mib + 4) * MIB, {}
        blank(self.file, self.bytes)
        name = ', name="root"' if label == "gpt" else ""
        table = f"label: {label}\nstart=1MiB, size=1MiB\nstart=2MiB, size={kind.mib}MiB{name}\n"
        run("sfdisk", "-q", self.file, input=table)
        overwrite(self.file, os.urandom(MIB), MIB)
        device = disks.attach(self.file, 512, 2 * MIB, kind.mib * MIB)
        run(*kind.mkfs, device)
        if kind.mount:
            self.files = self._mounted(device, self._fill)
        disks.detach(device)
        run("sync", self.file)

    def _mounted(self, device, work):
        return while_mounted(device, self.kind.mount, self.file.parent, work)

    @staticmethod
    def _fill(place):
        for number, name in enumerate(file_list(6, 80)):
            shutil.copyfile(name, place / f"file{number}")
        return sums(place)

    def faults(self, disk) -> list:
        """What is wrong with a copy whose last partition has grown; empty when nothing is."""
        length = 2 * self.bytes - 2 * MIB - (MIB if self.label == "gpt" else 0)
        found = [difference(disk, self.file, MIB, MIB), failed("sfdisk", "--verify", disk)]
        found.append(self._other_length(disk, length))
        if self.label == "gpt":
            told = attempt("sgdisk", "-v", disk).stdout
            found.append("" if "No problems found" in told else told)
        device = self.disks.attach(disk, 512, 2 * MIB, length)
        found.append(failed(*self.kind.check, device))
        if self.kind.mount:
            found += self._mounted(device, lambda place: self._wrong_files(place, length))
        self.disks.detach(device)
        return [fault for fault in found if fault]

    @staticmethod
    def _other_length(disk, length):
        table = run("sfdisk", "-d", disk)
        is_right = f"start=        4096, size={length // 512:12}" in table
        return "" if is_right else f"not {length // 512} sectors: {table}"

    def _wrong_files(self, place, length):
        space = os.statvfs(place)
        size = space.f_blocks * space.f_frsize
        return [
            "" if size >= length * 85 // 100 else f"the file system has {size} of {length} bytes",
            "" if sums(place) == self.files else "files differ",
        ]


@pytest.fixture
def place(scratch):
    names = {name: scratch / name for name in ("source", "image", "own", "slave")}
    yield SimpleNamespace(**names)
    for path in names.values():
        path.unlink(missing_ok=True)


@pytest.fixture
def ext4(place, disks):
    return Sample(place.source, disks, KINDS["ext4"])


@pytest.fixture
def failing_tools(scratch):
    """A folder for PATH: a check that finds nothing, and a resize2fs that fails."""
    folder = scratch / "tools"
    folder.mkdir(exist_ok=True)
    for name, words in (("e2fsck", "exit 0"), ("resize2fs", "echo resize2fs: No space left in the test; exit 7")):
        (folder / name).write_text(f"#!/bin/sh\n{words}\n", encoding="ascii")
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def upload(programs, sample, image):
    made = programs.run("upload", "-", master_program(), "--upload", image, "--disk", sample.file)
    assert made.code == 0, made.said


def download(programs, place, *options, env=None):
    command = [master_program(), "--download", place.image, "--disk", place.own, *options]
    return programs.run("own", "-", *command, env=env)


@pytest.mark.parametrize("name", kinds("ext4", "xfs", "btrfs", "ntfs"))
def test_a_file_system_takes_the_rest_of_a_longer_disk(name, programs, disks, place):
    """One pass makes the image and a slave's disk, and mode 4 then the master's own."""
    sample = Sample(place.source, disks, KINDS[name])
    blank(place.slave, 2 * sample.bytes)
    target = disks.attach(place.slave, 512, 0, 0, "-P") if name == "ext4" else place.slave
    session = Session(programs, {1: target})

    session.slaves_up("--grow")
    session.master_up("--upload", place.image, "--broadcast", "--disk", sample.file, "--slaves", 1)
    codes = session.end(90)

    assert codes == session.all_end(master=0, slaves=0), session.slaves[1].said
    assert session.slaves[1].says(f"partition 2 'root' has grown from .* to .*, {name} with it")
    assert sample.faults(place.slave) == []

    blank(place.own, 2 * sample.bytes)
    own = download(programs, place, "--grow", "--json")
    assert own.code == 0, own.said
    grows = [step for step in events.of_kind(own.events, "plan")[0]["steps"] if step["action"] == "grow"]
    assert [step["bytes"] for step in grows] == [sample.bytes + MIB]
    assert f"{name} with it" in grows[0]["detail"]
    assert sample.faults(place.own) == []


@pytest.mark.parametrize("name", kinds("swap", "vfat"))
def test_a_partition_grows_alone_when_nothing_enlarges_its_content(name, programs, disks, place):
    """In an MBR, whose partitions have no names."""
    sample = Sample(place.source, disks, KINDS[name], "dos")
    upload(programs, sample, place.image)
    blank(place.own, 2 * sample.bytes)

    own = download(programs, place, "--grow=2")

    assert own.code == 0, own.said
    alone = name == "swap" or shutil.which("fatresize") is None
    assert own.says(f"partition 2 has grown from .* {name} in it does not") or not alone
    assert sample.faults(place.own) == []
    assert difference(place.own, sample.file, 2 * MIB, sample.kind.mib * MIB) == "" or not alone


def test_a_slave_that_cannot_grow_has_every_byte_and_tells_its_master(programs, ext4, place, failing_tools):
    blank(place.slave, 2 * ext4.bytes)
    session = Session(programs, {1: place.slave})
    slave = programs.start(
        "slave1", "s1", slave_program(), "--yes", "--grow", "--then", "touch /nowhere", place.slave, env=failing_tools
    )
    session.slaves[1] = slave
    assert slave.heard_within(60, "^listening")
    session.master_up("--broadcast", "--disk", ext4.file, "--slaves", 1)

    assert session.end(60) == session.all_end(master=3, slaves=3)
    reason = (
        "every byte of the image is on the disk, but partition 2 'root' has grown without its ext4: resize2fs ended"
        " with exit code 7: resize2fs: No space left in the test"
    )
    assert reason in slave.said
    assert reason in session.master.said
    assert "not run" in slave.said, "--then"
    assert difference(place.slave, ext4.file, MIB, ext4.bytes - 3 * MIB) == ""


@pytest.mark.skipif(bool(os.environ.get(OPEN)), reason="slaves of an open session do nothing that a master asks for")
def test_slaves_without_options_grow_as_their_master_asks(programs, disks, ext4, place, scratch, failing_tools):
    """The tool of slave 2 fails, which nobody could know before."""
    second = scratch / "slave2"
    device = disks.attach(blank(place.slave, 2 * ext4.bytes), 512, 0, 0, "-P")
    session = Session(programs, {1: device, 2: blank(second, 2 * ext4.bytes)})
    session.slave_up(1)
    command = [slave_program(), "--yes", "--label", "slave2", second]
    session.slaves[2] = programs.start("slave2", "s2", *command, env=failing_tools)
    for slave in session.slaves.values():
        assert slave.heard_within(60, "^listening")
    session.master_up("--broadcast", "--disk", ext4.file, "--slaves", 2, "--grow=root")

    assert session.end(60) == {"master": 3, 1: 0, 2: 3}, session.master.said
    for slave in session.slaves.values():
        assert slave.says("the master asks: partition root takes the rest of a longer disk$")
    reason = "partition 2 'root' has grown without its ext4: resize2fs ended with exit code 7"
    assert reason in session.slaves[2].said and reason in session.master.said
    disks.detach(device)
    assert ext4.faults(place.slave) == []
    assert difference(second, ext4.file, MIB, ext4.bytes - 3 * MIB) == ""
    second.unlink()


def test_the_own_disk_that_cannot_grow_has_every_byte(programs, ext4, place, failing_tools):
    upload(programs, ext4, place.image)
    blank(place.own, 2 * ext4.bytes)

    own = download(programs, place, "--grow", env=failing_tools)

    assert own.code == 3
    assert own.says("every byte of the image is on the disk, but .* resize2fs ended with exit code 7")
    assert "the disk has every byte, but was not enlarged" in own.said
    assert difference(place.own, ext4.file, MIB, ext4.bytes - 3 * MIB) == ""
    assert "No problems found" in run("sgdisk", "-v", place.own)


def test_what_cannot_work_is_said_before_anything_is_written(programs, ext4, place):
    """A tool that is missing (hidden by a file that cannot be run), and a partition with another behind it."""
    upload(programs, ext4, place.image)
    blank(place.own, 2 * ext4.bytes)
    command = [master_program(), "--download", place.image, "--disk", place.own]
    hide = 'mount --bind /dev/null "$(readlink -f "$(command -v resize2fs)")" && exec "$@"'

    hidden = programs.run("hidden", "-", "unshare", "-m", "sh", "-c", hide, "sh", *command, "--grow")
    assert hidden.code == 15
    assert "resize2fs, not installed here: install package e2fsprogs" in hidden.said

    behind = programs.run("behind", "-", *command, "--grow=1")
    assert behind.code == 10
    assert "partition 2 lies behind partition 1" in behind.said
    assert place.own.stat().st_blocks == 0


def test_without_grow_one_line_says_what_is_unused(programs, ext4, place):
    upload(programs, ext4, place.image)
    blank(place.own, 2 * ext4.bytes)

    own = download(programs, place)

    assert own.code == 0
    assert own.says(f"{ext4.bytes // MIB}.0 MiB longer than the source, .* --grow")
    assert difference(place.own, ext4.file, 0, ext4.bytes) == ""

    run("sgdisk", "-h", "1", ext4.file)
    place.image.unlink()
    upload(programs, ext4, place.image)
    blank(place.own, 2 * ext4.bytes)
    hybrid = download(programs, place)
    assert hybrid.code == 0, hybrid.said
    assert hybrid.says("is unused: --grow does not put that to use: .*MBR names partitions too")
    assert "the same run with --grow" not in hybrid.said

    blank(place.own, ext4.bytes)
    same = download(programs, place, "--grow")
    assert same.code == 0
    assert "--grow has nothing to do" in same.said
