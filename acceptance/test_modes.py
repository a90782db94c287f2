"""The six modes by flags, with real file systems, on disks of 512 byte sectors, or of those in SECTORS, to four slaves.

Every byte is identical with --all-blocks, every file system and file is whole without it; then one partition, and two
of five.
"""

import os
from types import SimpleNamespace

import pytest

from conftest import Original
from lab import disks as disk_tools, samples
from lab.disks import difference, digest, dirty, partition_range, sectors_read
from lab.machine import MIB, attempt, master_program, run
from lab.samples import SampleDisk

pytestmark = [pytest.mark.root, pytest.mark.tools(*samples.TOOLS), pytest.mark.slow]

SIZE_MIB = int(os.environ.get("SIZE_MIB", "496"))
SLAVES = 4
FRAMES = "offload"
ROOM_MIB = SIZE_MIB * 6 + 700
SECONDS = 140
SECTORS = [int(sector) for sector in os.environ.get("SECTORS", "512").split()]


@pytest.fixture(scope="module", params=SECTORS)
def sector(request):
    return request.param


@pytest.fixture(scope="module")
def sample(scratch, sector):
    disk = SampleDisk(scratch, scratch / f"source-{sector}", sector, SIZE_MIB)
    yield disk
    disk.file.unlink()


@pytest.fixture(scope="module")
def source(module_disks, sample, sector):
    """The sample disk, read-only; targets are compared with the file behind it, which has not changed when the last
    test has passed.
    """
    device = module_disks.attach(sample.file, sector, 0, SIZE_MIB * MIB, "-r")
    yield SimpleNamespace(device=device, original=Original(sample.file), file=sample.file)
    module_disks.detach(device)


@pytest.fixture(scope="module")
def places(scratch, module_disks, sector):
    """The disks that are written: loop devices, and the files behind them."""
    files = {name: disk_tools.blank(scratch / str(name), SIZE_MIB * MIB) for name in ("local", *range(1, SLAVES + 1))}
    devices = {name: module_disks.attach(file, sector) for name, file in files.items()}
    yield SimpleNamespace(files=files, devices=devices, local=devices["local"])
    for device in devices.values():
        module_disks.detach(device)
    for file in files.values():
        file.unlink()


@pytest.fixture
def targets(places):
    return {number: places.devices[number] for number in range(1, SLAVES + 1)}


@pytest.fixture(scope="module")
def image_one(scratch, sector):
    """Where mode 1 puts its image, for modes 4 and 6."""
    image = scratch / f"one-{sector}.img"
    yield image
    image.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def image_two(scratch, sector):
    """Where mode 2 puts its image, for mode 5."""
    image = scratch / f"two-{sector}.img"
    yield image
    image.unlink(missing_ok=True)


def made(image):
    if not image.exists():
        pytest.fail(f"the test that makes {image.name} has not run or has failed")
    return image


def verified(image):
    return samples.failed(master_program(), "verify", image)


def test_mode_1_makes_an_image_of_the_disk(programs, source, image_one):
    upload = programs.run(
        "master", "-", master_program(), "--yes", "--upload", image_one, "--disk", source.device, "--all-blocks"
    )

    assert upload.code == 0
    assert verified(image_one) == ""
    assert disk_tools.exported_digest(master_program(), image_one) == source.original.digest


def test_mode_2_makes_an_image_and_targets_in_one_pass(session, scratch, source, image_two):
    dirty(session.targets.values(), scratch.junk())
    session.slaves_up()
    disk_tools.flush(source.device)
    before = sectors_read(source.device)
    session.master_up("--upload", image_two, "--broadcast", "--disk", source.device, "--slaves", SLAVES, "--all-blocks")

    codes = session.end(180)

    read_mib = (sectors_read(source.device) - before) // 2048
    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(source.file) == {}
    assert verified(image_two) == ""
    assert read_mib <= SIZE_MIB * 110 // 100, "the source is read once"


def test_mode_3_makes_targets_of_the_disk(session, scratch, source):
    dirty(session.targets.values(), scratch.junk())

    codes = session.run(180, "--broadcast", "--disk", source.device, "--slaves", SLAVES, "--all-blocks")

    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(source.file) == {}


def test_mode_4_makes_the_local_disk_of_an_image(programs, scratch, source, places, image_one):
    dirty([places.local], scratch.junk())

    restore = programs.run(
        "master", "-", master_program(), "--yes", "--download", made(image_one), "--disk", places.local
    )

    assert restore.code == 0
    assert difference(places.local, source.file) == ""


def test_mode_5_makes_the_local_disk_and_targets_of_an_image(session, scratch, source, places, sample, image_two):
    dirty([*session.targets.values(), places.local], scratch.junk())

    codes = session.run(180, "--download", made(image_two), "--broadcast", "--disk", places.local, "--slaves", SLAVES)

    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(source.file) == {}
    assert difference(places.local, source.file) == ""
    for number in range(1, 6):
        assert sample.faults(places.files[1], number) == ""


def test_mode_5_reads_the_image_once(session, places, image_two):
    """Without reading back, what the master reads is the image (and its own program files)."""
    mib = made(image_two).stat().st_size // MIB
    session.slaves_up("--no-verify")
    session.master_up(
        "--download", image_two, "--broadcast", "--disk", places.local, "--slaves", SLAVES, "--no-verify"
    ).watch()

    codes = session.end(180)

    assert codes == session.all_end(master=0, slaves=0)
    assert 0 < session.master.read_bytes // MIB <= mib * 3 // 2 + 16


def test_mode_6_makes_targets_of_an_image(session, scratch, source, image_one):
    dirty(session.targets.values(), scratch.junk())

    codes = session.run(180, "--download", made(image_one), "--broadcast", "--slaves", SLAVES)

    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(source.file) == {}


def test_used_blocks_leave_the_rest_as_it_was(session, scratch, source, places, sample):
    """What no file system uses is left as it was: junk, the same on all targets."""
    dirty(session.targets.values(), scratch.junk())

    codes = session.run(180, "--broadcast", "--disk", source.device, "--slaves", SLAVES)

    assert codes == session.all_end(master=0, slaves=0)
    assert session.differing(places.devices[1]) == {}
    for number in range(1, 6):
        assert sample.faults(places.files[SLAVES], number) == ""


def test_one_partition_goes_to_a_larger_one_at_another_place(session, scratch, source, sector, request):
    """The target is named by the partition's own device."""
    offset, length = partition_range(source.file, sector, 2)
    whole_disks = dict(session.targets)
    for number, disk in whole_disks.items():
        disk_tools.write_table(disk, f"start=33MiB, size={length // MIB + 4}MiB")
        run("partx", "-a", disk)
        request.addfinalizer(lambda device=disk: disk_tools.forget_partitions(device))
        session.targets[number] = f"{disk}p1"
    dirty(session.targets.values(), scratch.junk())

    codes = session.run(
        120, "--broadcast", "--disk", source.device, "--partition", "2", "--slaves", SLAVES, "--all-blocks"
    )

    assert codes == session.all_end(master=0, slaves=0)
    wrong = {number: difference(target, source.file, 0, length, offset) for number, target in session.targets.items()}
    assert set(wrong.values()) == {""}


def test_two_partitions_go_to_those_of_the_same_numbers(session, scratch, source, sector):
    """The rest of the target stays as it is."""
    dirty(session.targets.values(), scratch.junk())
    for target in session.targets.values():
        copy_table(source.file, target)
    offset, length = partition_range(source.file, sector, 4)
    kept = digest(session.targets[1], offset, length)

    codes = session.run(
        120, "--broadcast", "--disk", source.device, "--partition", "2,windows", "--slaves", SLAVES, "--all-blocks"
    )

    assert codes == session.all_end(master=0, slaves=0)
    for number in (2, 3):
        assert session.differing(source.file, *partition_range(source.file, sector, number)) == {}
    assert {digest(target, offset, length) for target in session.targets.values()} == {
        kept
    }, "partition 4 is left alone"


def copy_table(source, target):
    for first in (0, SIZE_MIB - 1):
        done = attempt(
            "dd",
            f"if={source}",
            f"of={target}",
            "bs=1M",
            "count=1",
            f"skip={first}",
            f"seek={first}",
            "conv=notrunc",
            "status=none",
        )
        assert done.returncode == 0, done.stderr
    run("sync", target)


def test_source_is_as_it_was(source):
    assert source.original.is_unchanged
