"""Disks with LUKS and BitLocker volumes: with `--unlock` only the used sectors within are read, and the copy opens with its pass
phrase.
"""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab import bitlk, events, luks
from lab.disks import blank, dirty, overwrite, while_mounted
from lab.machine import MIB, master_program, run
from lab.samples import failed, random_file, sums
from lab.session import Session

SLAVES = 1
ROOM_MIB = 1700
SECONDS = 30

FIRST, LENGTH, AREA = 2 * MIB, 160 * MIB, {1: 2 * MIB, 2: 16 * MIB}
USED_MIB = 28
ZEROS = 12 * MIB  # journal, spare descriptors, metadata of LVM: zeros in the clear, noise when they are encrypted

pytestmark = [pytest.mark.root, pytest.mark.tools("cryptsetup", "sfdisk", "mkfs.ext4", "e2fsck")]


EXTENTS = MIB  # where LVM has its first extent
GROUP = "devices {{ filter=[\"a|^{0}$|\",\"r|.*|\"] use_devicesfile=0 }}\nactivation {{ udev_sync=0 udev_rules=0 }}\n"


def make_group(file, mib, folder, disks):
    """A volume group with one logical volume from its first extent on, without a device mapper."""
    device = disks.attach(file)
    config = folder / "lvm"
    config.mkdir()
    (config / "lvm.conf").write_text(GROUP.format(device) + "backup { backup=0 archive=0 }\n", encoding="ascii")
    env = {"LVM_SYSTEM_DIR": str(config), "LVM_SUPPRESS_FD_WARNINGS": "1", "PATH": os.environ["PATH"]}
    name = f"group{os.getpid()}"
    for command in (
        f"pvcreate -y {device}",
        f"vgcreate -y -s 1M {name} {device}",
        f"lvcreate -an -Zn -Wn -y --driverloaded n -n root -l {mib} {name}",
    ):
        run(*command.split(), env=env)
    disks.detach(device)
    shutil.rmtree(config)


class Sample:
    """Two disks of one partition with the same ext4, a fifth of which is used: one in the clear, one encrypted. With
    `offset` the ext4 is on a logical volume, that many bytes behind the start of its physical volume.
    """

    def __init__(self, scratch, disks, version, sector, offset=0):
        self.scratch, self.disks, self.offset = scratch, disks, offset
        self.plain, self.sealed, self.inner = scratch / "plain", scratch / "sealed", scratch / "inner"
        self.inner_bytes = LENGTH - AREA[version]
        blank(self.inner, self.inner_bytes)
        if offset:
            make_group(self.inner, self.inner_bytes // MIB - 8, scratch.folder, disks)
        device = disks.attach(self.inner, 512, offset, (self.inner_bytes - 8 * MIB) if offset else 0)
        run("mkfs.ext4", "-q", "-F", "-E", "nodiscard", "-J", "size=4", device)
        self.files = self.mounted(device, self._fill)
        disks.detach(device)
        for disk in (self.plain, self.sealed):
            blank(disk, FIRST + LENGTH + MIB)
            run("sfdisk", "-q", disk, input=f"label: gpt\nstart=2MiB, size={LENGTH // MIB}MiB, name=root\n")
        overwrite(self.plain, self.inner.read_bytes(), FIRST)
        luks.make(self.sealed, FIRST, LENGTH, self.inner, version, sector, scratch)
        self.inner.unlink()

    def mounted(self, device, work):
        return while_mounted(device, "ext4", self.scratch.folder, work)

    @staticmethod
    def _fill(place):
        random_file(place / "deleted", USED_MIB)
        run("sync", "-f", place)
        for number in range(USED_MIB):
            random_file(place / f"file{number}", 1)
        shutil.copyfile("/etc/passwd", place / "passwd")
        run("sync", "-f", place)
        (place / "deleted").unlink()
        return sums(place)

    def faults(self, disk) -> list:
        """What is wrong with a copy that the pass phrase opens; empty when nothing is."""
        luks.open_into(disk, FIRST, LENGTH, self.inner, self.scratch)
        device = self.disks.attach(self.inner, 512, self.offset)
        found = [failed("e2fsck", "-fn", device)]
        found += self.mounted(device, lambda place: ["" if sums(place) == self.files else "files differ"])
        self.disks.detach(device)
        self.inner.unlink()
        return [fault for fault in found if fault]


@pytest.fixture
def place(scratch):
    names = {name: scratch / name for name in ("image", "other", "own", "slave", "phrase", "wrong")}
    yield SimpleNamespace(**names)
    for name in (*names, "plain", "sealed", "inner"):
        (scratch / name).unlink(missing_ok=True)


def secret(path, text):
    path.write_text(text, encoding="ascii")
    path.chmod(0o600)
    return path


def upload(programs, disk, image, *options, name="upload"):
    return programs.run(name, "-", master_program(), "--upload", image, "--disk", disk, "--json", *options)


def used(made):
    """What the run reads and keeps, zeros included."""
    return next(step["bytes"] for step in events.of_kind(made.events, "plan")[0]["steps"] if step["action"] == "read")


@pytest.mark.parametrize(
    ("version", "block", "offset"),
    [
        (2, 4096, 0),
        (2, 512, 0),
        (1, 512, 0),
        pytest.param(2, 4096, EXTENTS, marks=pytest.mark.tools("pvcreate", "vgcreate", "lvcreate"), id="LVM within"),
    ],
)
def test_only_used_sectors_are_read_and_the_copy_opens(version, block, offset, programs, disks, place, scratch):
    sample = Sample(scratch, disks, version, block, offset)
    secret(place.phrase, luks.PHRASE + "\n")

    clear = upload(programs, sample.plain, place.other, name="clear")
    assert clear.code == 0, clear.said
    made = upload(programs, sample.sealed, place.image, "--unlock", place.phrase)
    assert made.code == 0, made.said
    # In the clear there is unused space of the same length behind the file system, which is read too.
    assert used(made) <= used(clear) * 1.03
    assert place.image.stat().st_size <= place.other.stat().st_size * 1.03 + ZEROS + AREA[version]
    assert luks.PHRASE not in made.said

    blank(place.own, FIRST + LENGTH + MIB)
    dirty([place.own], random_file(scratch / "junk", 4).read_bytes())
    own = programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own)
    assert own.code == 0, own.said
    assert sample.faults(place.own) == []


def test_a_slave_gets_only_what_is_used(programs, disks, place, scratch):
    sample = Sample(scratch, disks, 2, 4096)
    secret(place.phrase, luks.PHRASE)
    blank(place.slave, FIRST + LENGTH + MIB)
    session = Session(programs, {1: place.slave})
    session.slaves_up()
    session.master_up("--broadcast", "--disk", sample.sealed, "--unlock", place.phrase, "--slaves", 1, "--json")

    assert session.end(60) == session.all_end(master=0, slaves=0), session.master.said
    assert events.summary(session.master.events)["wireBytes"] < (USED_MIB * MIB + ZEROS + AREA[2]) * 11 // 10
    assert sample.faults(place.slave) == []


def is_read_in_full_or_refused(programs, sample, place, kind):
    """Without --unlock, and with another pass phrase."""
    secret(place.wrong, "something else")

    whole = upload(programs, sample.sealed, place.image, "--plan", name="whole")
    assert whole.code == 0
    assert "--unlock reads only what is used" in whole.out

    wrong = upload(programs, sample.sealed, place.image, "--unlock", place.wrong, name="wrong")
    assert wrong.code == 16, wrong.said
    assert f"no key slot of a {kind} volume" in wrong.said
    assert not place.image.exists()


def test_what_does_not_open_is_read_in_full_or_refused(programs, disks, place, scratch):
    sample = Sample(scratch, disks, 2, 4096)
    secret(place.phrase, luks.PHRASE)
    is_read_in_full_or_refused(programs, sample, place, "LUKS")

    # Beside a volume that opens, one of another phrase is read in full.
    other = scratch / "other-volume"
    blank(other, 20 * MIB)
    run("cryptsetup", "luksFormat", "-q", "--type", "luks1", "--pbkdf-force-iterations", 1000, other, "--key-file", "-", input="of its own")
    with open(sample.sealed, "r+b") as disk:
        disk.truncate(FIRST + LENGTH + 22 * MIB)
    run("sfdisk", "-q", sample.sealed, input=f"label: gpt\nstart=2MiB, size={LENGTH // MIB}MiB, name=root\nsize=20MiB\n")
    overwrite(sample.sealed, other.read_bytes(), FIRST + LENGTH)
    other.unlink()
    both = upload(programs, sample.sealed, place.image, "--plan", "--unlock", place.phrase, name="both")
    assert both.code == 0, both.said
    assert "no key slot of a LUKS volume opens with this pass phrase" in both.said + both.out
    assert (USED_MIB + 20) * MIB < used(both) < LENGTH

    place.phrase.chmod(0o644)
    others = upload(programs, sample.sealed, place.image, "--unlock", place.phrase, name="others")
    assert others.code == 16
    assert "can be read by others" in others.said

    place.phrase.chmod(0o600)
    nothing = upload(programs, sample.plain, place.image, "--unlock", place.phrase, name="nothing")
    assert nothing.code == 0
    assert "--unlock has nothing to do" in nothing.said


class WindowsSample:
    """Two disks of one partition with the same NTFS, a fifth of which is used: one in the clear, one of BitLocker."""

    def __init__(self, scratch, disks, method, sector):
        self.scratch, self.disks = scratch, disks
        self.plain, self.sealed, self.inner = scratch / "plain", scratch / "sealed", scratch / "inner"
        blank(self.inner, LENGTH)
        device = disks.attach(self.inner, 512)
        run("mkntfs", "-q", "-Q", "-F", "-s", sector, "-p", FIRST // sector, device)
        self.files = self.mounted(device, Sample._fill)
        disks.detach(device)
        for disk in (self.plain, self.sealed):
            blank(disk, FIRST + LENGTH + MIB)
            run("sfdisk", "-q", disk, input=f"label: gpt\nstart=2MiB, size={LENGTH // MIB}MiB, name=root\n")
        overwrite(self.plain, self.inner.read_bytes(), FIRST)
        bitlk.make(self.sealed, FIRST, LENGTH, self.inner, method, sector)
        self.inner.unlink()

    def mounted(self, device, work):
        return while_mounted(device, "ntfs-3g", self.scratch.folder, work)

    def faults(self, disk) -> list:
        """What is wrong with a copy that the pass phrases open; empty when nothing is."""
        found = []
        for opener in (bitlk.open_into, bitlk.dislocked):
            if opener(disk, FIRST, LENGTH, self.inner, self.scratch) is False:
                continue
            device = self.disks.attach(self.inner, 512)
            found.append(failed("ntfsfix", "-n", device))
            found += self.mounted(device, lambda place: ["" if sums(place) == self.files else "files differ"])
            self.disks.detach(device)
            self.inner.unlink()
        return [fault for fault in found if fault]


WINDOWS = pytest.mark.tools("mkntfs", "ntfs-3g", "ntfsfix")


@WINDOWS
@pytest.mark.parametrize(
    ("method", "phrase"),
    [(0x8004, bitlk.PHRASE), (0x8005, bitlk.RECOVERY), (0x8002, bitlk.PHRASE), (0x8003, bitlk.RECOVERY)],
    ids=["XTS 128", "XTS 256, recovery", "CBC 128", "CBC 256, recovery"],
)
def test_only_used_sectors_of_bitlocker_are_read_and_the_copy_opens(method, phrase, programs, disks, place, scratch):
    sample = WindowsSample(scratch, disks, method, 512)
    secret(place.phrase, phrase + "\n")

    clear = upload(programs, sample.plain, place.other, name="clear")
    assert clear.code == 0, clear.said
    made = upload(programs, sample.sealed, place.image, "--unlock", place.phrase)
    assert made.code == 0, made.said
    assert used(made) <= used(clear) * 1.03
    assert phrase not in made.said

    blank(place.own, FIRST + LENGTH + MIB)
    dirty([place.own], random_file(scratch / "junk", 4).read_bytes())
    own = programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own)
    assert own.code == 0, own.said
    assert sample.faults(place.own) == []


@WINDOWS
def test_a_slave_gets_only_what_bitlocker_uses(programs, disks, place, scratch):
    sample = WindowsSample(scratch, disks, 0x8004, 512)
    secret(place.phrase, bitlk.PHRASE)
    blank(place.slave, FIRST + LENGTH + MIB)
    session = Session(programs, {1: place.slave})
    session.slaves_up()
    session.master_up("--broadcast", "--disk", sample.sealed, "--unlock", place.phrase, "--slaves", 1, "--json")

    assert session.end(60) == session.all_end(master=0, slaves=0), session.master.said
    # Metadata, moved sectors and boot sector, and the zeros of the journal, which are noise here.
    assert events.summary(session.master.events)["wireBytes"] < (USED_MIB * MIB + ZEROS) * 11 // 10
    assert sample.faults(place.slave) == []


@WINDOWS
def test_a_copy_of_bitlocker_with_an_identity_of_its_own_stays_as_it_is(programs, disks, place, scratch):
    """Nobody takes its boot sector for one of FAT: nothing in the volume changes, on a larger disk too."""
    sample = WindowsSample(scratch, disks, 0x8004, 512)
    secret(place.phrase, bitlk.PHRASE)
    made = upload(programs, sample.sealed, place.image, "--unlock", place.phrase)
    assert made.code == 0, made.said
    blank(place.own, FIRST + LENGTH + 9 * MIB)

    changes = ("--new-ids", "--grow", "--hostname", "pc1")
    own = programs.run("own", "-", master_program(), "--yes", "--download", place.image, "--disk", place.own, *changes)

    assert own.code == 3, own.said
    assert "nobody here can look for references in partition 1 (BitLocker)" in own.said
    assert f"partition 1 'root' has grown from {LENGTH // MIB}.0 MiB to {LENGTH // MIB + 8}.0 MiB, BitLocker in it does not" in own.said
    assert "no Linux and no Windows was found that could be called pc1" in own.said
    with open(place.own, "rb") as copy, open(sample.sealed, "rb") as source:
        copy.seek(FIRST)
        source.seek(FIRST)
        assert copy.read(512) == source.read(512)
    assert sample.faults(place.own) == []


@WINDOWS
def test_bitlocker_that_does_not_open_is_read_in_full_or_refused(programs, disks, place, scratch):
    sample = WindowsSample(scratch, disks, 0x8004, 512)
    secret(place.phrase, bitlk.PHRASE)
    is_read_in_full_or_refused(programs, sample, place, "BitLocker")

    # Windows is decrypting the volume: the state that the first metadata block tells.
    with open(sample.sealed, "r+b") as disk:
        disk.seek(FIRST + 176)
        block = int.from_bytes(disk.read(8), "little")
        disk.seek(FIRST + block + 12)
        disk.write(b"\x02")
    changed = upload(programs, sample.sealed, place.image, "--unlock", place.phrase, "--plan", name="changed")
    assert changed.code == 0, changed.said
    assert "one of its metadata blocks is damaged" in changed.out
