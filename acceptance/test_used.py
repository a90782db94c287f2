"""Only used blocks travel: a GPT disk with EFI FAT, ext4, NTFS, XFS, swap and Btrfs, with stale data in free space.

It is restored by modes 1 and 4 and by mode 3 onto targets of junk. Every file system passes fsck and mounts with every
file; what is free keeps its junk, or is discarded. So on disks that are shorter than the source, whose GPT is made to
fit. The images of partitions are compared with partclone | zstd at the same level.
"""

import json
import os
import subprocess
import time
from types import SimpleNamespace

import pytest

from conftest import Original
from lab import disks as disk_tools, samples
from lab.disks import Disks, dirty, partition_range, sectors_read, stored_kib, unmount
from lab.machine import MIB, attempt, master_program, run, slave_program
from lab.samples import SampleDisk, failed

SIZE_MIB = int(os.environ.get("SIZE_MIB", "624"))
BTRFS_MIB = int(os.environ.get("BTRFS_MIB", "128"))  # mkfs.btrfs makes nothing smaller than 109 MiB
MOST_RATIO = float(os.environ.get("MOST_RATIO", "1.02"))
SLAVES = 2
FRAMES = "offload"
ROOM_MIB = SIZE_MIB * 6 + 500
SECONDS = 87
PARTCLONE = {"vfat": "partclone.vfat", "ext4": "partclone.extfs", "ntfs": "partclone.ntfs", "xfs": "partclone.xfs"}

pytestmark = [
    pytest.mark.root,
    pytest.mark.slow,
    pytest.mark.tools(*samples.TOOLS, "sgdisk", "mkfs.btrfs", "btrfs", "zstd", *PARTCLONE.values()),
]


@pytest.fixture(scope="module")
def sample(scratch):
    return SampleDisk(scratch, scratch / "source", 512, SIZE_MIB, BTRFS_MIB)


@pytest.fixture(scope="module")
def source(module_disks, sample):
    return SimpleNamespace(
        device=module_disks.attach(sample.file, 512, 0, SIZE_MIB * MIB, "-r"), original=Original(sample.file)
    )


@pytest.fixture(scope="module")
def places(scratch, module_disks):
    files = {name: disk_tools.blank(scratch / str(name), SIZE_MIB * MIB) for name in ("local", 1, 2)}
    return SimpleNamespace(files=files, devices={name: module_disks.attach(file) for name, file in files.items()})


@pytest.fixture
def targets(places):
    return {number: places.devices[number] for number in (1, 2)}


@pytest.fixture(scope="module")
def image(scratch):
    return scratch / "used.img"


def upload(programs, source, image, *options):
    """Makes an image; tells its size, what was read for it, and how long that took."""
    disk_tools.flush(source.device)
    before, began = sectors_read(source.device), time.monotonic()
    code = programs.run(
        "upload", "-", master_program(), "--yes", "--no-verify", "--upload", image, "--disk", source.device, *options
    ).code
    assert code == 0
    print(
        f"{image.name}: {image.stat().st_size // 1024} KiB,"
        f" {(sectors_read(source.device) - before) // 2048} MiB of {SIZE_MIB} read,"
        f" {time.monotonic() - began:.1f} s with the start of the program"
    )


def takes_new_files(scratch, file):
    """The restored ext4 takes thousands of new files, whose inodes lie where its tables were never used; what its fsck
    says then.
    """
    disks = Disks(scratch)
    device = disks.attach(file, 512, *partition_range(file, 512, 2))
    place = scratch / "new"
    place.mkdir()
    try:
        run("mount", "-t", "ext4", device, place)
        try:
            for folder in range(20):
                (place / f"new{folder}").mkdir()
                for name in range(200):
                    (place / f"new{folder}" / str(name)).touch()
        finally:
            unmount(place)
        return failed("e2fsck", "-fn", device)
    finally:
        place.rmdir()
        disks.remove()


def unsound_table(disk):
    done = attempt("sgdisk", "-v", disk)
    return "" if "No problems found" in done.stdout else done.stdout + done.stderr


def test_the_image_of_used_blocks_is_smaller(programs, scratch, source, image):
    print(run(master_program(), "--plan", "--upload", image, "--disk", source.device))
    everything = scratch / "all-blocks.img"
    upload(programs, source, everything, "--all-blocks")
    upload(programs, source, image)

    assert image.stat().st_size < everything.stat().st_size
    assert failed(master_program(), "verify", image) == ""
    everything.unlink()


def used_of(partitions, number):
    """Bytes that each partition's file system calls used, where it tells."""
    return {each[number]: each["bytesUsed"] for each in partitions if each["bytesUsed"] is not None}


def test_used_is_the_same_number_of_the_disk_in_the_plan_and_of_the_image(source, image):
    plan = json.loads(run(master_program(), "--json", "--plan", "--upload", image, "--disk", source.device, "--force"))
    listed = json.loads(run(master_program(), "disks", "--json", source.device))
    info = json.loads(run(master_program(), "info", "--json", image))

    told = {each["partition"]: each["bytesUsed"] for each in plan["volumes"] if not each["whyAll"]}
    assert len(told) >= 5
    assert used_of(listed["disks"][0]["partitions"], "number") == told
    assert used_of(info["partitions"], "number") == told


def test_mode_4_restores_every_file_system(programs, scratch, sample, places, image):
    dirty([places.devices["local"]], scratch.junk())

    restore = programs.run(
        "master", "-", master_program(), "--yes", "--download", image, "--disk", places.devices["local"]
    )

    assert restore.code == 0
    for number in range(1, 7):
        assert sample.faults(places.files["local"], number) == ""
    assert takes_new_files(scratch, places.files["local"]) == ""


@pytest.fixture
def shorter(scratch):
    """A disk that is shorter than the source by what lies behind its last partition."""
    path = disk_tools.blank(scratch / "short", SIZE_MIB * MIB - 3 * MIB // 4)
    dirty([path], scratch.junk())
    yield path
    path.unlink()


def test_mode_4_onto_a_shorter_disk_makes_its_table_fit(programs, sample, image, shorter):
    restore = programs.run("master", "-", master_program(), "--yes", "--download", image, "--disk", shorter)

    assert restore.code == 0
    assert unsound_table(shorter) == ""
    for number in range(1, 7):
        assert sample.faults(shorter, number) == ""


def test_mode_3_onto_a_shorter_disk_makes_its_table_fit(programs, sample, source, shorter):
    slave = programs.start("slave3", "s1", slave_program(), "--yes", shorter)
    assert slave.heard_within(60, "^listening")
    master = programs.run(
        "master", "m", master_program(), "--yes", "--broadcast", "--disk", source.device, "--slaves", 1
    )

    assert master.code == 0
    assert slave.outcome(30) == 0
    assert unsound_table(shorter) == ""
    for number in range(1, 7):
        assert sample.faults(shorter, number) == ""


def test_mode_4_onto_a_disk_that_is_too_short_says_what_is_lacking(programs, image, shorter):
    """It is too short for the backup of the table."""
    os.truncate(shorter, (SIZE_MIB - 1) * MIB)

    restore = programs.run("master", "-", master_program(), "--yes", "--download", image, "--disk", shorter, seconds=60)

    assert restore.code == 10
    assert restore.says(r"[0-9] bytes are lacking")


def test_images_are_no_larger_than_those_of_partclone_and_zstd(disks, scratch, sample, source):
    """Adds up the partitions whose file system tells what is used; the others are read in full, which is said."""
    theirs = ours = 0
    image = scratch / "part.img"
    for number in range(1, 5):
        chosen = ["--upload", image, "--disk", source.device, "--partition", number]
        plan = run(master_program(), "--plan", *chosen)
        if "is read:" in plan:
            print([line.strip() for line in plan.splitlines() if "is read:" in line])
            continue
        device = disks.attach(sample.file, 512, *partition_range(sample.file, 512, number), "-r")
        kind = run("blkid", "-p", "-o", "value", "-s", "TYPE", device).strip()
        theirs += partclone_bytes(PARTCLONE[kind], device, scratch)
        disks.detach(device)
        run(master_program(), "--quiet", "--yes", *chosen, "--codec", "zstd:1")
        ours += image.stat().st_size
        image.unlink()
    print(f"images to partclone and zstd: {ours / theirs:.3f}")
    assert 0 < ours <= MOST_RATIO * theirs


def partclone_bytes(program, device, scratch):
    """Bytes that partclone and zstd make of a device."""
    command = [program, "-c", "-s", device, "-o", "-", "-L", str(scratch.log / "partclone.log")]
    with open(scratch.log / "partclone.err", "wb") as err, subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=err
    ) as used, subprocess.Popen(["zstd", "-q", "-1", "-c"], stdin=used.stdout, stdout=subprocess.PIPE) as packed:
        length = sum(len(piece) for piece in iter(lambda: packed.stdout.read(MIB), b""))
        assert (used.wait(), packed.wait()) == (0, 0)
        return length


def broadcast(session, scratch, sample, source, places, *slave_options):
    """Mode 3 onto junk: how all end, and every file system of both targets."""
    dirty(session.targets.values(), scratch.junk())
    session.slaves_up(*slave_options)
    session.master_up("--broadcast", "--disk", source.device, "--slaves", 2)
    assert session.end(120) == session.all_end(master=0, slaves=0)
    for target in (1, 2):
        for number in range(1, 7):
            assert sample.faults(places.files[target], number) == ""


def test_mode_3_restores_every_file_system_and_discards_when_told(session, scratch, sample, source, places):
    broadcast(session, scratch, sample, source, places)
    assert session.differing(places.devices[1]) == {}, "free space keeps its junk, the same on both"
    before = stored_kib(places.files[1])

    broadcast(session, scratch, sample, source, places, "--discard")
    assert stored_kib(places.files[1]) < before * 9 / 10, "free space is given back"
    assert takes_new_files(scratch, places.files[2]) == ""


def test_source_is_as_it_was(source):
    assert source.original.is_unchanged


def test_plan_disks_and_info_say_what_was_only_sampled(scratch):
    """A table with one small partition: nobody reads all of what lies behind it."""
    disk, image = disk_tools.blank(scratch / "gap", 256 * MIB), scratch / "gap.img"
    run("sfdisk", "-q", disk, input="label: dos\nstart=2048,size=16M\n")
    said = "in no partition are left out: only samples of them were read"
    sampled = (256 - 17) * MIB

    assert said in run(master_program(), "--plan", "--upload", image, "--disk", disk)
    assert said in run(master_program(), "disks", disk)
    run(master_program(), "--yes", "--quiet", "--upload", image, "--disk", disk)
    assert "in no partition, of which only samples were read" in run(master_program(), "info", image)
    assert json.loads(run(master_program(), "info", "--json", image))["bytesSampled"] == sampled

    run(master_program(), "--yes", "--quiet", "--force", "--upload", image, "--all-blocks", "--disk", disk)
    assert json.loads(run(master_program(), "info", "--json", image))["bytesSampled"] == 0
    for path in (disk, image):
        path.unlink()


def test_a_target_may_end_with_the_last_sector_of_the_last_partition(programs, scratch):
    """33 sectors behind a track's start."""
    disk, image, target = disk_tools.blank(scratch / "source2", 64 * MIB), scratch / "short.img", scratch / "target2"
    run("sfdisk", "-q", disk, input="label: dos\nstart=2048,size=65569\n")
    with open(disk, "r+b") as file:
        file.seek(2048 * 512)
        file.write(os.urandom(65569 * 512))
    run(master_program(), "--yes", "--quiet", "--upload", image, "--disk", disk)
    least = (2048 + 65569) * 512
    assert json.loads(run(master_program(), "info", "--json", image))["smallestDiskBytes"] == least

    disk_tools.blank(target, least)
    run(master_program(), "--yes", "--quiet", "--download", image, "--disk", target)
    with open(disk, "rb") as one, open(target, "rb") as other:
        assert one.read(least) == other.read()

    disk_tools.blank(target, least - 512)
    assert "512 bytes are lacking" in failed(master_program(), "--yes", "--download", image, "--disk", target)
    for path in (disk, image, target):
        path.unlink()
