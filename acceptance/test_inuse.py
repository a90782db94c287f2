"""The refusal matrix: what is in use, or is no place for the image, is refused as a target and as a source, each with its own words and
exit code, and not one sector is written: the kernel's count of writes to the device is the same before and after.
"""

import os
import re
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab.disks import blank, dirty, sectors_written, unmount, write_table
from lab.machine import MIB, attempt, lacking, master_program, run, slave_program, wait_for
from lab.samples import failed, random_file

pytestmark = [pytest.mark.root, pytest.mark.tools("mkfs.ext4", "mkswap", "sfdisk")]

DOES_NOT_FIT, REFUSED = 10, 15
DISK_MIB = 16
SLAVES = 1
ROOM_MIB = 300
SECONDS = 35
NO_COMPLAINT = re.compile("^(listening|waiting|plan:|  )|^$")


@pytest.fixture(scope="module")
def place(scratch):
    """An image of a disk of 16 MiB, and what the states make things from."""
    source = random_file(scratch / "source", DISK_MIB)
    image = scratch / "good.img"
    assert failed(master_program(), "--quiet", "--yes", "--upload", image, "--disk", source) == ""
    return SimpleNamespace(source=source, image=image, new=scratch / "new.img")


@pytest.fixture
def box(scratch, disks, place):
    """What a state is made from: `device()` gives a loop device full of junk, `folder()` a place to mount it."""

    def device(mib=DISK_MIB, sector_bytes=512, *options):
        file = blank(scratch / "device", mib * MIB)
        dirty([file], scratch.junk())
        return disks.attach(file, sector_bytes, 0, 0, *options)

    def folder():
        made = scratch / "mnt"
        made.mkdir(exist_ok=True)
        return made

    return SimpleNamespace(device=device, folder=folder, disks=disks, place=place, scratch=scratch)


def with_ext4(device):
    run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", device)
    run("sync", device)
    return device


# ------------------------------------------------------------------------------------------- states of a disk, by name


@contextmanager
def mounted(box, device, options="ro", folder=None):
    folder = folder or box.folder()
    run("mount", "-o", options, device, folder)
    try:
        run("sync", "-f", folder)
        yield device
    finally:
        unmount(folder)


@contextmanager
def mounted_read_only(box):
    with mounted(box, with_ext4(box.device())) as device:
        yield device


@contextmanager
def mounted_for_writing(box):
    with mounted(box, with_ext4(box.device()), "rw,noinit_itable") as device:
        yield device


@contextmanager
def mounted_partition(box):
    """The disk as a whole, of which the kernel has a partition that is mounted."""
    device = box.device()
    write_table(device, "size=8MiB")
    run("partx", "-a", device)
    partition = f"{device}p1"
    if not wait_for(5, lambda: os.path.exists(partition)):
        pytest.skip("this kernel has no partitions of loop devices")
    with mounted(box, with_ext4(partition), "rw,noinit_itable"):
        yield device


@contextmanager
def mounted_elsewhere(box):
    """In a mount namespace that the programs do not see, as in a container."""
    device, folder = with_ext4(box.device()), box.folder()
    script = f"mount -o ro {device} {folder} && echo mounted && read -r line"
    words = ["unshare", "-m", "--propagation", "private", "sh", "-c", script]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "mounted\n"
        try:
            yield device
        finally:
            other.stdin.close()


@contextmanager
def the_system(box):
    """Mounted where the running system has its kernel; in the mount namespace of this test."""
    with mounted(box, with_ext4(box.device()), "rw,noinit_itable", Path("/boot")) as device:
        yield device


@contextmanager
def swap(box):
    device = box.device()
    run("mkswap", "-q", device)
    if attempt("swapon", device).returncode != 0:
        pytest.skip("this machine takes no swap")
    try:
        yield device
    finally:
        run("swapoff", device)


@contextmanager
def mapped(box):
    """A device map on it, as LVM, crypt and multipath make them."""
    if lacking(["dmsetup"]) or attempt("dmsetup", "version").returncode != 0:
        pytest.skip("this kernel has no device mapper")
    device = box.device()
    name = f"imgblstr-{os.getpid()}"
    run("dmsetup", "create", name, "--table", f"0 {DISK_MIB * MIB // 512} linear {device} 0")
    try:
        yield device
    finally:
        run("dmsetup", "remove", name)


@contextmanager
def in_an_array(box):
    if lacking(["mdadm"]) or not Path("/proc/mdstat").exists():
        pytest.skip("this machine makes no arrays (md)")
    device, node = box.device(), f"/dev/md/imgblstr-{os.getpid()}"
    run("mdadm", "--build", node, "--level=linear", "--force", "--raid-devices=1", device)
    try:
        yield device
    finally:
        run("mdadm", "--stop", node)


@contextmanager
def under_a_loop_device(box):
    device = box.device()
    box.disks.attach(device)
    yield device


@contextmanager
def open_for_writing(box):
    """By a process that holds nothing: this one."""
    device = box.device()
    handle = os.open(device, os.O_RDWR)
    try:
        yield device
    finally:
        os.close(handle)


@contextmanager
def held(box):
    """By a process that lets nobody else hold it, as a file system checker does."""
    device = box.device()
    handle = os.open(device, os.O_RDONLY | os.O_EXCL)
    try:
        yield device
    finally:
        os.close(handle)


@contextmanager
def read_only(box):
    yield box.device(DISK_MIB, 512, "-r")


@contextmanager
def the_image_itself(box):
    """A loop device on the file that is to be restored."""
    yield box.disks.attach(box.place.image, 512, 0, box.place.image.stat().st_size // 512 * 512)


@contextmanager
def too_small(box):
    yield box.device(DISK_MIB - 1)


@contextmanager
def other_sectors(box):
    yield box.device(DISK_MIB, 4096)


# --------------------------------------------------------------------------------------------------------- who asks for it

ASKING = {
    "slave": lambda p, device: [slave_program(), "--yes", "--wait", "5s", device],
    "forced slave": lambda p, device: [slave_program(), "--yes", "--force", "--wait", "5s", device],
    "restore": lambda p, device: [master_program(), "--yes", "--download", p.image, "--disk", device],
    "forced restore": lambda p, device: [master_program(), "--yes", "--force", "--download", p.image, "--disk", device],
    "source": lambda p, device: [master_program(), "--yes", "--upload", p.new, "--disk", device],
}
TARGET, ALWAYS = ("slave", "restore"), ("slave", "forced slave", "restore", "forced restore")
RESTORE = ("restore", "forced restore")
BUSY = "is held by another program, or mounted where this program does not see it"

# state: exit code, what the line says, who is refused
MATRIX = {
    mounted_read_only: (REFUSED, r"is mounted on \S+/mnt \(ext4, read-only\).*umount", TARGET),
    mounted_for_writing: (REFUSED, r"is mounted on \S+/mnt \(ext4\).*umount", (*TARGET, "source")),
    mounted_partition: (REFUSED, r"p1 is mounted on \S+/mnt \(ext4\)", (*TARGET, "source")),
    mounted_elsewhere: (REFUSED, BUSY, (*TARGET, "source")),
    the_system: (REFUSED, "holds the running system, mounted on /boot", (*ALWAYS, "source")),
    mapped: (REFUSED, "is part of /dev/dm-", (*TARGET, "source")),
    in_an_array: (REFUSED, "is part of /dev/md", (*TARGET, "source")),
    under_a_loop_device: (REFUSED, "is the content of the loop device /dev/loop", (*ALWAYS, "source")),
    open_for_writing: (REFUSED, r"is open for writing in process \d+ \(\w+", (*TARGET, "source")),
    held: (REFUSED, BUSY, (*TARGET, "source")),
    read_only: (REFUSED, "is read-only", ALWAYS),
    the_image_itself: (REFUSED, "it would destroy .*, which is read", RESTORE),
    too_small: (DOES_NOT_FIT, "needs 16777216 bytes", RESTORE),
    other_sectors: (DOES_NOT_FIT, "sectors of 512 bytes.*4096|4096.*512", RESTORE),
}


def assert_refused(program, code, words):
    complaints = [line for line in program.said.splitlines() if not NO_COMPLAINT.match(line)]
    assert (program.code, len(complaints)) == (code, 1), (program.name, complaints)
    assert re.search(words, complaints[0]), (program.name, complaints[0])


@pytest.mark.parametrize("state", MATRIX, ids=lambda state: state.__name__)
def test_is_refused_and_not_written(state, programs, box):
    code, words, who = MATRIX[state]
    with state(box) as device:
        before = sectors_written(device)
        started = [programs.start(name.replace(" ", "-"), "m", *ASKING[name](box.place, device)) for name in who]
        for program in started:
            program.outcome(60)
        assert sectors_written(device) == before, "not one sector is written"
    for program in started:
        assert_refused(program, code, words)
    assert not box.place.new.exists()


@pytest.mark.alone  # Memory that others use would go to this swap.
def test_swap_is_refused_and_not_written(programs, box):
    """The kernel writes to swap when it likes: what the programs do shows only while the kernel does not."""
    with swap(box) as device:
        for _ in range(5):
            swapped, before = pages_swapped_out(), sectors_written(device)
            started = [programs.start(name, "m", *ASKING[name](box.place, device)) for name in (*TARGET, "source")]
            for program in started:
                program.outcome(60)
                assert_refused(program, REFUSED, "is swap.*swapoff")
            if pages_swapped_out() == swapped:
                assert sectors_written(device) == before, "not one sector is written"
                return
    pytest.skip("the kernel wrote to the swap each time")


def pages_swapped_out() -> int:
    """Pages that the kernel has written to swap so far."""
    with open("/proc/vmstat", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("pswpout "))


def test_a_disk_is_held_from_before_the_question_on(lan, box, tmp_path):
    """While the question waits for its answer nobody can mount the disk, and the answer is no."""
    device = with_ext4(box.device())
    master, terminal = os.openpty()
    words = ["setsid", "--ctty", *lan.command("s1", slave_program(), "--wait", "5s", device)]
    with subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal) as slave:
        os.close(terminal)
        try:
            said = read_until(master, b"Overwrite ")
            mount = attempt("mount", "-o", "ro", device, tmp_path)
            before = sectors_written(device)
            os.write(master, b"no\n")
            code = slave.wait(30)
        finally:
            slave.send_signal(signal.SIGKILL)
            os.close(master)
    assert mount.returncode != 0 and "busy" in mount.stderr.lower(), mount.stderr
    assert b"bus loop" in said and b"now on it: ext4" in said, said
    assert code == REFUSED
    assert sectors_written(device) == before


def read_until(handle, words) -> bytes:
    """What a program says on a terminal, up to these words."""
    said = b""
    while words not in said:
        try:
            said += os.read(handle, 4096)
        except OSError:  # the program has ended
            pytest.fail(f"it has not said {words}: {said}")
    return said


def test_a_disk_is_named_by_its_model(programs, box):
    """A loop device has the name of its file for a model. Its path, model and content stand in the plan."""
    device = with_ext4(box.device())
    file = box.scratch.folder.name
    plan = programs.run("plan", "m", slave_program(), "--plan", f"model={file}/device", seconds=60)
    assert plan.code == 0
    assert device in plan.said and "now on it: ext4" in plan.said
    for words, found in (("serial=nobody has this", "has no disks"), (f"model={file}", "has 2 disks")):
        other = box.disks.attach(blank(box.scratch / "other", MIB))
        refused = programs.run("refused", "m", slave_program(), "--yes", "--wait", "5s", words, seconds=60)
        box.disks.detach(other)
        assert_refused(refused, 2, found)
