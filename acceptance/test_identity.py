"""Restored disks with an identity of their own (`--new-ids`, `--hostname`, `--hook`): identifiers, references, names, hooks. What an identifier is,
blkid, sfdisk and ssh-keygen say, not the programs under test.
"""

import json
import os
import re
import shutil
import socket
import tempfile
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab.disks import blank, difference, digest, overwrite, unmount
from lab.keys import OPEN
from lab.machine import MIB, attempt, master_program, run, slave_program
from lab.samples import failed
from lab.session import Session

SLAVES = 2
ROOM_MIB = 1300
SECONDS = 35

TOOLS = ("sfdisk", "sgdisk", "mkfs.ext4", "tune2fs", "mkfs.fat", "fsck.fat", "fatlabel", "mcopy", "mkswap", "swaplabel", "blkid", "ssh-keygen")
pytestmark = [pytest.mark.root, pytest.mark.tools(*TOOLS)]

ESP = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
NAMES = {1: "esp", 2: "root", 3: "swap"}
BEGIN = {1: 1, 2: 41, 3: 101}
LENGTH = {1: 40, 2: 60, 3: 8}
DISK_MIB = 112


class Ids:
    """The identifiers of a disk as blkid and sfdisk tell them."""

    def __init__(self, disk, disks):
        dump = run("sfdisk", "-d", disk)
        self.disk = re.search(r"^label-id: (?:0x)?(\S+)$", dump, re.M)[1].lower()
        self.entries = {name: part.lower() for part, name in re.findall(r'uuid=([0-9A-F-]+), name="(\w+)"', dump)}
        self.volumes = {}
        for number, name in NAMES.items():
            device = disks.attach(disk, 512, BEGIN[number] * MIB, LENGTH[number] * MIB)
            self.volumes[name] = run("blkid", "-p", "-o", "value", "-s", "UUID", device).strip()
            disks.detach(device)

    def all(self) -> set:
        return {self.disk, *self.entries.values(), *self.volumes.values()}


class Gold:
    """A GPT disk with an EFI partition, a Linux of a few files on ext4, and swap."""

    def __init__(self, file, disks):
        self.file, self.disks = Path(file), disks
        blank(self.file, DISK_MIB * MIB)
        entries = [f'start={BEGIN[n]}MiB, size={LENGTH[n]}MiB, name="{name}"{f", type={ESP}" if n == 1 else ""}' for n, name in NAMES.items()]
        run("sfdisk", "-q", self.file, input="label: gpt\n" + "\n".join(entries) + "\n")
        for number, mkfs in ((1, ["mkfs.fat", "-F", "32"]), (2, ["mkfs.ext4", "-q", "-F"]), (3, ["mkswap", "-q"])):
            device = disks.attach(self.file, 512, BEGIN[number] * MIB, LENGTH[number] * MIB)
            run(*mkfs, device)
            disks.detach(device)
        self.ids = Ids(self.file, disks)
        self.machine_id = uuid.uuid4().hex
        filled_esp(self.file, disks, self._fill_esp)
        mounted(self.file, disks, 2, self._fill_root)
        run("sync", self.file)
        self.digest = digest(self.file)
        self.keys = mounted(self.file, disks, 2, host_keys, "ro")

    def _fill_esp(self, place):
        folder = place / "EFI/debian"
        folder.mkdir(parents=True)
        (folder / "grub.cfg").write_text(f"search.fs_uuid {self.ids.volumes['root']} root hd0,gpt2\n", encoding="ascii")
        store = bytearray(b"regf" + (5).to_bytes(4, "little") * 2 + bytes(4084))
        store[512:528] = uuid.UUID(self.ids.entries["esp"]).bytes_le
        store[536:552] = uuid.UUID(self.ids.disk).bytes_le
        (place / "EFI/Microsoft/Boot").mkdir(parents=True)
        (place / "EFI/Microsoft/Boot/BCD").write_bytes(store)

    def _fill_root(self, place):
        root, esp, swap = (self.ids.volumes[name] for name in ("root", "esp", "swap"))
        files = {
            "etc/fstab": f"UUID={root} / ext4 errors=remount-ro 0 1\nUUID={esp} /boot/efi vfat umask=0077 0 1\n"
            f"PARTUUID={self.ids.entries['swap']} none swap sw 0 0\n/dev/disk/by-uuid/{root} /again ext4 noauto 0 0\n",
            "etc/default/grub": f'GRUB_CMDLINE_LINUX="resume=UUID={swap}"\n',
            "etc/crypttab": f"swap PARTUUID={self.ids.entries['swap'].upper()} /dev/urandom swap\n",
            "etc/initramfs-tools/conf.d/resume": f"RESUME=UUID={swap}\n",
            "boot/grub/grub.cfg": f"search --no-floppy --fs-uuid --set=root {root}\n"
            f"menuentry 'Debian' --id 'gnulinux-simple-{root}' {{\n  linux /boot/vmlinuz root=UUID={root} ro quiet\n}}\n",
            "boot/loader/entries/a.conf": f"title Debian\noptions root=PARTUUID={self.ids.entries['root']} rw\n",
            "etc/os-release": "ID=debian\n",
            "etc/machine-id": f"{self.machine_id}\n",
            "etc/hostname": "gold\n",
            "etc/hosts": "127.0.0.1\tlocalhost\n127.0.1.1\tgold.example.org\tgold\n",
            "etc/passwd": f"not a reference: {root}\n",
        }
        for name, text in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="ascii")
        (place / "etc/ssh").mkdir()
        for kind in ("ed25519", "ecdsa"):
            run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "root@gold", "-f", place / f"etc/ssh/ssh_host_{kind}_key")
        (place / "etc/shadow").symlink_to("/etc/hostname")

    def faults(self, disk, name) -> list:
        """What is wrong with a copy that should be called so; empty when nothing is. Identifiers are asked for last."""
        found = ["" if digest(self.file) == self.digest else "the source has changed", failed("sfdisk", "--verify", disk)]
        told = attempt("sgdisk", "-v", disk).stdout
        found.append("" if "No problems found" in told else told)
        for number, check in ((1, ["fsck.fat", "-n"]), (2, ["e2fsck", "-fn"])):
            device = self.disks.attach(disk, 512, BEGIN[number] * MIB, LENGTH[number] * MIB)
            found.append(failed(*check, device))
            self.disks.detach(device)
        ids = Ids(disk, self.disks)
        found += [f"{each} is that of the source" for each in ids.all() & self.ids.all()]
        found += copied_esp(disk, self.disks, lambda place: self._wrong_on_esp(place, ids))
        found += mounted(disk, self.disks, 2, lambda place: self._wrong_on_root(place, ids, name), "ro")
        return [fault for fault in found if fault]

    def _unresolved(self, place, ids) -> list:
        """Old identifiers in files, and references that lead nowhere."""
        found = []
        known = {each.lower() for each in ids.all()}
        for file in place.rglob("*"):
            if file.is_symlink() or not file.is_file() or file.name in ("passwd", "BCD"):
                continue
            text = file.read_text(encoding="latin-1")
            found += [f"{file} names the old {each}" for each in self.ids.all() if each.lower() in text.lower()]
            named = re.findall(r"(?:UUID=|by-uuid/|--set=root |fs_uuid |simple-)([0-9A-Fa-f-]{9,36})", text)
            found += [f"{file} names {each}, which is nowhere" for each in named if each.lower() not in known]
        return found

    def _wrong_on_esp(self, place, ids) -> list:
        store = (place / "EFI/Microsoft/Boot/BCD").read_bytes()
        right = store[512:528] == uuid.UUID(ids.entries["esp"]).bytes_le and store[536:552] == uuid.UUID(ids.disk).bytes_le
        return ["" if right else "the BCD names other GUIDs", *self._unresolved(place, ids)]

    def _wrong_on_root(self, place, ids, name) -> list:
        machine_id = (place / "etc/machine-id").read_text(encoding="ascii")
        keys = host_keys(place)
        facts = {
            "fstab": len(re.findall("UUID=|by-uuid", (place / "etc/fstab").read_text(encoding="ascii"))) == 4,
            "upper case stays": ids.entries["swap"].upper() in (place / "etc/crypttab").read_text(encoding="ascii"),
            "machine-id": bool(re.fullmatch("[0-9a-f]{32}\n", machine_id)) and self.machine_id not in machine_id,
            "host keys": set(keys) == set(self.keys) and not set(keys.values()) & set(self.keys.values()),
            "hostname": (place / "etc/hostname").read_text(encoding="ascii") == f"{name}\n",
            "hosts": (place / "etc/hosts").read_text(encoding="ascii")
            == f"127.0.0.1\tlocalhost\n127.0.1.1\t{name}.example.org\t{name}\n",
            "other files": self.ids.volumes["root"] in (place / "etc/passwd").read_text(encoding="ascii"),
            "a link": (place / "etc/shadow").is_symlink(),
        }
        return [f"{each} is wrong" for each, right in facts.items() if not right] + self._unresolved(place, ids)


def host_keys(place) -> dict:
    """The public key of each private one, by kind; wrong where the file of the public key holds another."""
    keys = {}
    for file in (place / "etc/ssh").glob("ssh_host_*_key"):
        made = run("ssh-keygen", "-y", "-f", file).split()[:2]
        assert (place / f"etc/ssh/{file.name}.pub").read_text(encoding="ascii").split()[:2] == made
        assert file.stat().st_mode & 0o777 == 0o600
        keys[file.name] = made[1]
    return keys


def mounted(disk, disks, number, work, *options):
    """What a piece of work gives that runs in a mounted partition."""
    device = disks.attach(disk, 512, BEGIN[number] * MIB, LENGTH[number] * MIB)
    place = Path(tempfile.mkdtemp(prefix="mnt-", dir=Path(disk).parent))
    run("mount", *(["-o", *options] if options else []), device, place)
    try:
        return work(place)
    finally:
        unmount(place)
        place.rmdir()
        disks.detach(device)


def filled_esp(disk, disks, work):
    """Puts what a piece of work makes into the EFI partition. Not every kernel can mount FAT."""
    device = disks.attach(disk, 512, BEGIN[1] * MIB, LENGTH[1] * MIB)
    with tempfile.TemporaryDirectory(dir=Path(disk).parent) as place:
        work(Path(place))
        run("mcopy", "-s", "-i", device, *Path(place).iterdir(), "::/")
    disks.detach(device)


def copied_esp(disk, disks, work):
    """What a piece of work says of a copy of the EFI partition's files."""
    device = disks.attach(disk, 512, BEGIN[1] * MIB, LENGTH[1] * MIB)
    with tempfile.TemporaryDirectory(dir=Path(disk).parent) as place:
        run("mcopy", "-s", "-n", "-i", device, "::/EFI", place)
        disks.detach(device)
        return work(Path(place))


@pytest.fixture
def place(scratch):
    names = {name: scratch / name for name in ("source", "image", "own", "slave1", "slave2")}
    yield SimpleNamespace(**names)
    for path in names.values():
        path.unlink(missing_ok=True)


@pytest.fixture
def gold(place, disks):
    return Gold(place.source, disks)


@pytest.fixture
def hook(scratch):
    """Makes a program that says what it was given, and ends with a code."""

    def make(name, code=0):
        file = scratch / name
        file.write_text(f'#!/bin/sh\necho "{name} $IMGBLSTR_INDEX $IMGBLSTR_HOSTNAME $IMGBLSTR_LABEL $IMGBLSTR_DISK"\necho the last words >&2\nexit {code}\n', encoding="ascii")
        file.chmod(0o755)
        return file

    return make


def upload(programs, source, image):
    made = programs.run("upload", "-", master_program(), "--upload", image, "--disk", source)
    assert made.code == 0, made.said


def download(programs, place, *options, env=None, mib=DISK_MIB):
    blank(place.own, mib * MIB)
    return programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own, *options, env=env)


def left_mounts() -> list:
    return [line for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines() if "imgblstr-mount-" in line]


def test_two_slaves_and_the_master_each_get_an_identity_of_their_own(programs, disks, place, gold, hook):
    """One target is a loop device with partitions, which the kernel knows, the others are files; one is longer and grows too."""
    targets = {1: disks.attach(blank(place.slave1, DISK_MIB * MIB), 512, 0, 0, "-P"), 2: blank(place.slave2, (DISK_MIB + 20) * MIB)}
    session = Session(programs, targets)
    session.slave_up(1, "--new-ids", "--hostname", "lab-{index:02}", "--hook", hook("first"), "--hook", hook("second"))
    assert session.slaves[1].heard_within(60, "^listening")
    session.slave_up(2, "--new-ids", "--grow", "--hostname", "pc-{label}")
    assert session.slaves[2].heard_within(60, "^listening")

    session.master_up("--upload", place.image, "--broadcast", "--disk", gold.file, "--slaves", 2)
    codes = session.end(120)
    own = download(programs, place, "--new-ids", "--hostname", "own{index}")

    assert codes == session.all_end(master=0, slaves=0), session.slaves[1].said + session.slaves[2].said
    assert own.code == 0, own.said
    name = re.search(r"host name (lab-0[12])", session.slaves[1].said)[1]
    said = session.slaves[1].said
    assert said.index(f"first: first {int(name[-1])} {name} slave1 {targets[1]}") < said.index("second: second")
    assert f"host name {name}; first: the last words; second: the last words" in session.master.said
    assert r"partition 1 (vfat) has no \EFI\BOOT\BOOTX64.EFI, so a PC with UEFI starts this disk only by a boot entry" in said
    disks.detach(targets[1])
    assert gold.faults(place.slave1, name) == []
    assert gold.faults(place.slave2, "pc-slave2") == []
    assert gold.faults(place.own, "own0") == []
    found = [Ids(disk, disks).all() for disk in (place.slave1, place.slave2, place.own)]
    assert len(set.union(*found)) == sum(map(len, found)) == 3 * 7
    keys = [mounted(disk, disks, 2, host_keys, "ro") for disk in (place.slave1, place.slave2, place.own)]
    assert len({key for each in keys for key in each.values()}) == 6
    assert left_mounts() == []


@pytest.mark.skipif(bool(os.environ.get(OPEN)), reason="slaves of an open session do nothing that a master asks for")
def test_slaves_without_options_do_what_their_master_asks_for(programs, disks, place, gold, scratch):
    """A list names one of two slaves. One target is a loop device with partitions, the other a longer file, where the last partition grows."""
    names = scratch / "asked"
    names.write_text("slave1 = front\n", encoding="utf-8")
    device = disks.attach(blank(place.slave1, DISK_MIB * MIB), 512, 0, 0, "-P")
    session = Session(programs, {1: device, 2: blank(place.slave2, (DISK_MIB + 20) * MIB)})
    session.slaves_up()
    session.master_up("--broadcast", "--disk", gold.file, "--slaves", 2, "--grow", "--new-ids", "--hostname", f"@{names}", "--report", scratch / "report.json")

    assert session.end(120) == session.all_end(master=0, slaves=0), session.slaves[1].said + session.slaves[2].said

    asked = "the master asks: the last partition takes the rest of a longer disk, new identifiers"
    assert f"{asked}, host name front; the disk is not longer than the source" in session.slaves[1].said
    assert session.slaves[2].says(f"{asked}$")
    assert session.master.says("slave2.* keeps the host name of the image: .* has neither its label")
    assert session.master.says("and is asked for this when it is complete: .* new identifiers, the host name that ")
    assert "new identifiers; host name front\n" in session.master.said
    kept = f"keeps the host name of the image: {names} does not name it"
    assert re.search(rf"^ +\d+ +slave2 .*complete.*new identifiers; {kept}$", session.master.out, re.M), session.master.said
    counted = rf"^warning: 1 of 2 slaves keeps the host name of the image, because {names} does not name it: slave \d \(slave2, 10\.77\.0\.12\)$"
    assert session.master.says(counted), session.master.said
    rows = {row["label"]: row["message"] for row in json.loads((scratch / "report.json").read_text(encoding="utf-8"))["slaves"]}
    assert (rows["slave1"].endswith("host name front"), rows["slave2"].endswith(f"; {kept}")) == (True, True), rows
    disks.detach(device)
    assert gold.faults(place.slave1, "front") == []
    assert gold.faults(place.slave2, "gold") == []
    found = [Ids(disk, disks).all() for disk in (place.slave1, place.slave2)]
    assert len(set.union(*found)) == 2 * 7
    assert re.search(r"size= +(\d+).*swap", run("sfdisk", "-d", place.slave2))[1] == str((DISK_MIB + 19 - BEGIN[3]) * 2048)
    assert left_mounts() == []


def test_a_hook_or_a_tool_that_fails_is_told_to_the_master(programs, place, gold, hook, scratch):
    """Slave 1 has a hook that fails, slave 2 a tool."""
    tools = scratch / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "swaplabel").write_text("#!/bin/sh\necho no luck; exit 7\n", encoding="ascii")
    (tools / "swaplabel").chmod(0o755)
    session = Session(programs, {1: blank(place.slave1, DISK_MIB * MIB), 2: blank(place.slave2, DISK_MIB * MIB)})
    session.slave_up(1, "--hook", hook("broken", 5), "--hook", hook("never"))
    command = [slave_program(), "--yes", "--label", "slave2", "--new-ids", "--hook", hook("unused"), place.slave2]
    session.slaves[2] = programs.start("slave2", "s2", *command, env={"PATH": f"{tools}:{os.environ['PATH']}"})
    for slave in session.slaves.values():
        assert slave.heard_within(60, "^listening")

    session.master_up("--broadcast", "--disk", gold.file, "--slaves", 2)

    assert session.end(60) == session.all_end(master=3, slaves=3)
    reasons = {
        1: f"every byte of the image is on the disk, but the hook {scratch / 'broken'} ended with exit code 5: the last words",
        2: "it was not adapted: partition 3 (swap) keeps its identifier: swaplabel ended with exit code 7: no luck",
    }
    for number, reason in reasons.items():
        assert reason in session.slaves[number].said
        assert reason in session.master.said
        assert "is not run, because something has failed" in session.slaves[number].said
    assert difference(place.slave1, gold.file) == ""


def test_what_was_adapted_in_part_is_whole_all_the_same(programs, disks, place, gold, scratch):
    """The swap keeps its identifier because its tool fails: all references lead to what is there. The name is from a list."""
    tools = scratch / "tools2"
    tools.mkdir(exist_ok=True)
    (tools / "swaplabel").write_text("#!/bin/sh\nexit 7\n", encoding="ascii")
    (tools / "swaplabel").chmod(0o755)
    upload(programs, gold.file, place.image)

    names = scratch / "names"
    names.write_text(f"# by label\n{socket.gethostname()} = own\n", encoding="utf-8")

    own = download(programs, place, "--new-ids", "--hostname", f"@{names}", env={"PATH": f"{tools}:{os.environ['PATH']}"})

    assert own.code == 3
    assert "the disk has every byte, but was not enlarged or adapted as asked" in own.said
    swap = gold.ids.volumes["swap"]
    faults = gold.faults(place.own, "own")
    assert faults and all(swap in fault for fault in faults), faults
    assert not [fault for fault in faults if "nowhere" in fault]


def test_what_must_stay_is_said(programs, disks, place, gold):
    """A partition of LVM may hold references; a signed program names the root."""
    device = disks.attach(gold.file, 512, BEGIN[3] * MIB, LENGTH[3] * MIB)
    overwrite(device, bytes(4096), 0)
    overwrite(device, b"LABELONE" + bytes(16) + b"LVM2 001", 512)
    disks.detach(device)
    upload(programs, gold.file, place.image)

    own = download(programs, place, "--new-ids")

    assert own.code == 0, own.said
    assert "nobody here can look for references in partition 3 (LVM2_member)" in own.said
    ids = SimpleNamespace(dump=run("sfdisk", "-d", place.own).lower())
    assert gold.ids.disk not in ids.dump
    assert all(each in ids.dump for each in gold.ids.entries.values())
    assert mounted(place.own, disks, 2, lambda root: (root / "etc/machine-id").read_text(encoding="ascii"), "ro").strip() != gold.machine_id
    assert "keep" in own.said


def test_what_a_link_or_a_long_file_names_stays(programs, disks, place, gold):
    """Nobody rewrites an fstab behind a symbolic link, so the root keeps its identifier. A list of hosts that is too long
    is told, and the machine gets its other files all the same."""

    def work(root):
        (root / "etc/fstab").rename(root / "etc/fstab.real")
        (root / "etc/fstab").symlink_to("/etc/fstab.real")
        os.truncate(root / "etc/hosts", 17 * MIB)

    mounted(gold.file, disks, 2, work)
    upload(programs, gold.file, place.image)

    own = download(programs, place, "--new-ids", "--hostname", "own")

    assert own.code == 3, own.said
    assert "fstab.real names it and is behind a symbolic link" in own.said
    assert "/etc/hosts cannot be read: it has more than 16 MiB" in own.said
    assert "OutOfMemory" not in own.said
    assert "partition 2 (ext4) has a new identifier" not in own.said
    device = disks.attach(place.own, 512, BEGIN[2] * MIB, LENGTH[2] * MIB)
    root_id = run("blkid", "-p", "-o", "value", "-s", "UUID", device).strip()
    disks.detach(device)
    texts = mounted(place.own, disks, 2, lambda root: [(root / "etc" / name).read_text(encoding="ascii") for name in ("fstab.real", "machine-id")], "ro")
    assert root_id in texts[0]
    assert gold.machine_id not in texts[1]


def test_what_cannot_work_is_said_before_anything_is_written(programs, place, gold):
    """A missing tool (hidden by a file that cannot be run), names that are none, a hook that is none, a disk that is only read."""
    upload(programs, gold.file, place.image)
    hide = 'mount --bind /dev/null "$(readlink -f "$(command -v tune2fs)")" && exec "$@"'
    blank(place.own, DISK_MIB * MIB)
    command = [master_program(), "--yes", "--download", place.image, "--disk", place.own]

    hidden = programs.run("hidden", "-", "unshare", "-m", "sh", "-c", hide, "sh", *command, "--new-ids")
    assert hidden.code == 15, hidden.said
    assert "tune2fs (package e2fsprogs)" in hidden.said
    for options, why in (
        (["--hostname", "no_name"], "expected letters, digits"),
        (["--hostname", "@/nowhere"], "the list of names cannot be read"),
        (["--hook", place.image], "expected a program that can be run"),
        (["--new-ids", "--partition", "2"], "cannot be used together"),
    ):
        wrong = programs.run("wrong", "-", *command, *options)
        assert wrong.code == 2, wrong.said
        assert why in wrong.said
    run("sgdisk", "-h", "3", gold.file)
    hybrid = place.slave2
    upload(programs, gold.file, hybrid)
    asking = [] if os.environ.get(OPEN) else [["--broadcast", "--disk", gold.file], ["--broadcast", "--download", hybrid]]
    for job in (["--download", hybrid, "--disk", place.own], *asking):
        for plan in (["--plan"], []):
            refused = programs.run("hybrid", "-", master_program(), "--yes", *job, *plan, "--new-ids")
            assert refused.code == 10, refused.said
            assert "so the table keeps its identifiers: leave --new-ids out. Nothing was written" in refused.said
    shorter = blank(place.slave1, (DISK_MIB - 2) * MIB)
    for plan in (["--plan"], []):
        refused = programs.run("shrinking", "-", master_program(), "--yes", "--download", hybrid, "--disk", shorter, "--shrink", "--new-ids", *plan)
        assert refused.code == 10, refused.said
        assert "its MBR names partitions too" in refused.said
    assert place.own.stat().st_blocks == shorter.stat().st_blocks == 0
    reading = programs.run("reading", "-", master_program(), "--upload", place.slave1, "--disk", gold.file, "--new-ids")
    assert reading.code == 2 and "or those of slaves (--broadcast)" in reading.said


def test_no_linux_to_be_named_is_a_failure(programs, place, gold, disks):
    device = disks.attach(gold.file, 512, BEGIN[2] * MIB, LENGTH[2] * MIB)
    run("mkfs.ext4", "-q", "-F", device)
    disks.detach(device)
    upload(programs, gold.file, place.image)

    own = download(programs, place, "--hostname", "lab")

    assert own.code == 3
    assert "no Linux and no Windows was found that could be called lab" in own.said
    assert difference(place.own, gold.file) == ""


# What one disk holds beside the others: MiB, its maker, its check
KINDS = {
    "xfs": (304, ["mkfs.xfs", "-q", "-f"], ["xfs_repair", "-n"]),
    "btrfs": (128, ["mkfs.btrfs", "-q", "-f"], ["btrfs", "check"]),
    "ntfs": (16, ["mkntfs", "-q", "-Q", "-F"], ["ntfsresize", "-i", "-f"]),
    "exfat": (16, ["mkfs.exfat"], ["fsck.exfat", "-n"]),
    "vfat": (16, ["mkfs.fat", "-F", "16"], ["fsck.fat", "-n"]),
    "ext2": (16, ["mkfs.ext2", "-q", "-F"], ["e2fsck", "-fn"]),
}


def test_each_file_system_gets_another_identifier_and_is_sound(programs, place, disks):
    kinds = {name: kind for name, kind in KINDS.items() if shutil.which(kind[1][0]) and shutil.which(kind[2][0])}
    begin, begins = 1, {}
    for name, (mib, _, _) in kinds.items():
        begins[name], begin = begin, begin + mib
    blank(place.source, (begin + 1) * MIB)
    run("sfdisk", "-q", place.source, input="label: gpt\n" + "".join(f"start={begins[n]}MiB, size={kinds[n][0]}MiB\n" for n in kinds))
    found = {}
    for disk in (place.source, place.own):
        if disk == place.own:
            upload(programs, place.source, place.image)
            own = download(programs, place, "--new-ids", mib=begin + 1)
            assert own.code == 0, own.said
        for name, (mib, mkfs, check) in kinds.items():
            device = disks.attach(disk, 512, begins[name] * MIB, mib * MIB)
            if disk == place.source:
                run(*mkfs, device)
            found[disk, name] = run("blkid", "-p", "-o", "value", "-s", "UUID", device).strip()
            assert failed(*check, device) == ""
            disks.detach(device)

    assert len(kinds) > 3 and len(set(found.values())) == 2 * len(kinds)
    assert "No problems found" in run("sgdisk", "-v", place.own)


def test_partitions_of_an_mbr_are_found_by_the_new_signature(programs, place, disks):
    """Linux makes the identifier of such a partition from the signature of the disk."""
    blank(place.source, 24 * MIB)
    run("sfdisk", "-q", place.source, input="label: dos\nlabel-id: 0xdeadbeef\nstart=1MiB, size=16MiB\nstart=17MiB, size=4MiB, type=82\n")
    device = disks.attach(place.source, 512, MIB, 16 * MIB)
    run("mkfs.ext4", "-q", "-F", device)
    folder = Path(tempfile.mkdtemp(prefix="mnt-", dir=place.source.parent))
    run("mount", device, folder)
    (folder / "etc").mkdir()
    (folder / "etc/fstab").write_text("PARTUUID=deadbeef-01 / ext4 defaults 0 1\nPARTUUID=DEADBEEF-02 none swap sw 0 0\n", encoding="ascii")
    unmount(folder)
    disks.detach(device)
    upload(programs, place.source, place.image)

    own = download(programs, place, "--new-ids", mib=24)

    assert own.code == 0, own.said
    signature = re.search(r"^label-id: 0x(\w{8})$", run("sfdisk", "-d", place.own), re.M)[1]
    assert signature != "deadbeef"
    device = disks.attach(place.own, 512, MIB, 16 * MIB)
    run("mount", "-o", "ro", device, folder)
    fstab = (folder / "etc/fstab").read_text(encoding="ascii")
    unmount(folder)
    folder.rmdir()
    assert fstab == f"PARTUUID={signature}-01 / ext4 defaults 0 1\nPARTUUID={signature.upper()}-02 none swap sw 0 0\n"
    assert failed("e2fsck", "-fn", device) == ""
