"""Machines in an emulator boot from the network by imgblstr netboot, join a session, are imaged, restart, and start their own disk.

Runs only when it is named: acceptance/run boot. It needs dist/build live before, and some minutes: one or two for each machine.
"""

import signal
from pathlib import Path

import pytest

from lab.emulator import Drive, Guest, dhcp, small_disk
from lab.machine import PROJECT, master_program, run

pytestmark = [pytest.mark.root, pytest.mark.emulator, pytest.mark.slow, pytest.mark.tools("qemu-system-x86_64", "dnsmasq", "sfdisk", "mkfs.fat", "mcopy")]

SLAVES = 1  # the other DHCP server
ROOM_MIB = 500
SECONDS = 600
TARGET = PROJECT / "dist/target"
SIGNED = Path("/usr/lib/grub/x86_64-efi-signed")
SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
MEMORY_MIB = 512
DISK_MIB = 96
BOOT = 60
OWN_DISK = "started from its own disk"

# Writes the text that follows it to the serial port: xor ax,ax; mov ds,ax; cld; mov si,0x7c16; lodsb; test al,al; jz; mov dx,0x3f8; out dx,al; jmp; hlt; jmp
BOOT_SECTOR = bytes.fromhex("31c0 8ed8 fc be167c ac 84c0 7406 baf803 ee ebf5 f4 ebfd") + f"\r\n{OWN_DISK}\r\n\0".encode()


@pytest.fixture(autouse=True, scope="module")
def parts():
    lacking = [str(file) for file in (TARGET / "vmlinuz", TARGET / "initrd.img", SHIM, SIGNED / "grubnetx64.efi.signed") if not file.exists()]
    if lacking:
        pytest.skip(f"lacks {', '.join(lacking)}: dist/build live, apt-get install ipxe shim-signed grub-efi-amd64-signed")


@pytest.fixture(scope="module")
def source(scratch):
    """A disk that says so when it is started, by BIOS and by UEFI with Secure Boot."""
    disk = small_disk(scratch / "source.raw", DISK_MIB, scratch.junk()[: 8 << 20])
    run("sfdisk", "-q", disk, input="label: gpt\nstart=1MiB,size=40MiB,type=U\n,,L\n")
    volume = f"{disk}@@1M"
    settings = scratch / "own.cfg"
    settings.write_text(f"echo {OWN_DISK}\nsleep 1\nhalt\n", encoding="ascii")
    run("mkfs.fat", "-F", 16, "-n", "EFI", "--offset", 2048, disk, 40 << 10)
    run("mmd", "-i", volume, "::/EFI", "::/EFI/BOOT", "::/EFI/debian")
    for file, name in ((SHIM, "BOOT/BOOTX64.EFI"), (SIGNED / "grubx64.efi.signed", "BOOT/grubx64.efi"), (settings, "debian/grub.cfg")):
        run("mcopy", "-i", volume, file, f"::/EFI/{name}")
    with open(disk, "r+b") as sector:
        sector.write(BOOT_SECTOR)
    return disk


@pytest.fixture
def target(scratch):
    """A disk full of junk."""
    file = scratch / "target.raw"
    file.write_bytes(scratch.junk()[: 24 << 20] * (DISK_MIB // 24))
    yield file
    file.unlink()


@pytest.mark.parametrize(
    ("firmware", "addresses", "bus"),
    [("bios", "own", "virtio"), ("uefi", "own", "sata"), ("secure", "own", "nvme"), ("bios", "proxy", "sata"), ("uefi", "proxy", "nvme")],
)
def test_a_machine_boots_from_the_network_is_imaged_and_starts_its_own_disk(record_property, programs, lan, scratch, source, target, firmware, addresses, bus):
    words = ["--interface", "eth0", "--live", TARGET, "--append", "console=ttyS0 imgslave.disk=only imgslave.code=acid-acrobat-actress-acetone-acquire imgslave.then=reboot imgslave.label=pc7"]
    if addresses == "own":
        words += ["--dhcp", "10.77.0.100,10.77.0.150"]
    else:
        dhcp(programs, lan, "s1")
    programs.start("dump", "m", "tcpdump", "-Uni", "eth0", "-w", "/tmp/prox.pcap", "port 67 or port 68 or port 4011 or port 69 or arp")
    server = programs.start("netboot", "m", master_program(), "netboot", *words)
    assert server.heard_within(30, "^ready"), server.said
    box = Guest(programs, lan, "g0", scratch.folder, MEMORY_MIB, firmware)
    drives = [Drive("target", target, bus)]
    try:
        box.start(drives=drives, network_first=True)
        record_property("seconds until listening", round(box.seconds_until("^listening", BOOT)))
        options = ["--yes", "--broadcast", "--disk", source, "--all-blocks", "--slaves", 1, "--wait", "3m", "--code", "acid-acrobat-actress-acetone-acquire"]
        master = programs.run("master", "m", master_program(), *options, seconds=300)

        assert master.code == 0, master.said
        assert "pc7" in master.said
        assert box.is_off_within(60) and "Restarting system" in box.said
        assert target.read_bytes() == source.read_bytes()
        assert server.says(": imaged$"), server.said

        box.stop()
        box.start(drives=drives, network_first=True)
        record_property("seconds until its own disk", round(box.seconds_until(OWN_DISK, BOOT)))
        assert server.says("was imaged, starts its own disk$"), server.said
        assert "listening" not in box.said
    finally:
        box.stop()
        server.signal(signal.SIGTERM)
    assert server.outcome(30) == 130
