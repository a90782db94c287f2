"""A Windows on the restored disk: boot sectors that tell where their partition starts, and the answer file that gives a name (`--hostname`).

The judges are the bytes, ntfsfix, fsck.fat, blkid, and what ntfscat reads.
"""

import struct
import uuid
from types import SimpleNamespace

import pytest

from lab import disks as disk_tools
from lab.disks import blank, while_mounted
from lab.machine import MIB, attempt, master_program, run
from lab.samples import failed
from lab.session import Session

SLAVES = 1
ROOM_MIB = 500
SECONDS = 30

TOOLS = ("sfdisk", "partx", "mkntfs", "ntfsfix", "ntfscat", "ntfsls", "ntfscp", "mkfs.fat", "fsck.fat", "blkid")
pytestmark = [pytest.mark.root, pytest.mark.tools(*TOOLS)]

NTFS_MIB, FAT_MIB = 16, 40
HIDDEN = 28  # byte of the boot sector


@pytest.fixture
def place(scratch):
    names = {name: scratch / name for name in ("source", "image", "own", "slave1")}
    yield SimpleNamespace(**names)
    for path in names.values():
        path.unlink(missing_ok=True)


def divided(file, first_mib, more_mib=0):
    """A disk with room for an NTFS and a FAT from here on; gives the first bytes of both."""
    ntfs, fat = NTFS_MIB + more_mib, FAT_MIB + more_mib
    blank(file, (first_mib + ntfs + fat + 2) * MIB)
    run("sfdisk", "-q", file, input=f"label: gpt\nstart={first_mib}MiB, size={ntfs}MiB\nstart={first_mib + ntfs}MiB, size={fat}MiB\n")
    return first_mib * MIB, (first_mib + ntfs) * MIB


def formatted(file, disks, starts):
    """Both partitions with file systems that were told where they start, as Windows tells them."""
    for start, mib, words in zip(starts, (NTFS_MIB, FAT_MIB), (["mkntfs", "-q", "-Q", "-F", "-p"], ["mkfs.fat", "-F", "32", "-h"])):
        device = disks.attach(file, 512, start, mib * MIB)
        run(*words, start // 512, device)
        disks.detach(device)
    run("sync", file)


def told(disk, start) -> set:
    """The sectors that the boot sector at this byte and its copy name as the start of the volume."""
    disk_tools.flush(disk)
    with open(disk, "rb") as file:
        file.seek(start)
        boot = file.read(512)
        copy = struct.unpack_from("<Q", boot, 40)[0] if boot[3:7] == b"NTFS" else struct.unpack_from("<H", boot, 50)[0]
        file.seek(start + copy * 512)
        return {struct.unpack_from("<I", sector, HIDDEN)[0] for sector in (boot, file.read(512))}


def faults(disk, disks, start, mib, check) -> tuple:
    """What the checker says of a volume, and its identifier."""
    device = disks.attach(disk, 512, start, mib * MIB)
    found = failed(*check, device), run("blkid", "-p", "-o", "value", "-s", "UUID", device)
    disks.detach(device)
    return found


def test_boot_sectors_tell_where_their_partition_starts_on_the_new_disk(programs, disks, place, request):
    """By mode 4 to a disk with larger partitions at other places, and to the device of a partition at a slave, twice."""
    old = divided(place.source, 5)
    formatted(place.source, disks, old)
    assert [told(place.source, start) for start in old] == [{start // 512} for start in old]
    made = programs.run("upload", "-", master_program(), "--upload", place.image, "--disk", place.source, "--partition", "1,2")
    assert made.code == 0, made.said
    new = divided(place.own, 3, 4)

    own = programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own)

    assert own.code == 0, own.said
    assert f"NTFS of partition 1 of {place.own}: starts at sector {3 * 2048} of the disk now, was {5 * 2048}" in own.said
    assert f"FAT of partition 2 of {place.own}: starts at sector {23 * 2048} of the disk now, was {21 * 2048}" in own.said
    for start, before, mib, check in zip(new, old, (NTFS_MIB, FAT_MIB), (["ntfsfix", "-n"], ["fsck.fat", "-n"])):
        assert told(place.own, start) == {start // 512}
        found = faults(place.own, disks, start, mib, check)
        assert found == faults(place.source, disks, before, mib, check) and found[0] == ""

    (start, _) = divided(place.slave1, 7, 4)
    device = disks.attach(place.slave1)
    attempt("partx", "-a", device)
    request.addfinalizer(lambda: disk_tools.forget_partitions(device))
    for options in ([], ["--delta"]):
        session = Session(programs, {1: f"{device}p1"})
        codes = session.run(60, "--broadcast", "--disk", place.source, "--partition", "1", "--slaves", 1, *options)
        assert codes == session.all_end(master=0, slaves=0), session.slaves[1].said
        assert f"NTFS of {device}p1: starts at sector {7 * 2048} of the disk now, was {5 * 2048}" in session.slaves[1].said
        assert told(device, start) == {start // 512}
        assert faults(place.slave1, disks, start, NTFS_MIB, ["ntfsfix", "-n"])[0] == ""  # which looks for the copy at the end of the device


def test_a_volume_that_nobody_has_told_and_one_that_stays_are_left_alone(programs, disks, place):
    """An NTFS with 0 in its boot sector, and a FAT that starts where it did."""
    old = divided(place.source, 5)
    formatted(place.source, disks, old)
    device = disks.attach(place.source, 512, old[0], NTFS_MIB * MIB)
    run("mkntfs", "-q", "-Q", "-F", "-p", "0", device)
    disks.detach(device)
    made = programs.run("upload", "-", master_program(), "--upload", place.image, "--disk", place.source, "--partition", "1,2")
    assert made.code == 0, made.said
    divided(place.own, 5)

    own = programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own)

    assert own.code == 0, own.said
    assert "starts at sector" not in own.said
    for start, mib in zip(old, (NTFS_MIB, FAT_MIB)):
        assert disk_tools.difference(place.own, place.source, start, mib * MIB) == ""


ANSWER = '<?xml version="1.0"?>\n<unattend><settings pass="specialize"><component name="Microsoft-Windows-Shell-Setup"><ComputerName>*</ComputerName></component></settings></unattend>\n'
GENERALISED = {"WINDOWS/Setup/State/State.ini": "[State]\r\nImageState=IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE\r\n"}
VOLUME_MIB = 8
# What is in each partition, beside the folders that every Windows has
WINDOWS = (
    GENERALISED,
    {"WINDOWS/Panther/unattend.xml": ANSWER.replace("*", "second"), "WINDOWS/Panther/unattend/Unattend.xml": ANSWER},
    {"WINDOWS/Setup/State/State.ini": "[State]\r\nImageState=IMAGE_STATE_COMPLETE\r\n"},
    {"hiberfil.sys": "hibr" + "\0" * 8192},
    {"WINDOWS/Panther/unattend.xml": "<unattend/>"},
)


def with_windows(file, disks, volumes):
    """A disk with a Windows in each partition."""
    blank(file, (len(volumes) * VOLUME_MIB + 2) * MIB)
    run("sfdisk", "-q", file, input="label: gpt\n" + "".join(f"start={1 + n * VOLUME_MIB}MiB, size={VOLUME_MIB}MiB\n" for n in range(len(volumes))))
    for number, files in enumerate(volumes):
        device = disks.attach(file, 512, (1 + number * VOLUME_MIB) * MIB, VOLUME_MIB * MIB)
        run("mkntfs", "-q", "-Q", "-F", device)
        while_mounted(device, "ntfs-3g", file.parent, lambda place, files=files: filled(place, files))
        disks.detach(device)
    run("sync", file)


def filled(place, files):
    for folder in ("WINDOWS/system32", "WINDOWS/Panther"):
        (place / folder).mkdir(parents=True)
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="ascii", newline="")


def answers(disk, disks, number, mib=VOLUME_MIB) -> dict:
    """The answer files of the Windows in a partition; sound when ntfsfix finds nothing."""
    device = disks.attach(disk, 512, (1 + number * VOLUME_MIB) * MIB, mib * MIB)
    names = ("WINDOWS/Panther/unattend.xml", "WINDOWS/Panther/unattend/Unattend.xml")
    done = {name: attempt("ntfscat", "-f", device, name) for name in names}
    assert failed("ntfsfix", "-n", device) == ""
    disks.detach(device)
    return {name: each.stdout for name, each in done.items() if each.returncode == 0}


@pytest.mark.tools("ntfs-3g")
def test_each_windows_that_can_have_a_name_gets_it(programs, disks, place):
    """One without an answer file, one with two, one that was not generalised, one that hibernates, and one whose file names nobody."""
    with_windows(place.source, disks, WINDOWS)
    before = disk_tools.digest(place.source)
    made = programs.run("upload", "-", master_program(), "--upload", place.image, "--disk", place.source)
    assert made.code == 0, made.said
    blank(place.own, place.source.stat().st_size)

    own = programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own, "--hostname", "pc-{index:02}.example.org")

    assert own.code == 0, own.said
    first = answers(place.own, disks, 0)["WINDOWS/Panther/unattend.xml"]
    assert first.count("<ComputerName>pc-00</ComputerName>") == 3 and 'pass="specialize"' in first
    assert answers(place.own, disks, 1) == {
        "WINDOWS/Panther/unattend.xml": ANSWER.replace("*", "second"),
        "WINDOWS/Panther/unattend/Unattend.xml": ANSWER.replace("*", "pc-00"),
    }
    assert "the Windows in partition 1 (ntfs) gets the name pc-00 at its first start after sysprep: WINDOWS/Panther/unattend.xml" in own.said
    assert "partition 3 (ntfs) keeps its name: it was not generalised by sysprep before it was imaged (IMAGE_STATE_COMPLETE)" in own.said
    assert "partition 4 (ntfs) keeps its name: ntfscp ended with exit code 1" in own.said and "hibernated" in own.said
    assert "partition 5 (ntfs) keeps its name: its answer file WINDOWS/Panther/unattend.xml has no element ComputerName" in own.said
    start = (1 + 2 * VOLUME_MIB) * MIB
    assert disk_tools.difference(place.own, place.source, start, 3 * VOLUME_MIB * MIB) == "", "the others are as they were"
    assert disk_tools.digest(place.source) == before


@pytest.mark.tools("ntfs-3g")
def test_a_slave_whose_only_windows_cannot_have_the_name_says_so(programs, disks, place):
    """A name that is too long; then a right one for a disk that grows, which marks the NTFS to be checked by Windows."""
    with_windows(place.source, disks, [GENERALISED])
    bytes_of_source = place.source.stat().st_size
    label = f"lab-{uuid.uuid4().hex[:12]}"
    for name, length, options, code, words in (
        (label, 0, [], 3, f"the Windows in partition 1 (ntfs) keeps its name: '{label}' has 16 characters, and a Windows takes at most 15"),
        (label[:15], VOLUME_MIB * MIB, ["--grow", "--new-ids"], 0, f"gets the name {label[:15]} at its first start"),
    ):
        session = Session(programs, {1: blank(place.slave1, bytes_of_source + length)})
        session.slaves_up("--hostname", name, *options)
        session.master_up("--broadcast", "--disk", place.source, "--slaves", 1)
        assert session.end(60) == session.all_end(master=code, slaves=code), session.slaves[1].said
        assert words in session.slaves[1].said
        assert (words in session.master.said) == (code == 3)
    assert "partition 1 (ntfs) has a new identifier" in session.slaves[1].said
    assert f"<ComputerName>{label[:15]}</ComputerName>" in answers(place.slave1, disks, 0, 2 * VOLUME_MIB)["WINDOWS/Panther/unattend.xml"]
