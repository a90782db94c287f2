"""An image of a disk with sectors of one size becomes a disk with sectors of the other (`--sector-size` with `--download`)."""

from types import SimpleNamespace

import pytest

from lab import events
from lab.disks import blank, difference, partition_range, sectors_written, while_mounted, write_table
from lab.machine import MIB, attempt, master_program, run
from lab.samples import SampleDisk, failed, file_list, sums
from lab.session import Session

SLAVES = 1
ROOM_MIB = 1800
SECONDS = 35

pytestmark = [
    pytest.mark.root,
    pytest.mark.tools("sfdisk", "sgdisk", "mkfs.ext4", "mkfs.fat", "mkntfs", "mkfs.xfs", "mcopy", "losetup"),
]

LARGE_MIB = 420


class SmallSectors:
    """A disk of 512 byte sectors with an ESP, a root and swap, as a system that starts by UEFI has them."""

    MIB = 372

    def __init__(self, file, disks, scratch):
        self.file, self._disks, self._scratch = file, disks, scratch
        blank(file, self.MIB * MIB)
        write_table(file, "start=1MiB, size=300MiB, type=U", "size=48MiB, type=L", "size=16MiB, type=S")
        self._on(1, 512, lambda device: run("mkfs.fat", "-F", "32", "-s", "8", "-n", "EFI", device))
        for name in file_list(8, 20):
            run("mcopy", "-o", "-i", f"{file}@@{MIB}", name, "::/")
        self.esp = self._read_esp(file)
        self._on(2, 512, lambda device: run("mkfs.ext4", "-q", "-F", "-b", "4096", device))
        self.root = self._on(2, 512, lambda device: while_mounted(device, "ext4", scratch.folder, self._fill))
        self._on(3, 512, lambda device: run("mkswap", "-q", device))
        run("sync", file)

    def _on(self, number, sector, work, file=None):
        file = file or self.file
        offset, length = partition_range(file, sector, number)
        device = self._disks.attach(file, sector, offset, length)
        try:
            return work(device)
        finally:
            self._disks.detach(device)

    def _fill(self, place):
        for number, name in enumerate(file_list(16, 40)):
            (place / f"file{number}").write_bytes(open(name, "rb").read())
        return sums(place)

    def _read_esp(self, file):
        into = self._scratch.folder / "esp"
        into.mkdir()
        run("mcopy", "-n", "-s", "-i", f"{file}@@{MIB}", "::/", into)
        found = sums(into)
        run("rm", "-r", into)
        return found

    def faults(self, file, sector) -> list:
        """What is wrong with a copy that has other sectors."""
        found = [
            self._on(1, sector, lambda device: failed("fsck.fat", "-n", device), file),
            self._on(2, sector, lambda device: failed("e2fsck", "-fn", device), file),
            self._on(3, sector, lambda device: failed("swaplabel", device), file),
            "" if self._read_esp(file) == self.esp else "files of the ESP differ",
        ]
        root = self._on(2, sector, lambda device: while_mounted(device, "ext4", self._scratch.folder, sums), file)
        return [fault for fault in [*found, "" if root == self.root else "files of the root differ"] if fault]


def table_faults(device) -> list:
    told = attempt("sgdisk", "-v", device)
    clean = told.returncode == 0 and "No problems found" in told.stdout and "aution" not in told.stdout
    return [fault for fault in (failed("sfdisk", "--verify", device), "" if clean else told.stdout + told.stderr) if fault]


def identity(device) -> list:
    """Identifiers and names of disk and partitions, and their places in bytes."""
    sector = int(run("blockdev", "--getss", device))
    found = []
    for line in run("sfdisk", "-d", device).splitlines():
        words = line.replace(",", " ").split()
        if words[:1] == ["label-id:"]:
            found.append(words)
        elif "start=" in line:
            start, size = int(words[words.index("start=") + 1]), int(words[words.index("size=") + 1])
            found.append([start * sector, size * sector, *words[words.index("size=") + 2 :]])
    return found


@pytest.fixture
def place(scratch):
    names = {name: scratch / name for name in ("source", "image", "own", "slave", "room")}
    names["room"].mkdir()
    yield SimpleNamespace(**names)
    assert list(names["room"].iterdir()) == [], "temporary files are left"
    names["room"].rmdir()
    for path in names.values():
        path.unlink(missing_ok=True)


def upload(programs, image, device):
    made = programs.run("upload", "-", master_program(), "--upload", image, "--disk", device)
    assert made.code == 0, made.said


def download(programs, place, *options, name="own", disk=None):
    command = [master_program(), "--yes", "--download", place.image, "--disk", disk or place.own, *options]
    return programs.run(name, "-", *command, env={"TMPDIR": str(place.room)})


def test_a_disk_of_4096_byte_sectors_becomes_one_of_512(programs, disks, place, scratch):
    """All that it holds is sound there: FAT, ext4, NTFS, XFS, swap. The other size is refused with the way out."""
    sample = SampleDisk(scratch, place.source, 4096, LARGE_MIB)
    source = disks.attach(place.source, 4096, 0, 0, "-r")
    upload(programs, place.image, source)
    blank(place.own, LARGE_MIB * MIB)
    device = disks.attach(place.own)
    before = sectors_written(device)

    without = download(programs, place, name="without", disk=device)
    own = download(programs, place, "--sector-size", 512, "--json", disk=device)

    assert without.code == 10
    assert "imgblstr --download IMAGE --sector-size 512" in without.said
    assert own.code == 0, own.said
    steps = [step for step in events.of_kind(own.events, "plan")[0]["steps"] if step["action"] == "translate"]
    assert len(steps) == 1
    assert "adapted: GPT, vfat of partition 1, ntfs of partition 3; such a disk starts by UEFI only" in steps[0]["detail"]
    assert sectors_written(device) != before
    assert table_faults(device) == []
    assert identity(device) == identity(source)
    disks.detach(device)
    disks.detach(source)
    sample.sector_bytes = 512
    assert [sample.faults(place.own, number) for number in range(1, 6)] == [""] * 5


def test_a_disk_of_512_byte_sectors_becomes_one_of_4096_for_all(programs, disks, place, scratch):
    """Also for a slave, which gets the disk that the master has made; and back again it is the same."""
    sample = SmallSectors(place.source, disks, scratch)
    upload(programs, place.image, place.source)
    targets = {}
    for name in ("own", "slave"):
        blank(getattr(place, name), sample.MIB * MIB)
        targets[name] = disks.attach(getattr(place, name), 4096)
    session = Session(programs, {1: targets["slave"]})
    session.slaves_up()
    session.master_up(
        *("--download", place.image, "--broadcast", "--sector-size", 4096, "--disk", targets["own"], "--slaves", 1)
    )

    assert session.end(60) == session.all_end(master=0, slaves=0), session.master.said
    source = disks.attach(place.source, 512, 0, 0, "-r")
    for name, device in targets.items():
        assert table_faults(device) == []
        assert identity(device) == identity(source)
        assert sample.faults(getattr(place, name), 4096) == []
    disks.detach(source)

    upload_back = scratch / "back"
    upload(programs, upload_back, targets["own"])
    place.image.unlink()
    upload_back.rename(place.image)
    for device in targets.values():
        disks.detach(device)
    blank(place.slave, sample.MIB * MIB)
    back = download(programs, place, "--sector-size", 512, disk=place.slave)
    assert back.code == 0, back.said
    assert sample.faults(place.slave, 512) == []
    assert difference(place.slave, place.source, MIB, 300 * MIB) == "", "a FAT there and back is the same"


def test_what_cannot_be_translated_is_named_before_anything_is_written(programs, disks, place):
    """A file system that counts in small pieces, a partition at an odd place, an image of partitions, options that do not go together."""
    blank(place.own, 64 * MIB)
    device = disks.attach(place.own, 4096)
    before = sectors_written(device)

    def refused(name, table, mkfs=None, *options):
        blank(place.source, 64 * MIB)
        run("sfdisk", "-q", place.source, input=table)
        if mkfs:
            loop = disks.attach(place.source, 512, MIB, 32 * MIB)
            run(*mkfs, loop)
            disks.detach(loop)
        made = programs.run(
            f"{name}-up", "-", master_program(), "--force", "--upload", place.image, "--disk", place.source, *options
        )
        assert made.code == 0, made.said
        own = download(programs, place, "--sector-size", 4096, name=name, disk=device)
        assert own.code == 10, own.said
        assert sectors_written(device) == before
        return own.said

    table = "label: gpt\nstart=1MiB, size=32MiB\n"
    assert "partition 1 (ntfs): NTFS: its file records have 1024 bytes" in refused("ntfs", table, ["mkntfs", "-q", "-Q", "-F"])
    assert "partition 1 (ext4): it counts in blocks of 1024 bytes" in refused(
        "ext4", table, ["mkfs.ext4", "-q", "-F", "-b", "1024"]
    )
    assert "partition 1 (vfat): FAT: its" in refused("vfat", table, ["mkfs.fat", "-a", "-s", "1"])
    assert "partition 1 starts at byte 20992, which is no multiple of 4096" in refused(
        "odd", "label: gpt\nfirst-lba: 34\nstart=41, size=64\n"
    )
    assert "starts at byte 20480, and the new GPT needs the first 24576 bytes" in refused(
        "early", "label: gpt\nfirst-lba: 34\nstart=40, size=64\n"
    )
    assert "this one holds partitions" in refused("partition", table, ["mkfs.ext4", "-q", "-F", "-b", "4096"], "--partition", "1")
    both = download(programs, place, "--sector-size", 4096, "--shrink", name="both", disk=device)
    assert both.code == 2
    assert "write it to a file first" in both.said
    disks.detach(device)


def test_logical_partitions_of_an_mbr_keep_their_bytes(programs, disks, place, scratch):
    blank(place.source, 64 * MIB)
    run(
        "sfdisk",
        "-q",
        place.source,
        input="label: dos\nlabel-id: 0x11223344\nstart=1MiB, size=8MiB\nstart=9MiB, size=50MiB, type=5\n"
        "start=10MiB, size=16MiB\nstart=28MiB, size=24MiB\n",
    )
    for start, size in ((1, 8), (10, 16), (28, 24)):
        loop = disks.attach(place.source, 512, start * MIB, size * MIB)
        run("mkfs.ext4", "-q", "-F", "-b", "4096", loop)
        disks.detach(loop)
    upload(programs, place.image, place.source)
    blank(place.own, 64 * MIB)
    device = disks.attach(place.own, 4096)

    own = download(programs, place, "--sector-size", 4096, disk=device)

    assert own.code == 0, own.said
    assert failed("sfdisk", "--verify", device) == ""
    source = disks.attach(place.source, 512, 0, 0, "-r")
    assert identity(device) == identity(source)
    for start, size in ((1, 8), (10, 16), (28, 24)):
        assert difference(place.own, place.source, start * MIB, size * MIB) == ""
    disks.detach(source)
    disks.detach(device)
