"""LVM on a restored disk: the last logical volume grows with its partition, and a volume group gets identifiers of its own. The judges are lvs, blkid
and e2fsck; no volume group of another disk changes, whatever its name and identifiers are.
"""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab.disks import blank, digest, while_mounted
from lab.lvm import ids, lvm, only, pieces
from lab.machine import MIB, master_program, run
from lab.samples import failed
from lab.session import Session

SLAVES = 1
ROOM_MIB = 900
SECONDS = 60

TOOLS = "sfdisk sgdisk mkfs.ext4 tune2fs resize2fs mkswap swaplabel blkid lvm".split()
pytestmark = [pytest.mark.root, pytest.mark.tools(*TOOLS)]

BOOT, PHYSICAL = (MIB, 24 * MIB), (25 * MIB, 100 * MIB)
DISK_MIB = 126
EXTENT = 4 * MIB
HAS_MAPPER = "device-mapper" in Path("/proc/devices").read_text(encoding="ascii")


class Gold:
    """A GPT disk with /boot on ext4 and a physical volume, in which a small Linux on ext4 and a swap space are, in the order that is asked for."""

    def __init__(self, file, disks, order=("swap", "root"), boot_in_root=False):
        self.file, self.disks = Path(file), disks
        blank(self.file, DISK_MIB * MIB)
        run("sfdisk", "-q", self.file, input="label: gpt\nstart=1MiB, size=24MiB\nstart=25MiB, size=100MiB, type=V\n")
        boot, physical = (disks.attach(self.file, 512, *place) for place in (BOOT, PHYSICAL))
        run("mkfs.ext4", "-q", boot)
        lvm(physical, "pvcreate", "-y", physical)
        lvm(physical, "vgcreate", "-y", "-s", "4M", "lab", physical)
        for name in order:
            lvm(physical, "lvcreate", "-y", "-an", "-Zn", "-Wn", "-l", {"root": 10, "swap": 3}[name], "-n", name, "lab")
        self.group = ids(physical)
        self.root, self.swap = (self._made(physical, name, mkfs) for name, mkfs in (("root", ["mkfs.ext4", "-q"]), ("swap", ["mkswap", "-q"])))
        self.boot = run("blkid", "-p", "-o", "value", "-s", "UUID", boot).strip()
        while_mounted(boot, "ext4", self.file.parent, self._fill_boot)
        root = disks.attach(physical, 512, *pieces(physical, "root")[0])
        while_mounted(root, "ext4", self.file.parent, lambda place: self._fill_root(place, boot_in_root))
        for device in (root, physical, boot):
            disks.detach(device)
        run("sync", self.file)
        self.digest = digest(self.file)

    def _made(self, physical, name, mkfs) -> str:
        device = self.disks.attach(physical, 512, *pieces(physical, name)[0])
        run(*mkfs, device)
        made = run("blkid", "-p", "-o", "value", "-s", "UUID", device).strip()
        self.disks.detach(device)
        return made

    def _fill_boot(self, place):
        (place / "grub").mkdir()
        hint = f"lvmid/{self.group.group}/{self.group.volumes['root']}"
        (place / "grub/grub.cfg").write_text(f"search --fs-uuid --hint='{hint}' --set=root {self.root}\n", encoding="ascii")

    def _fill_root(self, place, boot_in_root):
        files = {
            "etc/fstab": f"/dev/lab/root / ext4 defaults 0 1\nUUID={self.boot} /boot ext4 defaults 0 2\nUUID={self.swap} none swap sw 0 0\n",
            "etc/os-release": "ID=debian\n",
            "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
            "etc/hostname": "gold\n",
        }
        if boot_in_root:
            files["boot/grub/i386-pc/core.img"] = "packed\n"
        for name, text in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="ascii")

    def look(self, disk, length=PHYSICAL[1]) -> SimpleNamespace:
        """What a copy is now. No file system of it has a fault."""
        found = SimpleNamespace(told=run("sgdisk", "-v", disk))
        boot, physical = self.disks.attach(disk, 512, *BOOT), self.disks.attach(disk, 512, PHYSICAL[0], length)
        found.group, found.pieces = ids(physical), pieces(physical, "root")
        found.boot = run("blkid", "-p", "-o", "value", "-s", "UUID", boot).strip()
        assert failed("e2fsck", "-fn", boot) == ""
        found.grub = while_mounted(boot, "ext4", self.file.parent, lambda place: (place / "grub/grub.cfg").read_text(encoding="ascii"))
        found.swap = self._uuid(physical, "swap")
        if len(found.pieces) == 1:
            self._look_at_root(physical, found)
        assert failed("lvm", "vgck", "lab", *only(physical)) == ""
        for device in (physical, boot):
            self.disks.detach(device)
        assert "No problems found" in found.told
        return found

    def _uuid(self, physical, name) -> str:
        device = self.disks.attach(physical, 512, *pieces(physical, name)[0])
        made = run("blkid", "-p", "-o", "value", "-s", "UUID", device).strip()
        self.disks.detach(device)
        return made

    def _look_at_root(self, physical, found):
        found.root = self._uuid(physical, "root")
        device = self.disks.attach(physical, 512, *found.pieces[0])
        assert failed("e2fsck", "-fn", device) == ""
        told = run("dumpe2fs", "-h", device)
        found.root_bytes = int(re.search(r"^Block count: +(\d+)", told, re.M)[1]) * int(re.search(r"^Block size: +(\d+)", told, re.M)[1])
        found.texts = while_mounted(device, "ext4", self.file.parent, self._texts)
        self.disks.detach(device)

    @staticmethod
    def _texts(place) -> dict:
        return {name: (place / "etc" / name).read_text(encoding="ascii") for name in ("fstab", "hostname", "machine-id")}


@pytest.fixture
def place(scratch):
    names = {name: scratch / name for name in ("source", "copy", "image", "own", "slave")}
    yield SimpleNamespace(**names)
    for path in names.values():
        path.unlink(missing_ok=True)


def upload(programs, gold, image):
    made = programs.run("upload", "-", master_program(), "--upload", image, "--disk", gold.file)
    assert made.code == 0, made.said


def download(programs, place, *options, mib=2 * DISK_MIB):
    blank(place.own, mib * MIB)
    return programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own, *options)


def grown_length() -> int:
    """Of the partition: to the last whole MiB before the backup of the table."""
    return (2 * DISK_MIB - 1) * MIB - PHYSICAL[0]


def test_the_last_logical_volume_grows_and_all_identifiers_are_new(programs, disks, place):
    """A copy of the source is attached meanwhile: a volume group of the same name and the same identifiers."""
    gold = Gold(place.source, disks)
    shutil.copyfile(gold.file, place.copy)
    neighbour = disks.attach(place.copy, 512, *PHYSICAL)
    session = Session(programs, {1: blank(place.slave, 2 * DISK_MIB * MIB)})

    session.slave_up(1, "--grow", "--new-ids", "--hostname", "lab-{index:02}")
    assert session.slaves[1].heard_within(60, "^listening")
    session.master_up("--upload", place.image, "--broadcast", "--disk", gold.file, "--slaves", 1)
    codes = session.end(120)
    own = download(programs, place, "--grow", "--new-ids", "--hostname", "own")

    assert codes == session.all_end(master=0, slaves=0), session.slaves[1].said
    assert own.code == 0, own.said
    assert own.says("the LVM physical volume, logical volume lab/root and its ext4 with it")
    disks.detach(neighbour)
    assert digest(place.copy) == digest(gold.file) == gold.digest
    found = [gold.look(disk, grown_length()) for disk in (place.slave, place.own)]
    for copy, name in zip(found, ("lab-01", "own")):
        extents = (grown_length() - MIB) // EXTENT - 3
        assert copy.pieces == [(MIB + 3 * EXTENT, extents * EXTENT)]
        assert copy.root_bytes == extents * EXTENT
        assert copy.texts["hostname"] == f"{name}\n"
        assert copy.texts["machine-id"] != "0123456789abcdef0123456789abcdef\n"
        assert copy.texts["fstab"] == f"/dev/lab/root / ext4 defaults 0 1\nUUID={copy.boot} /boot ext4 defaults 0 2\nUUID={copy.swap} none swap sw 0 0\n"
        hint = f"lvmid/{copy.group.group}/{copy.group.volumes['root']}"
        assert copy.grub == f"search --fs-uuid --hint='{hint}' --set=root {copy.root}\n"
    every = [(each.group.group, each.group.physical, each.root, each.swap, each.boot) for each in (gold, *found)]
    assert len({one for each in every for one in each}) == 15
    assert run("losetup", "-j", place.own) == run("losetup", "-j", place.slave) == ""


def test_a_volume_in_pieces_needs_the_device_mapper(programs, disks, place):
    """Swap behind the root is never chosen; the root goes on behind it, and nothing of the disk is lost where that cannot be mounted."""
    gold = Gold(place.source, disks, ("root", "swap"))
    upload(programs, gold, place.image)

    own = download(programs, place, "--grow")

    assert own.code == (0 if HAS_MAPPER else 3), own.said
    copy = gold.look(place.own, grown_length())
    assert copy.pieces == [(MIB, 10 * EXTENT), (MIB + 13 * EXTENT, (grown_length() - MIB) // EXTENT * EXTENT - 13 * EXTENT)]
    if not HAS_MAPPER:
        assert "every byte of the image is on the disk, but partition 2 and logical volume lab/root have grown without the ext4 in it: " in own.said
        assert "the kernel of this machine has no device mapper; in the restored system the rest is done by 'resize2fs /dev/lab/root'" in own.said
    physical = disks.attach(place.own, 512, PHYSICAL[0], grown_length())
    device = disks.attach(physical, 512, *copy.pieces[0])
    assert HAS_MAPPER or failed("e2fsck", "-fn", device) == ""


def test_a_volume_group_that_lies_on_other_disks_too_is_left_alone(programs, disks, place, scratch):
    gold = Gold(place.source, disks)
    physical = disks.attach(gold.file, 512, *PHYSICAL)
    other = disks.attach(blank(scratch / "other", 32 * MIB))
    lvm((physical, other), "pvcreate", "-y", other)
    lvm((physical, other), "vgextend", "-y", "lab", other)
    for device in (physical, other):
        disks.detach(device)
    upload(programs, gold, place.image)

    own = download(programs, place, "--grow", "--new-ids", "--hostname", "own")

    assert own.code == 3, "no Linux is found"
    assert "the LVM physical volume in it does not: LVM2: the volume group lab lies in 2 physical volumes" in own.said
    assert "nobody here can look for references in partition 2 (LVM2_member)" in own.said
    assert "no Linux and no Windows was found that could be called own" in own.said
    first = disks.attach(place.own, 512, *PHYSICAL)
    assert lvm(first, "pvs", "--noheadings", "-o", "pv_uuid", first).split()[-1] == gold.group.physical


def test_what_grub_finds_its_files_by_stays_and_is_said(programs, disks, place):
    gold = Gold(place.source, disks, boot_in_root=True)
    upload(programs, gold, place.image)

    own = download(programs, place, "--new-ids", mib=DISK_MIB)

    assert own.code == 0, own.said
    assert "the content of partition 2 (LVM2_member) keeps its identifier: GRUB in the boot sector finds its files by it" in own.said
    copy = gold.look(place.own)
    assert copy.group == gold.group
    assert copy.root != gold.root and copy.root in copy.grub


def test_a_tool_that_fails_leaves_a_disk_that_starts(programs, disks, place, scratch):
    """Lvm says no: the partition has grown, and all else is as it was."""
    gold = Gold(place.source, disks)
    upload(programs, gold, place.image)
    tools = scratch / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "lvm").write_text("#!/bin/sh\necho no luck; exit 5\n", encoding="ascii")
    (tools / "lvm").chmod(0o755)
    blank(place.own, 2 * DISK_MIB * MIB)
    command = [master_program(), "--yes", "--download", place.image, "--disk", place.own, "--grow", "--new-ids", "--hostname", "own"]

    own = programs.run("own", "-", "sh", "-c", 'PATH=$0:$PATH; exec "$@"', tools, *command)

    assert own.code == 3, own.said
    assert "but partition 2 has grown without its LVM physical volume: lvm ended with exit code 5: no luck; in the restored system" in own.said
    assert "partition 2 (LVM2_member) keeps its identifier: lvm ended with exit code 5: no luck" in own.said
    copy = gold.look(place.own, grown_length())
    assert copy.group == gold.group
    assert copy.texts["hostname"] == "own\n"
    assert copy.root != gold.root and copy.root in copy.grub and copy.swap in copy.texts["fstab"]
