"""The tools of Debian in the live image by which imgslave adapts a restored disk (`--grow`, `--new-ids`), the server for SSH, and the libraries that
these need."""

import shutil
from pathlib import Path

from ..packages.program import BuildFailed

# Package: its programs that are taken. Busybox has mount, umount, modprobe and setsid, and a losetup that knows no lengths.
TOOLS = {
    "btrfs-progs": ("btrfs", "btrfstune"),
    "dmsetup": ("dmsetup",),
    "dosfstools": ("fatlabel",),
    "dropbear-bin": ("dropbear", "dropbearkey"),
    "e2fsprogs": ("e2fsck", "resize2fs", "tune2fs"),
    "exfatprogs": ("exfatlabel",),
    "lvm2": ("lvm",),
    "mount": ("losetup",),
    "ntfs-3g": ("ntfscat", "ntfscp", "ntfslabel", "ntfsls", "ntfsresize"),
    "openssh-client": ("ssh-keygen",),
    "util-linux": ("swaplabel",),
    "xfsprogs": ("xfs_admin", "xfs_db", "xfs_growfs"),
}
# Library: its package
LIBRARIES = {
    "libaio.so.1": "libaio1",
    "libblkid.so.1": "libblkid1",
    "libbsd.so.0": "libbsd0",
    "libcap.so.2": "libcap2",
    "libcom_err.so.2": "libcom-err2",
    "libcrypt.so.1": "libcrypt1",
    "libcrypto.so.3": "libssl3",
    "libdevmapper-event.so.1.02.1": "libdevmapper-event1.02.1",
    "libdevmapper.so.1.02.1": "libdevmapper1.02.1",
    "libe2p.so.2": "libext2fs2",
    "libedit.so.2": "libedit2",
    "libext2fs.so.2": "libext2fs2",
    "libgcrypt.so.20": "libgcrypt20",
    "libgmp.so.10": "libgmp10",
    "libgpg-error.so.0": "libgpg-error0",
    "liblz4.so.1": "liblz4-1",
    "liblzma.so.5": "liblzma5",
    "liblzo2.so.2": "liblzo2-2",
    "libmd.so.0": "libmd0",
    "libntfs-3g.so.89": "libntfs-3g89",
    "libpcre2-8.so.0": "libpcre2-8-0",
    "libselinux.so.1": "libselinux1",
    "libsmartcols.so.1": "libsmartcols1",
    "libsystemd.so.0": "libsystemd0",
    "libtinfo.so.6": "libtinfo6",
    "libtomcrypt.so.1": "libtomcrypt1",
    "libtommath.so.1": "libtommath1",
    "libudev.so.1": "libudev1",
    "liburcu.so.8": "liburcu8",
    "libuuid.so.1": "libuuid1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
FOLDERS = ("usr/sbin", "usr/bin")


def packages() -> list:
    """Names of all packages that are needed."""
    return sorted({*TOOLS, *LIBRARIES.values()})


def install(unpacked: Path, root: Path) -> None:
    """Copies the programs to a root."""
    target = root / "usr/sbin"
    target.mkdir(parents=True, exist_ok=True)
    for package, names in TOOLS.items():
        for name in names:
            found = [unpacked / folder / name for folder in FOLDERS if (unpacked / folder / name).exists()]
            if not found:
                raise BuildFailed(f"package {package} has no program {name}: look for it in a newer release of Debian, and change {__file__}")
            shutil.copy(found[0], target / name)
            (target / name).chmod(0o755)
