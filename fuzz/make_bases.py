#!/usr/bin/python3
"""Makes fuzz/bases: small sound volumes, by their own mkfs, in a form that leaves zeros out. The fuzz targets of file systems patch them.

The files are kept in the tree, because an input of the corpus means something only with its base. Make one anew only when it has to change, and
its corpus with it. Needs root for LVM. A base is gzip of: size in bytes (8 bytes, little-endian), then for each sector that is not zero its
number (4 bytes, little-endian) and its 512 bytes.

  fuzz/make_bases.py [NAME...]
"""
import gzip
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SECTOR = 512
UUID = "01234567-89ab-4def-8123-456789abcdef"
TREE = " -d FILES"
COPY = " && mcopy -i VOLUME FILES/* :: && mdel -i VOLUME ::file1"
NTFS = " VOLUME && for f in FILES/*; do ntfscp -q VOLUME $f ${f##*/}; done"
EXT = f"mke2fs -q -F -U {UUID} -E hash_seed={UUID}"
DELETE = " VOLUME && debugfs -w -R 'rm file1' VOLUME"
XFS = f"mkfs.xfs -q --unsupported -m uuid={UUID}"
BTRFS = f"mkfs.btrfs -q -U {UUID} --rootdir FILES"
LVM = "lvcreate -n a -l 5 VG && lvcreate -n b -l 3 VG && lvremove VG/a && lvcreate -n root -l 20 VG"

# name: KiB, command
BASES = {
    "ext2": (512, EXT + " -t ext2 -b 1024 -g 256" + TREE + DELETE),
    "ext3": (3072, EXT + " -t ext3 -b 1024 -J size=1" + TREE + DELETE),
    "ext4": (3072, EXT + " -t ext4 -b 1024 -J size=1" + TREE + DELETE),
    "ext4-crc16": (2048, EXT + " -t ext4 -b 1024 -g 512 -O ^metadata_csum,uninit_bg,^has_journal" + TREE + DELETE),
    "ext4-meta-bg": (2048, EXT + " -t ext4 -b 1024 -g 512 -O meta_bg,^resize_inode,^metadata_csum,^has_journal" + TREE + DELETE),
    "ext4-bigalloc": (4096, EXT + " -t ext4 -b 1024 -C 4096 -O bigalloc,^metadata_csum,^has_journal,^resize_inode" + TREE + DELETE),
    "fat12": (512, "mkfs.fat -F 12 -i 12345678 VOLUME" + COPY),
    "fat16": (3072, "mkfs.fat -F 16 -s 1 -i 12345678 VOLUME" + COPY),
    "fat32": (34816, "mkfs.fat -F 32 -s 1 -i 12345678 VOLUME" + COPY),
    "exfat": (4096, "mkfs.exfat -c 4096 VOLUME"),
    "ntfs-512": (2048, "mkfs.ntfs -F -q -Q -c 512" + NTFS),
    "ntfs-4096": (2048, "mkfs.ntfs -F -q -Q -c 4096" + NTFS),
    "xfs": (16384, XFS + ",rmapbt=1 -p PROTOTYPE VOLUME"),
    "xfs-4": (16384, XFS.replace(f"-m uuid={UUID}", "-m crc=0") + " -p PROTOTYPE VOLUME"),
    "btrfs": (32768, BTRFS + " -m single -n 4096 VOLUME"),
    "btrfs-mixed": (16384, BTRFS + " --mixed VOLUME"),
    "swap": (64, f"mkswap -q -U {UUID} -L swaplabel VOLUME"),
    "f2fs": (53248, "mkfs.f2fs -q VOLUME"),
    "minix-1": (128, "mkfs.minix -1 VOLUME"),
    "minix-2": (128, "mkfs.minix -2 VOLUME"),
    "lvm": (32768, LVM),
}


def shell(command, **environment):
    done = subprocess.run(
        ["sh", "-ec", command], capture_output=True, text=True,
        env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL": "C", "MTOOLS_SKIP_CHECK": "1", "E2FSPROGS_FAKE_TIME": "1700000000", **environment},
    )
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


def files(folder):
    """Files of one letter each: they take room on the volume and none here."""
    folder.mkdir()
    for number, size in enumerate((100, 3000, 9000, 20_000)):
        (folder / f"file{number}").write_bytes(bytes([65 + number]) * size)
    (folder / "folder").mkdir()
    return folder


def lvm(volume, folder, commands):
    device = shell(f"losetup -f --show {volume}").strip()
    try:
        (folder / "lvm.conf").write_text(
            f'devices {{ filter=["a|^{device}$|","r|.*|"] use_devicesfile=0 }}\n'
            "activation { udev_sync=0 udev_rules=0 }\nbackup { backup=0 archive=0 }\n"
        )
        commands = commands.replace("lvcreate", "lvcreate -an -Zn -Wn -y --driverloaded n").replace("lvremove", "lvremove -y --driverloaded n")
        made = f"pvcreate -y {device} && vgcreate -y -s 1M fuzzbase {device} && " + commands.replace("VG", "fuzzbase")
        shell(made, LVM_SYSTEM_DIR=str(folder), LVM_SUPPRESS_FD_WARNINGS="1")
    finally:
        shell(f"losetup -d {device}")


def is_case_table(data):
    """Whether a sector is one of the table of upper-case letters of NTFS, which nobody here reads and which does not pack."""
    letters = struct.unpack("<256H", data)
    return sum(b - a == 1 for a, b in zip(letters, letters[1:])) > 128


def packed(content):
    parts = [struct.pack("<Q", len(content))]
    for sector in range(len(content) // SECTOR):
        data = content[sector * SECTOR : (sector + 1) * SECTOR]
        if any(data) and not is_case_table(data):
            parts.append(struct.pack("<I", sector) + data)
    return gzip.compress(b"".join(parts), mtime=0)


def main(names):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        tree = files(folder / "files")
        prototype = folder / "prototype"
        lines = [f"{path.name} ---644 0 0 {path}" for path in sorted(tree.iterdir()) if path.is_file()]
        prototype.write_text("none\n0 0\nd--755 0 0\n" + "\n".join(lines) + "\n$\n")
        (HERE / "bases").mkdir(exist_ok=True)
        for name in names or BASES:
            kibibytes, command = BASES[name]
            volume = folder / "volume"
            volume.unlink(missing_ok=True)
            with volume.open("wb") as made:
                made.truncate(kibibytes * 1024)
            if name == "lvm":
                lvm(volume, folder, command)
            else:
                shell(command.replace("FILES", str(tree)).replace("PROTOTYPE", str(prototype)).replace("VOLUME", str(volume)))
            data = packed(volume.read_bytes())
            (HERE / "bases" / f"{name}.gz").write_bytes(data)
            print(f"{name}: {len(data)} bytes")


main(sys.argv[1:])
