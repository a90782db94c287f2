"""Volume groups on loop devices, changed and read by lvm2 without a device mapper. Lvm sees no other devices than those that it is told."""

import re
from types import SimpleNamespace

from lab.machine import run


def lvm(devices, command: str, *words) -> str:
    """What a command of lvm says that sees one device, or several."""
    return run("lvm", command, "-qq", *only(devices), *words)


def only(devices) -> list:
    """Options by which lvm sees these devices and no kernel."""
    names = [devices] if isinstance(devices, str) else devices
    seen = ",".join(f'"a|^{name}$|"' for name in names)
    config = f'devices{{filter=[{seen},"r|.*|"] use_devicesfile=0}} backup{{backup=0 archive=0}} activation{{udev_sync=0 udev_rules=0}}'
    return ["--driverloaded", "n", "--nolocking", "--config", config]


def ids(device: str) -> SimpleNamespace:
    """Identifiers of the physical volume, of its group and of the logical volumes by name."""
    own = re.search(r"(\w{6}(?:-\w{4}){5}-\w{6}) +(\w{6}(?:-\w{4}){5}-\w{6})", lvm(device, "pvs", "--noheadings", "-o", "pv_uuid,vg_uuid", device))
    told = lvm(device, "lvs", "--noheadings", "-o", "lv_name,lv_uuid")
    return SimpleNamespace(physical=own[1], group=own[2], volumes=dict(re.findall(r"^ +(\w+) +(\w{6}(?:-\w{4}){5}-\w{6})", told, re.M)))


def pieces(device: str, name: str) -> list:
    """First byte on the device and length of each piece of a logical volume."""
    units = ["--noheadings", "--nosuffix", "--units", "b"]
    start = int(lvm(device, "pvs", *units, "-o", "pe_start", device).split()[-1])
    extent = int(lvm(device, "vgs", *units, "-o", "vg_extent_size").split()[-1])
    told = lvm(device, "lvs", *units, "-o", "lv_name,seg_pe_ranges", "--segments")
    found = re.findall(rf"^ +{name} +\S+:(\d+)-(\d+)", told, re.M)
    return [(start + int(first) * extent, (int(last) - int(first) + 1) * extent) for first, last in found]
