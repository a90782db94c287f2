"""A real Debian on the disk: a machine boots the live image, is imaged onto a longer disk, gets identifiers and a name of its own, restarts, and is that Debian.

Runs only when it is named: acceptance/run debian. It needs dist/build live before, mmdebstrap, grub-common, and some minutes for each machine.
"""

import signal
from pathlib import Path

import pytest

from lab.debian import BOOT_MIB, LAYOUTS, MACHINE_ID, UP, Debian, Report, ids_of
from lab.disks import Disks
from lab.emulator import Drive, Guest, dhcp
from lab.machine import MIB, PROJECT, master_program, run

TOOLS = "qemu-system-x86_64 mmdebstrap dnsmasq sfdisk lvcreate mkfs.btrfs mkfs.xfs xorriso ssh-keygen".split()
pytestmark = [pytest.mark.root, pytest.mark.emulator, pytest.mark.slow, pytest.mark.tools(*TOOLS)]

SLAVES = 1
ROOM_MIB = 4000
SECONDS = 1500
TARGET = PROJECT / "dist/target"
MEMORY_MIB = 512
DISK_MIB = 1500
BOOT = 600  # seconds that a busy machine may take
CODE = "acid-acrobat-actress-acetone-acquire"
ADAPTED = "imgslave.newids imgslave.hostname=lab-{index:02}"


@pytest.fixture(autouse=True, scope="module")
def parts():
    if not (TARGET / "initrd.img").exists():
        pytest.skip("there is no live image: dist/build live")


@pytest.fixture(scope="module")
def debian(scratch):
    return Debian(scratch.folder)


@pytest.fixture
def source(scratch, debian, layout):
    disks = Disks(scratch)
    file = debian.disk(scratch, disks, layout, DISK_MIB)
    yield file, ids_of(disks, file)
    file.unlink()


@pytest.fixture
def target(scratch):
    """An empty disk, twice as large as the source."""
    file = scratch / "target.raw"
    with open(file, "wb") as out:
        out.truncate(2 * DISK_MIB * MIB)
    yield file
    file.unlink()


class Way:
    """How a machine comes to the live image."""

    def __init__(self, programs, lan, scratch, target, how: str, firmware: str):
        self._programs, self._scratch, self._how = programs, scratch, how
        self._server = None
        self._drives = [Drive("target", target, "virtio")]
        self.box = Guest(programs, lan, "g0", scratch.folder, MEMORY_MIB, firmware)
        if how != "pxe":
            dhcp(programs, lan)

    def start(self, arguments: str) -> None:
        if self._how == "pxe":
            words = ["--interface", "eth0", "--live", TARGET, "--append", arguments, "--dhcp", "10.77.0.100,10.77.0.150"]
            self._server = self._programs.start("netboot", "m", master_program(), "netboot", *words)
            assert self._server.heard_within(30, "^ready"), self._server.said
            self.box.start(drives=self._drives, network_first=True)
        else:
            self.box.start(drives=[Drive("live", self._medium(arguments), "cd", boots=True), *self._drives])

    def start_again(self) -> None:
        """As the machine would do by itself: the network still comes first; the disc was taken out."""
        self.box.stop()
        self.box.start(drives=self._drives, network_first=self._how == "pxe")

    def end(self) -> None:
        self.box.stop()
        if self._server is not None:
            self._server.signal(signal.SIGTERM)

    def _medium(self, arguments: str) -> Path:
        own, settings = self._scratch / "own.iso", self._scratch / "arguments.cfg"
        own.unlink(missing_ok=True)
        settings.write_text(f'set timeout=0\nset arguments="{arguments}"\n', encoding="utf-8")
        iso = next(TARGET.glob("imgblstr-live-*.iso"))
        run("xorriso", "-indev", iso, "-outdev", f"stdio:{own}", "-boot_image", "any", "replay", "-map", settings, "/boot/grub/arguments.cfg")
        return own


@pytest.mark.parametrize(
    ("layout", "how", "firmware"),
    [
        ("gpt-ext4", "pxe", "bios"),
        ("gpt-ext4", "pxe", "uefi"),
        ("mbr-ext4", "cd", "bios"),
        ("gpt-btrfs", "cd", "uefi"),
        ("gpt-xfs", "cd", "bios"),
        ("gpt-lvm", "pxe", "bios"),
    ],
)
def test_a_debian_is_restored_longer_and_new_and_starts(record_property, programs, lan, scratch, debian, source, target, layout, how, firmware):
    assert layout in LAYOUTS
    disk, old_ids = source
    way = Way(programs, lan, scratch, target, how, firmware)
    try:
        way.start(f"console=ttyS0 imgslave.disk=only imgslave.code={CODE} imgslave.then=reboot imgslave.grow {ADAPTED}")
        record_property("seconds until listening", round(way.box.seconds_until("^listening", BOOT)))
        options = ["--yes", "--broadcast", "--disk", disk, "--slaves", 1, "--wait", "5m", "--code", CODE]
        master = programs.run("master", "m", master_program(), *options, seconds=900)

        assert master.code == 0, master.said + way.box.said[-3000:]
        assert way.box.is_off_within(60) and "Restarting system" in way.box.said, way.box.said[-3000:]

        way.start_again()
        record_property("seconds until its own disk was up", round(way.box.seconds_until(UP, BOOT)))
        assert way.box.is_off_within(60)
    finally:
        way.end()
    report = Report(way.box.said)
    assert report["failed"] == "0", way.box.said[-5000:]
    assert report["host"] == "lab-01"
    assert report["machine"] != MACHINE_ID
    assert report["key"] != debian.key
    assert report.ids and not report.ids & old_ids
    own_boot = BOOT_MIB if layout == "gpt-lvm" else 0
    assert report.root_bytes > (1.9 * DISK_MIB - 200 - own_boot) * MIB
