"""Which modules of Debian's kernel are in the live image: all drivers of wired network cards, disk controllers and keyboards, the file systems that
imgslave mounts, the device mapper, and what these need."""

import lzma
import re
import shutil
from pathlib import Path

from ..packages.program import BuildFailed, run

# Files and folders below kernel/ whose modules are taken
TAKEN = (
    *("drivers/net/ethernet", "drivers/net/phy", "drivers/net/mdio", "drivers/net/pcs", "drivers/net/usb", "drivers/net/hyperv", "drivers/net/vmxnet3"),
    *("drivers/net/virtio_net", "drivers/net/xen-netfront", "drivers/net/net_failover", "drivers/net/thunderbolt-net"),
    *("drivers/ata", "drivers/nvme/host", "drivers/scsi", "drivers/block", "drivers/message", "drivers/mmc", "drivers/ufs", "drivers/md/dm-mod"),
    *("drivers/usb/host", "drivers/usb/storage", "drivers/usb/dwc3", "drivers/thunderbolt", "drivers/virtio", "drivers/hv", "drivers/pci/controller"),
    *("drivers/hid/hid-generic", "drivers/hid/hid-hyperv", "drivers/hid/usbhid", "drivers/input/serio/hyperv-keyboard"),
    *("fs/ext4", "fs/xfs", "fs/btrfs", "fs/fat", "fs/nls/nls_ascii", "fs/nls/nls_cp437", "fs/nls/nls_iso8859-1", "fs/nls/nls_utf8"),
    *("fs/squashfs", "crypto/crc32c_generic", "crypto/crct10dif_generic", "arch/x86/crypto/crc32c-intel", "arch/x86/crypto/crct10dif-pclmul"),
)
# What lies among them and is neither a disk nor a network card of a machine
LEFT_OUT = (
    *("drivers/net/usb/rndis_wlan", "drivers/block/drbd", "drivers/block/rbd", "drivers/block/nbd", "drivers/block/null_blk", "drivers/block/aoe"),
    *("drivers/block/pktcdvd", "drivers/block/ublk_drv", "drivers/block/rnbd", "drivers/block/xen-blkback", "drivers/block/zram", "drivers/scsi/scsi_debug"),
)
FIRST = ("loop", "squashfs")  # are needed to reach all others


def version(root: Path) -> str:
    """Of the only kernel in an unpacked root."""
    found = sorted(folder.name for folder in (root / "usr/lib/modules").iterdir())
    if len(found) != 1:
        raise BuildFailed(f"expected the modules of one kernel, found those of {found}")
    return found[0]


def is_below(path: str, places) -> bool:
    """Whether a path below kernel/ is one of these modules or lies in one of these folders."""
    stem = re.sub(r"\.ko(\.xz)?$", "", path)
    return any(stem == place or stem.startswith(f"{place}/") for place in places)


def needs(folder: Path) -> dict:
    """What each module needs, by path, from what depmod wrote."""
    lines = (folder / "modules.dep").read_text(encoding="utf-8").splitlines()
    table = {path: rest.split() for path, rest in (line.split(":", 1) for line in lines)}
    by_name = {name(path): path for path in table}
    for line in (folder / "modules.softdep").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] == ["softdep"] and words[1].replace("-", "_") in by_name:
            also = [word.replace("-", "_") for word in words[2:] if not word.endswith(":")]
            table[by_name[words[1].replace("-", "_")]] += [by_name[word] for word in also if word in by_name]
    return table


def name(path: str) -> str:
    """As the kernel calls the module."""
    return path.rpartition("/")[2].partition(".")[0].replace("-", "_")


def chosen(table: dict) -> list:
    """Paths of the modules that are taken, with all that they need."""
    start = [path for path in table if is_below(path.removeprefix("kernel/"), TAKEN) and not is_below(path.removeprefix("kernel/"), LEFT_OUT)]
    found, waiting = set(), start
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += table[path]
    return sorted(found)


def install(unpacked: Path, root: Path) -> list:
    """Copies the chosen modules to a root, with new lists for modprobe. Returns them by name, in the order of loading for those of FIRST."""
    kernel = version(unpacked)
    source, target = unpacked / "usr/lib/modules" / kernel, root / "usr/lib/modules" / kernel
    run("depmod", "-b", unpacked, kernel)
    for path in chosen(needs(source)):
        plain = target / path.removesuffix(".xz")
        plain.parent.mkdir(parents=True, exist_ok=True)
        content = (source / path).read_bytes()
        plain.write_bytes(lzma.decompress(content) if path.endswith(".xz") else content)  # the image as a whole packs better
    for file in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy(source / file, target / file)
    (root / "lib").symlink_to("usr/lib")
    run("depmod", "-b", root, kernel)
    (root / "lib").unlink()
    for file in target.glob("modules.*.bin"):
        file.unlink()  # busybox reads the texts
    for file in ("modules.devname", "modules.order", "modules.builtin.modinfo"):
        (target / file).unlink(missing_ok=True)
    return loading_order(target)


def loading_order(folder: Path) -> list:
    """Files of the modules of FIRST and of what they need, in the order in which the kernel takes them."""
    table = needs(folder)
    order = []

    def add(path: str) -> None:
        for need in table[path]:
            add(need)
        if path not in order:
            order.append(path)

    for path in sorted(table, key=name):
        if name(path) in FIRST:
            add(path)
    return [folder / path for path in order]
