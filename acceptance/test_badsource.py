"""Disks that are dying: file systems whose superblock cannot be read, a bad first copy of a GPT, a bad MBR, a bad block, and a thousand
scattered ones.

Everything else must be imaged, the map must be right to the sector, and the time must be bounded. Maps are read from the image by
lab/imagemap.py, which knows docs/image-format.md only.
"""

import random
import shutil
import time

import pytest

from lab import events, machine
from lab.disks import Disks, blank, difference, dirty, overwrite, partition_range, write_table
from lab.imagemap import unreadable_sectors
from lab.machine import MIB, attempt, master_program, run
from lab.samples import file_list

SECTOR = 512
BLOCK = 4096
TRACK = 256 * 1024
INCOMPLETE, DEVICE_FAILED = 3, 12
SCATTERED = 1000  # bad blocks
SLOW_MS = 5  # a read that fails takes so long in the test of the time
BAD_TIME_S = 2
MOST_S = 20  # for starts, for reading what is good, and for three failing reads of each of 160 tracks, on a busy machine
SLAVES = 1
ROOM_MIB = 900
SECONDS = 30

pytestmark = [
    pytest.mark.root,
    pytest.mark.tools("gcc", "sfdisk", "mkfs.ext4", "mkfs.xfs", "mkntfs", "mkfs.btrfs", "mkfs.fat", "mcopy"),
]

LINUX, WINDOWS = "L", "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
# name: type of the partition, MiB, bytes from its start on that cannot be read: the first superblock, or the sector that holds it
VOLUMES = {
    "ext4": (LINUX, 24, 1024, 1024),
    "xfs": (LINUX, 32, 0, 512),
    "ntfs": (WINDOWS, 12, 0, 512),
    "btrfs": (LINUX, 72, 65536, 4096),
    "vfat": (WINDOWS, 36, 0, 512),
    "noise": (LINUX, 8, 3 * MIB, BLOCK),
}


class BadDisk:
    """A loop device with sectors that cannot be read: `bad`, in order. `expected` is what a copy must be: zeros there, and all else."""

    def __init__(self, disks, file, bad, shim):
        self.device, self.bad = disks.attach(file), sorted(bad)
        self.expected = shutil.copy(file, file.with_name(f"{file.name}-expected"))
        self.length = file.stat().st_size
        with open(self.expected, "r+b") as copy:
            for sector in self.bad:
                copy.seek(sector * SECTOR)
                copy.write(bytes(SECTOR))
        places = ",".join(f"{sector * SECTOR}:{count * SECTOR}" for sector, count in ranges(self.bad))
        self._words = [f"BADREAD_DISK={self.device}", f"BADREAD_BYTES={places}", f"LD_PRELOAD={shim}"]

    def master(self, programs, *options, delay_ms=0):
        words = [*self._words, f"BADREAD_MS={delay_ms}", master_program(), "--yes", "--json", *options, "--disk", self.device]
        return programs.start("master", "m", "env", *words)


def ranges(sectors) -> list:
    """First sector and length of each run of sectors, which come in order."""
    found = []
    for sector in sectors:
        if found and found[-1][0] + found[-1][1] == sector:
            found[-1][1] += 1
        else:
            found.append([sector, 1])
    return found


@pytest.fixture(scope="module")
def shim(scratch):
    return machine.shim("badread", scratch.folder)


@pytest.fixture(scope="module")
def targets(scratch):
    return {1: blank(scratch / "target1", (sum(mib for _, mib, _, _ in VOLUMES.values()) + 2) * MIB)}


@pytest.fixture(scope="module")
def heads(scratch, module_disks, shim):
    """A disk with a GPT, of which the first copy and each file system's first superblock cannot be read."""
    file = blank(scratch / "heads", (sum(mib for _, mib, _, _ in VOLUMES.values()) + 2) * MIB)
    write_table(file, *(f"size={mib}MiB, type={kind}, name={name}" for name, (kind, mib, _, _) in VOLUMES.items()))
    bad = {1}
    for number, (name, (_, _, offset, length)) in enumerate(VOLUMES.items(), 1):
        start, size = partition_range(file, SECTOR, number)
        disks = Disks(scratch)
        try:
            fill(name, disks.attach(file, SECTOR, start, size), scratch)
        finally:
            disks.remove()
        bad |= {(start + offset + at) // SECTOR for at in range(0, length, SECTOR)}
    return BadDisk(module_disks, file, bad, shim)


def fill(name, device, scratch):
    """Makes a file system with some files, over noise in the first 8 MiB: what it does not use is not zero, and can be told from zeros."""
    overwrite(device, scratch.junk()[: 8 * MIB], 0)
    files = file_list(3, 40)
    inside = scratch / f"inside-{name}"
    inside.mkdir()
    for path in files:
        shutil.copy(path, inside)
    if name == "ext4":
        run("mkfs.ext4", "-q", "-F", "-b", 1024, "-E", "nodiscard", "-d", inside, device)  # backups at 8, 24 ... MiB
    elif name == "xfs":
        words = ["-q", "-f", "-K", device]
        if attempt("mkfs.xfs", *words).returncode != 0:
            run("mkfs.xfs", "--unsupported", *words)  # newer ones make nothing below 300 MiB without that word
    elif name == "ntfs":
        run("mkntfs", "-q", "-Q", "-F", "-H", 255, "-S", 63, "-p", 0, device)
    elif name == "btrfs":
        run("mkfs.btrfs", "-q", "-f", "-K", "--mixed", "--rootdir", inside, device)
    elif name == "vfat":
        run("mkfs.fat", "-F", 32, "-s", 1, device)
        run("mcopy", "-i", device, *sorted(inside.iterdir()), "::/")
    shutil.rmtree(inside)
    run("sync", device)


@pytest.fixture(scope="module")
def scattered(scratch, module_disks, shim):
    """A disk with an MBR, which cannot be read, and a thousand scattered bad blocks of 4 KiB, some of them of one sector only."""
    mib, drawn = 40, random.Random(40)
    file = blank(scratch / "scattered", mib * MIB)
    overwrite(file, (scratch.junk() * 2)[: mib * MIB], 0)
    run("sfdisk", "-q", "--no-reread", "--no-tell-kernel", file, input="label: dos\nstart=2048, type=83\n")
    bad = {0}
    for number, block in enumerate(drawn.sample(range(1, mib * MIB // BLOCK), SCATTERED)):
        first = block * 8
        bad |= {first + drawn.randrange(8)} if number % 10 == 0 else set(range(first, first + 8))
    return BadDisk(module_disks, file, bad, shim)


def assert_image_is_right(programs, bad, scratch, name):
    """Mode 1: exit code 3, the map in the image, the number in the summary, and all else by `export`."""
    image, raw = scratch / f"{name}.img", scratch / f"{name}.raw"
    master = bad.master(programs, "--upload", image)
    assert master.outcome(120) == INCOMPLETE
    assert unreadable_sectors(image) == bad.bad
    assert_listed(master, bad)
    export = programs.run("export", "-", master_program(), "export", image, raw)
    assert export.code == INCOMPLETE
    assert difference(raw, bad.expected) == ""
    image.unlink()
    raw.unlink()
    return master


def assert_listed(program, bad):
    """The summary of a run has the right number and the first hundred ranges."""
    listed = events.summary(program.events)["unreadable"]
    assert listed["sectors"] == len(bad.bad)
    found = [[each["firstLba"], each["sectors"]] for each in listed["ranges"]]
    assert found == ranges(bad.bad)[: len(found)]
    assert listed["more"] == (len(found) < len(ranges(bad.bad)))


def test_mode_1_superblocks_and_the_first_gpt_cannot_be_read(programs, scratch, heads):
    """The GPT is answered from its copy, and each file system by all of its blocks."""
    master = assert_image_is_right(programs, heads, scratch, "heads")

    volumes = events.of_kind(master.events, "plan")[0]["volumes"]
    assert [volume["name"] for volume in volumes] == list(VOLUMES), "the backup of the GPT has all names"
    assert all(volume["whyAll"] for volume in volumes)
    assert all(volume["bytesUsed"] == volume["bytes"] for volume in volumes)


def test_mode_3_superblocks_and_the_first_gpt_cannot_be_read(session, scratch, heads, targets):
    dirty(targets.values(), scratch.junk())
    slave = session.slave_up(1, "--json")
    assert slave.heard_within(60, "^listening")
    session.master = heads.master(session.programs, "--broadcast", "--slaves", 1)

    assert session.end(120) == session.all_end(master=INCOMPLETE, slaves=INCOMPLETE)
    assert difference(targets[1], heads.expected) == "", "zeros where nothing could be read, and all else"
    assert_listed(session.master, heads)
    assert_listed(slave, heads)


def test_mode_1_the_mbr_and_a_thousand_blocks_cannot_be_read(programs, scratch, scattered):
    master = assert_image_is_right(programs, scattered, scratch, "scattered")

    plan = events.of_kind(master.events, "plan")[0]["steps"][0]["detail"]
    assert "all blocks" in plan and "LBA 0" in plan, "a table that cannot be read leads to all blocks"


def test_abort_stops_at_the_first_bad_sector(programs, scratch, heads):
    image = scratch / "aborted.img"
    master = heads.master(programs, "--upload", image, "--bad-sectors", "abort")
    assert master.outcome(120) == DEVICE_FAILED
    assert "LBA 1" in master.err
    assert list(scratch.folder.glob("aborted.img*")) == [], "no image and no half image is left behind"


@pytest.mark.alone  # Judges time.
def test_mode_3_a_thousand_bad_blocks_take_no_longer_than_bad_time(session, scratch, scattered, targets):
    """Without the bound it would take minutes. What is given up lies between two bad blocks of one track."""
    dirty(targets.values(), scratch.junk())
    slave = session.slave_up(1, "--json")
    assert slave.heard_within(60, "^listening")
    began = time.monotonic()
    options = ("--broadcast", "--slaves", 1, "--bad-time", f"{BAD_TIME_S}s")
    session.master = scattered.master(session.programs, *options, delay_ms=SLOW_MS)

    assert session.end(120) == session.all_end(master=INCOMPLETE, slaves=INCOMPLETE)
    assert time.monotonic() - began < MOST_S
    given_up = sectors_that_differ(targets[1], scattered)
    listed = events.summary(slave.events)["unreadable"]["sectors"]
    assert listed == len(scattered.bad) + len(given_up)
    assert listed < scattered.length // SECTOR, "something was read"
    bad, per_track = scattered.bad, TRACK // SECTOR
    ends = {}
    for sector in bad:
        first, last = ends.get(sector // per_track, (sector, sector))
        ends[sector // per_track] = min(first, sector // 8 * 8), max(last, sector // 8 * 8 + 7)
    assert all(ends[sector // per_track][0] <= sector <= ends[sector // per_track][1] for sector in given_up)


def sectors_that_differ(target, bad) -> list:
    """Sectors that are zeros on the target and something else on the source; anything else than zeros or the source's bytes is wrong."""
    found = []
    with open(target, "rb") as copy, open(bad.expected, "rb") as expected:
        for sector in range(bad.length // SECTOR):
            one, other = copy.read(SECTOR), expected.read(SECTOR)
            if one != other:
                assert one == bytes(SECTOR), f"sector {sector} is neither the source's nor zeros"
                found.append(sector)
    return found
