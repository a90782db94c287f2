"""Disks with a whole Debian on them, of several layouts. Each start of such a disk ends with a report on the serial port, and the machine goes off.

The root is made once by mmdebstrap and copied to each disk. The report has a line for each thing, and ends with a line "debian: up".
"""

import re
import shutil
from pathlib import Path

from lab.disks import Disks
from lab.machine import MIB, attempt, run
from lab.roots import mirror

PACKAGES = (
    "linux-image-cloud-amd64 initramfs-tools zstd systemd-sysv udev dbus openssh-server e2fsprogs btrfs-progs xfsprogs lvm2 grub-pc-bin grub2-common"
).split()
MACHINE_ID = "0123456789abcdef0123456789abcdef"
BOOT_MIB = 300  # of /boot where that is a partition of its own
UP = "debian: up"  # a line of systemd may follow on the same line
SIGNED = Path("/usr/lib/grub/x86_64-efi-signed")
SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
_NO_FILES = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "locale", "man", "info", "i18n")]

_REPORT = r"""#!/bin/sh
exec >/dev/ttyS0 2>&1
echo
lsblk -rnbo NAME,UUID,PARTUUID,PTUUID | sed 's/^/debian: id /'
echo "debian: host $(hostname)"
echo "debian: machine $(cat /etc/machine-id)"
echo "debian: key $(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2)"
echo "debian: root $(findmnt -bno SIZE,FSTYPE /)"
echo "debian: failed $(systemctl list-units --failed --plain --no-legend | wc -l)"
echo "debian: up"
systemctl poweroff
"""
# Before the login, which hangs up whoever writes to its terminal.
_UNIT = """[Unit]
After=ssh.service
Before=serial-getty@ttyS0.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/report
StandardOutput=null
[Install]
WantedBy=multi-user.target
"""
_GRUB = """GRUB_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX="console=ttyS0"
GRUB_TERMINAL=console
GRUB_DISABLE_OS_PROBER=true
"""
_HEAD = "label: gpt\nsize=1MiB,type=21686148-6449-6E6F-744E-656564454649\nsize=40MiB,type=U\n"
_TABLES = {
    "gpt-ext4": _HEAD + ",,L\n",
    "gpt-btrfs": _HEAD + ",,L\n",
    "gpt-xfs": _HEAD + ",,L\n",
    "gpt-lvm": _HEAD + f"size={BOOT_MIB}MiB,type=L\n,,V\n",
    "mbr-ext4": "label: dos\n,,L,*\n",
}
LAYOUTS = tuple(_TABLES)
_MAKE = {"ext4": ["mkfs.ext4", "-q"], "btrfs": ["mkfs.btrfs", "-q"], "xfs": ["mkfs.xfs", "-q"]}
_LVM = ["--driverloaded", "n", "--config", "activation{udev_sync=0 udev_rules=0} backup{backup=0 archive=0}"]


class Debian:
    """The root that all disks get."""

    def __init__(self, folder: Path, release: str = "bookworm"):
        self.root = folder / "debian"
        setup = ["--variant=minbase", f"--include={','.join(PACKAGES)}", *_NO_FILES, "--mode=root", "--skip=cleanup/apt"]
        run("mmdebstrap", *setup, release, self.root, mirror())
        for name, text in (
            ("usr/local/sbin/report", _REPORT),
            ("etc/systemd/system/report.service", _UNIT),
            ("etc/default/grub", _GRUB),
            ("etc/hostname", "original\n"),
            ("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 original\n"),
            ("etc/machine-id", MACHINE_ID + "\n"),
            ("etc/initramfs-tools/conf.d/resume", "RESUME=none\n"),
        ):
            (self.root / name).write_text(text, encoding="ascii")
        (self.root / "usr/local/sbin/report").chmod(0o755)
        run("chroot", self.root, "systemctl", "enable", "-q", "report.service")
        run("chroot", self.root, "update-initramfs", "-u")
        shutil.rmtree(self.root / "var/cache/apt")
        shutil.rmtree(self.root / "var/lib/apt/lists")

    @property
    def key(self) -> str:
        """Fingerprint of its SSH host key."""
        return run("ssh-keygen", "-lf", self.root / "etc/ssh/ssh_host_ed25519_key.pub").split()[1]

    def disk(self, scratch, disks: Disks, layout: str, mib: int) -> Path:
        """A disk that starts by BIOS, and by UEFI too where it has a GPT."""
        file, place = scratch / f"{layout}.raw", scratch / f"{layout}.d"
        with open(file, "wb") as out:
            out.truncate(mib * MIB)
        run("sfdisk", "-q", file, input=_TABLES[layout])
        device = _with_partitions(disks, file)
        place.mkdir()
        mounted, volumes = [], []

        def mount(source, at, *options):
            at.mkdir(parents=True, exist_ok=True)
            run("mount", *options, source, at)
            mounted.append(at)

        try:
            last = f"{device}p{1 if layout.startswith('mbr') else 3}"
            if layout == "gpt-lvm":
                volumes.append(self._volume(disks, f"{device}p4"))
                mount(volumes[0], place)
                mount(self._formatted("ext4", last), place / "boot")
                lines = f"/dev/lab/root / ext4 defaults 0 1\n{self._line(last, '/boot', 'ext4')}"
            else:
                kind = layout.split("-")[1]
                mount(self._formatted(kind, last), place)
                lines = self._line(last, "/", kind)
            if layout.startswith("gpt"):
                run("mkfs.fat", "-F", 16, f"{device}p2")
                (place / "boot/efi").mkdir(parents=True, exist_ok=True)
                lines += self._line(f"{device}p2", "/boot/efi", "vfat")
            run("cp", "-a", f"{self.root}/.", place)
            (place / "etc/fstab").write_text(lines, encoding="ascii")
            mount("/dev", place / "dev", "--bind")
            mount("proc", place / "proc", "-t", "proc")
            mount("sys", place / "sys", "-t", "sysfs")
            self._make_bootable(scratch, place, device, last, layout)
        finally:
            for at in reversed(mounted):
                run("umount", at)
            for each in volumes:
                disks.detach(each)
            disks.detach(device)
            place.rmdir()
        return file

    @staticmethod
    def _formatted(kind: str, device: str) -> str:
        run(*_MAKE[kind], device)
        return device

    @staticmethod
    def _line(device: str, at: str, kind: str) -> str:
        return f"UUID={_uuid(device)} {at} {kind} defaults 0 0\n"

    @staticmethod
    def _volume(disks: Disks, device: str) -> str:
        """A logical volume over nearly all of a physical one, made without a device mapper; the range that it lies in as a loop device."""
        run("pvcreate", "-q", "-y", device)
        run("vgcreate", "-q", "-y", "-s", "4M", "lab", device, *_LVM)
        run("lvcreate", "-q", "-y", "-an", "-Zn", "-Wn", "-l", "95%VG", "-n", "root", "lab", *_LVM)
        told = run("pvs", "--noheadings", "--nosuffix", "--units", "b", "-o", "pe_start", device, *_LVM).split()
        length = run("lvs", "--noheadings", "--nosuffix", "--units", "b", "-o", "lv_size", "lab/root", *_LVM).split()
        volume = disks.attach(device, 512, int(told[0]), int(length[0]))
        run(*_MAKE["ext4"], volume)
        return volume

    @staticmethod
    def _make_bootable(scratch, place: Path, device: str, last: str, layout: str) -> None:
        run("chroot", place, "grub-install", "--target=i386-pc", device)
        settings = place / "boot/grub/grub.cfg"
        if layout == "gpt-lvm":  # grub-mkconfig asks the device mapper, which only the machine that starts will have
            kernel = next((place / "boot").glob("vmlinuz-*")).name
            initial = kernel.replace("vmlinuz", "initrd.img")
            settings.write_text(f"linux /{kernel} root=/dev/mapper/lab-root ro console=ttyS0\ninitrd /{initial}\nboot\n", encoding="ascii")
        else:
            run("chroot", place, "grub-mkconfig", "-o", "/boot/grub/grub.cfg")
            by_name = settings.read_text(encoding="utf-8")  # no udev has made links by UUID here
            settings.write_text(re.sub(r"root=/dev/loop\S+", f"root=UUID={_uuid(last)}", by_name), encoding="utf-8")
        if layout.startswith("gpt"):  # as Debian's signed GRUB is installed; not every kernel can mount a FAT
            path = "/grub" if layout == "gpt-lvm" else "/boot/grub"
            finder = scratch / "finder.cfg"
            finder.write_text(f"search.fs_uuid {_uuid(last)} root\nset prefix=($root)'{path}'\nconfigfile $prefix/grub.cfg\n", encoding="ascii")
            efi = f"{device}p2"
            run("mmd", "-i", efi, "::/EFI", "::/EFI/BOOT", "::/EFI/debian")
            for file, name in ((SHIM, "BOOT/BOOTX64.EFI"), (SIGNED / "grubx64.efi.signed", "BOOT/grubx64.efi"), (finder, "debian/grub.cfg")):
                run("mcopy", "-i", efi, file, f"::/EFI/{name}")


class Report:
    """What a Debian said of itself when it was up."""

    def __init__(self, said: str):
        self._told = dict(re.findall(r"debian: (\w+) (.*)$", said, re.M))
        self.ids = {word for line in re.findall(r"debian: id \S+ (.*)$", said, re.M) for word in line.split()}

    def __getitem__(self, name: str) -> str:
        return self._told[name]

    @property
    def root_bytes(self) -> int:
        return int(self._told["root"].split()[0])


def ids_of(disks: Disks, disk: Path) -> set:
    """Identifiers of table, partitions and file systems of a disk, as blkid tells them."""
    device = _with_partitions(disks, disk)
    try:
        told = "".join(attempt("blkid", "-p", each).stdout for each in (device, *Path("/dev").glob(f"{Path(device).name}p*")))
        return set(re.findall(r'(?:PTUUID|PART_ENTRY_UUID| UUID)="([^"]+)"', told))
    finally:
        disks.detach(device)


def _uuid(device: str) -> str:
    return run("blkid", "-o", "value", "-s", "UUID", device).strip()


def _with_partitions(disks: Disks, file: Path) -> str:
    device = disks.attach(file)
    run("partx", "-a", device)
    return device
