"""Every length of a target against every kind of table and sectors: the restored disk is sound, or nothing is written
and the number of bytes that are lacking is told.
"""

import os
from types import SimpleNamespace

import pytest

from lab.disks import Disks, blank, difference, flush, overwrite, sectors_written
from lab.machine import MIB, attempt, master_program, run
from lab.samples import failed

SLAVES = 0
ROOM_MIB = 400
SECONDS = 25

SOURCE, FAT, ROOT, LAST_END = 32 * MIB, MIB, 9 * MIB, 25 * MIB

pytestmark = [pytest.mark.root, pytest.mark.tools("sfdisk", "sgdisk", "mkfs.ext4", "e2fsck", "mkfs.fat", "fsck.fat")]


def backup_bytes(table, sector):
    """What a target needs behind the last partition: 128 entries of 128 bytes, and a header."""
    return (128 * 128 // sector + 1) * sector if table == "gpt" else 0


LENGTHS = {
    "larger": lambda table, sector: SOURCE + 8 * MIB,
    "equal": lambda table, sector: SOURCE,
    "one-sector-smaller": lambda table, sector: SOURCE - sector,
    "smaller-but-fits": lambda table, sector: LAST_END + backup_bytes(table, sector),
    "too-small": lambda table, sector: LAST_END + backup_bytes(table, sector) - sector,
}


@pytest.fixture(scope="module")
def images(scratch):
    """Makes the disk and the image of a table and a sector size when they are first asked for."""
    made, disks = {}, Disks(scratch)

    def image(table, sector):
        if (table, sector) not in made:
            made[table, sector] = _image(scratch, disks, table, sector)
        return made[table, sector]

    yield image
    disks.remove()


def _image(scratch, disks, table, sector):
    name = f"{table}-{sector}"
    source, image = blank(scratch / f"{name}.raw", SOURCE), scratch / f"{name}.img"
    device = disks.attach(source, sector)
    run("sfdisk", "-q", device, input=f"label: {table}\nstart=1MiB, size=8MiB\nstart=9MiB, size=16MiB\n")
    disks.detach(device)
    for offset, length, mkfs in ((FAT, 8 * MIB, ["mkfs.fat"]), (ROOT, 16 * MIB, ["mkfs.ext4", "-q", "-F"])):
        device = disks.attach(source, sector, offset, length)
        run(*mkfs, device)
        disks.detach(device)
    device = disks.attach(source, sector, 0, 0, "-r")
    try:
        run(master_program(), "--upload", image, "--disk", device)
    finally:
        disks.detach(device)
    return SimpleNamespace(image=image, source=source)


def unsound(disks, file, device, table, sector):
    """What the tools find of the table and of both file systems; empty when nothing."""
    found = [failed("sfdisk", "--verify", device)]
    if table == "gpt":
        told = attempt("sgdisk", "-v", device)
        clean = told.returncode == 0 and "No problems found" in told.stdout and "aution" not in told.stdout
        found.append("" if clean else told.stdout + told.stderr)
    flush(device)
    for offset, length, check in ((FAT, 8 * MIB, ["fsck.fat", "-n"]), (ROOT, 0, ["e2fsck", "-fn"])):
        partition = disks.attach(file, sector, offset, length, "-r")
        found.append(failed(*check, partition))
        disks.detach(partition)
    return [fault for fault in found if fault]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("table", ["gpt", "dos"])
@pytest.mark.parametrize("sector", [512, 4096])
def test_a_disk_of_any_length_is_sound_or_as_it_was(sector, table, length, images, programs, disks, scratch):
    sample = images(table, sector)
    target = scratch / f"{table}-{sector}-{length}"
    size = LENGTHS[length](table, sector)
    blank(target, size)
    overwrite(target, os.urandom(MIB), size - MIB)
    device = disks.attach(target, sector)
    grow = ["--grow"] if length == "larger" else []
    before = sectors_written(device)

    own = programs.run(
        "own", "-", master_program(), "--yes", "--download", sample.image, "--disk", device, *grow, seconds=60
    )

    if length == "too-small":
        assert own.code == 10, own.said
        assert f" {sector} bytes are lacking" in own.said
        assert sectors_written(device) == before
    else:
        assert own.code == 0, own.said
        assert unsound(disks, target, device, table, sector) == []
        assert difference(target, sample.source, FAT, 8 * MIB) == ""
    disks.detach(device)
    target.unlink()


@pytest.mark.parametrize("sector", [512, 4096])
def test_a_disk_of_other_sectors_is_as_it_was(sector, images, programs, disks, scratch):
    """Tables and file systems count in sectors, so that no translation is made."""
    sample, other = images("gpt", sector), 4608 - sector
    target = blank(scratch / f"other-{sector}", SOURCE)
    device = disks.attach(target, other)
    before = sectors_written(device)

    own = programs.run("own", "-", master_program(), "--yes", "--download", sample.image, "--disk", device, "--shrink")

    assert own.code == 10, own.said
    assert f"sectors of {sector} bytes, this one has {other}" in own.said
    assert sectors_written(device) == before
    disks.detach(device)
    target.unlink()
