"""Whole machines in an emulator (qemu without acceleration), plugged to the bridge of a LAN; and the DHCP server of that LAN."""

import re
import socket
import time
from pathlib import Path

from lab.machine import MIB, run, wait_for
from lab.programs import Program

OVMF = Path("/usr/share/OVMF")
_FIRMWARE = {"uefi": ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"), "secure": ("OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd")}
_DRIVES = {
    "virtio": "-device virtio-blk-pci,drive={name},serial={name}",
    "sata": "-device ide-hd,bus=ide.{place},drive={name},serial={name},model=LAB-SATA",
    "nvme": "-device nvme,drive={name},serial={name}",
    "usb": "-device usb-storage,drive={name},removable=on",
    "cd": "-device ide-cd,bus=ide.{place},drive={name}",
}


def dhcp(programs, lan, host: str = "m") -> Program:
    """A DHCP server at the master's host, or at another one; it writes nothing but its log."""
    words = ["--no-daemon", "--conf-file=/dev/null", "--port=0", "--interface=eth0", "--bind-interfaces", "--pid-file=", "--leasefile-ro"]
    return programs.start("dhcp", host, "dnsmasq", *words, "--dhcp-range=10.77.0.100,10.77.0.150,1h", "--log-dhcp")


class Drive:
    """A disk or a disc of a guest: file, what it hangs on, and whether the firmware is to start from it (then nothing can write to it)."""

    def __init__(self, name: str, file: Path, bus: str = "virtio", boots: bool = False):
        self.name, self.file, self.bus, self.boots = name, Path(file), bus, boots

    def words(self, place: int) -> list:
        """For the emulator. `place`: 0 to 5, another one for each drive."""
        kind = "file={},id={},if=none,format=raw,cache=unsafe".format(self.file, self.name)
        device = _DRIVES[self.bus].format(name=self.name, place=place)
        if self.boots:
            kind += ",readonly=on"
        return ["-drive", kind, *(device + ",bootindex=0" if self.boots else device).split()]


class Guest:
    """One machine. Its serial console is kept in a file and can be typed at."""

    def __init__(self, programs, lan, name: str, folder: Path, mib: int = 512, firmware: str = "bios"):
        self._programs, self._lan, self._name, self._folder = programs, lan, name, folder
        self._console, self._log = folder / f"{name}.sock", folder / f"{name}.console"
        self._words = ["-machine", "q35,smm=on" if firmware == "secure" else "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", 2, "-m", mib]
        self._words += ["-display", "none", "-no-reboot", "-nodefaults", "-device", "qemu-xhci", "-device", "VGA"]
        self._has_uefi = firmware in _FIRMWARE
        if self._has_uefi:
            code, variables = _FIRMWARE[firmware]
            own = folder / f"{name}.vars"
            own.write_bytes((OVMF / variables).read_bytes())
            self._words += ["-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={OVMF / code}", "-drive", f"if=pflash,unit=1,format=raw,file={own}"]
        self._program = self._tap = None
        self.started = 0.0

    def start(self, *words, drives=(), network_first: bool = False) -> "Guest":
        """Plugs the machine in and switches it on. With `network_first` it boots from the network, and from its first drive after that."""
        self._tap = f"tap{self._name}"
        self._lan.ip("hub", "tuntap", "add", self._tap, "mode", "tap")
        self._lan.ip("hub", "link", "set", self._tap, "master", "br0", "up")
        mac = f"52:54:00:77:00:{sum(self._name.encode()) % 256:02x}"
        rom = "" if network_first and not self._has_uefi else ",romfile="  # BIOS has no driver of its own
        boot = ",bootindex=0" if network_first else ""
        network = ["-netdev", f"tap,id=n,ifname={self._tap},script=no,downscript=no", "-device", f"virtio-net-pci,netdev=n,mac={mac}{rom}{boot}"]
        console = ["-chardev", f"socket,id=c,path={self._console},server=on,wait=off,logfile={self._log}", "-serial", "chardev:c"]
        attached = [word for place, drive in enumerate(drives) for word in drive.words(place)]
        if network_first or drives and not any(drive.boots for drive in drives):
            attached[3] += ",bootindex=1"  # UEFI looks only at what is in the boot order, and at a shell of its own before other disks
        self._log.unlink(missing_ok=True)  # of an earlier machine of this name
        self.started = time.monotonic()
        self._program = self._programs.start(self._name, "hub", "qemu-system-x86_64", *self._words, *network, *console, *attached, *words)
        return self

    @property
    def said(self) -> str:
        """All that the serial console has shown, without colours."""
        text = self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")

    def says(self, pattern: str, seconds: float) -> bool:
        """Waits until a line of the console matches, or the machine is off."""
        wait_for(seconds, lambda: re.search(pattern, self.said, re.M) or not self._program.is_running, pause=1)
        return re.search(pattern, self.said, re.M) is not None

    def seconds_until(self, pattern: str, seconds: float) -> float:
        """From the start of the emulator until a line of the console matches; fails with the last lines otherwise."""
        assert self.says(pattern, seconds), f"{self._name} did not say {pattern!r} in {seconds} s:\n{self.said[-3000:]}"
        return time.monotonic() - self.started

    def type(self, text: str) -> None:
        """Types at the serial console."""
        with socket.socket(socket.AF_UNIX) as keys:
            keys.connect(str(self._console))
            keys.sendall(text.encode())
            time.sleep(0.2)

    def is_off_within(self, seconds: float) -> bool:
        """Whether the machine has been switched off, or would have started again."""
        return wait_for(seconds, lambda: not self._program.is_running, pause=1)

    def stop(self) -> None:
        """Pulls the plug."""
        if self._program is not None:
            self._program.stop()
            run("ip", "-n", self._lan.space("hub"), "link", "del", self._tap)
            self._program = None


def small_disk(file: Path, mib: int, junk: bytes) -> Path:
    """A disk with a table and one ext4 with some megabytes in it."""
    with open(file, "wb") as out:
        out.truncate(mib * MIB)
    run("sfdisk", "-q", file, input="label: gpt\n,,L\n")
    volume = file.with_suffix(".ext4")
    with open(volume, "wb") as out:
        out.truncate((mib - 2) * MIB)
    source = file.with_suffix(".d")
    source.mkdir()
    (source / "junk").write_bytes(junk)
    run("mkfs.ext4", "-q", "-d", source, volume)
    run("dd", f"if={volume}", f"of={file}", "bs=1M", "seek=1", "conv=notrunc", "status=none")
    volume.unlink()
    return file
