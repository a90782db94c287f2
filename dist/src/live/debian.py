"""The packages of Debian that the live image is made of: from apt of this machine, checked by their SHA-256, unpacked in a folder."""

import fnmatch
import hashlib
import os
import re
import tempfile
from pathlib import Path

from ..packages.program import BuildFailed, run

# Pattern of names: licence. A package that is not here cannot get into the image.
LICENCES = {
    "linux-image-[0-9]*": "GPL-2.0-only",
    "busybox-static": "GPL-2.0-only",
    "libc6": "LGPL-2.1-or-later",
    "libc-bin": "LGPL-2.1-or-later",
    "libssl3*": "Apache-2.0",
    "libgcc-s1": "GPL-3.0-or-later with the GCC runtime library exception",
    "libstdc++6": "GPL-3.0-or-later with the GCC runtime library exception",
    "zlib1g": "Zlib",
    "btrfs-progs": "GPL-2.0-only",
    "dmsetup": "GPL-2.0-only",
    "dosfstools": "GPL-3.0-or-later",
    "dropbear-bin": "MIT, with parts under BSD-2-Clause and BSD-3-Clause",
    "e2fsprogs": "GPL-2.0-only",
    "exfatprogs": "GPL-2.0-or-later",
    "lvm2": "GPL-2.0-only, with parts under BSD-2-Clause",
    "mount": "GPL-2.0-or-later",
    "ntfs-3g": "GPL-2.0-or-later",
    "openssh-client": "BSD-2-Clause, with parts under BSD-3-Clause and ISC",
    "util-linux": "GPL-2.0-or-later",
    "xfsprogs": "GPL-2.0-only",
    "libaio1": "LGPL-2.1-or-later",
    "libblkid1": "LGPL-2.1-or-later",
    "libbsd0": "BSD-3-Clause",
    "libcap2": "BSD-3-Clause or GPL-2.0-only",
    "libcom-err2": "MIT",
    "libcrypt1": "LGPL-2.1-or-later",
    "libdevmapper*": "LGPL-2.1-only",
    "libedit2": "BSD-3-Clause",
    "libext2fs2": "LGPL-2.0-only",
    "libgcrypt20": "LGPL-2.1-or-later",
    "libgmp10": "LGPL-3.0-or-later or GPL-2.0-or-later",
    "libgpg-error0": "LGPL-2.1-or-later",
    "liblz4-1": "BSD-2-Clause",
    "liblzma5": "public domain",
    "liblzo2-2": "GPL-2.0-or-later",
    "libmd0": "BSD-3-Clause",
    "libntfs-3g89": "GPL-2.0-or-later",
    "libpcre2-8-0": "BSD-3-Clause",
    "libselinux1": "public domain",
    "libsmartcols1": "LGPL-2.1-or-later",
    "libssl3": "Apache-2.0",
    "libsystemd0": "LGPL-2.1-or-later",
    "libtinfo6": "X11",
    "libtomcrypt1": "public domain",
    "libtommath1": "public domain",
    "libudev1": "LGPL-2.1-or-later",
    "liburcu8": "LGPL-2.1-or-later",
    "libuuid1": "BSD-3-Clause",
    "libzstd1": "BSD-3-Clause",
    "firmware-linux-free": "GPL-2.0-or-later, and licences of its makers in its copyright file",
    "firmware-*": "of its makers, who allow to give it on unchanged: in its copyright file",
    "grub-pc-bin": "GPL-3.0-or-later",
    "grub-efi-amd64-signed": "GPL-3.0-or-later",
    "shim-signed": "BSD-2-Clause, with parts of OpenSSL (Apache-2.0)",
}
DOCUMENTS = "usr/share/doc"
PIPE = 'file=$1; shift; dpkg-deb --fsys-tarfile "$file" | tar -x "$@"'
KERNEL = "linux-image-amd64"


class Package:
    """One package: name, version and checksum as in apt's list."""

    def __init__(self, file: Path, sha256: str):
        self.file, self.sha256 = file, sha256
        self.name, self.version, self.source = run(
            "dpkg-deb", "--showformat=${Package}\n${Version}\n${source:Package} ${source:Version}", "-W", file
        ).splitlines()

    @property
    def licence(self) -> str:
        found = [licence for pattern, licence in LICENCES.items() if fnmatch.fnmatchcase(self.name, pattern)]
        if not found:
            raise BuildFailed(f"the licence of {self.name} is not known: add it to {__file__}")
        return found[0]

    def line(self) -> str:
        return f"{self.name}\t{self.version}\t{self.licence}\t{self.source}\t{self.sha256}"


def kernel_name() -> str:
    """The package of the kernel that Debian's own newest one for this architecture stands for."""
    shown = run("apt-cache", "show", "--no-all-versions", KERNEL)
    found = re.search(r"^Depends: (linux-image-\S+)", shown, re.M)
    if not found:
        raise BuildFailed(f"apt knows no kernel behind {KERNEL}: run apt-get update")
    return found[1]


def ssl_name() -> str:
    """The package of libcrypto.so.3: its name has changed with the width of time."""
    for name in ("libssl3t64", "libssl3"):
        if run("apt-cache", "madison", name).strip():
            return name
    raise BuildFailed("apt knows neither libssl3t64 nor libssl3: run apt-get update")


def known(names) -> list:
    """Those packages that apt can download."""
    told = {line.split("|")[0].strip() for line in run("apt-cache", "madison", *names).splitlines()}
    return [name for name in names if name in told]


def sha256(file: Path) -> str:
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def fetch(names, folder: Path) -> list:
    """The newest version of each package, downloaded where it is not in the folder yet; other files of the folder are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ("-o", "APT::Sandbox::User=root")
    try:
        with tempfile.TemporaryDirectory() as empty:  # apt leaves out what is in the folder already
            uris = run("apt-get", "download", "--print-uris", *options, *names, cwd=empty)
    except BuildFailed as failure:
        raise BuildFailed(f"{failure}; run apt-get update, and see that apt has each of these packages") from None
    wanted = {name: digest for name, digest in re.findall(r"^'[^']*' (\S+) \d+ SHA256:(\w+)$", uris, re.M)}
    if len(wanted) != len(set(names)):
        raise BuildFailed(f"apt gives no SHA-256 for some of {', '.join(names)}: run apt-get update")
    for file in folder.iterdir():
        if wanted.get(file.name) != sha256(file):
            file.unlink()
    lacking = [name.partition("_")[0] for name in wanted if not (folder / name).exists()]
    if lacking:
        run("apt-get", "download", "-q", *options, *lacking, cwd=folder)
    for name, digest in wanted.items():
        if sha256(folder / name) != digest:
            raise BuildFailed(f"{name} has another SHA-256 than apt's list says: run apt-get update and try again")
    return [Package(folder / name, digest) for name, digest in sorted(wanted.items())]


def unpack(packages, folder: Path) -> None:
    """All of them in one folder, where usr is merged as in Debian: lib and usr/lib are one."""
    for name in ("bin", "sbin", "lib", "lib64"):
        (folder / "usr" / name).mkdir(parents=True)
        (folder / name).symlink_to(f"usr/{name}")
    for package in packages:
        extract(package, folder)


def extract(package: Package, folder: Path, *files) -> None:
    """All files of a package, or these; tar keeps links that are there, where dpkg-deb -x would put folders in their place."""
    run("sh", "-c", PIPE, "-", package.file, "--keep-directory-symlink", "-C", folder, *files)


def copyright_files(packages, folder: Path, downloads: Path) -> dict:
    """The file with copyright and licence of each package, by its name. Some packages have only a link to the file of another one."""
    lent = {package.name: (folder / DOCUMENTS / package.name) for package in packages}
    lenders = {name: os.readlink(path) for name, path in lent.items() if path.is_symlink() and not path.exists()}
    more = fetch([*(package.name for package in packages), *sorted(set(lenders.values()))], downloads)
    for package in more:
        if package.name in lenders.values():
            extract(package, folder, f"./{DOCUMENTS}/{package.name}/copyright")
    return {name: path / "copyright" for name, path in lent.items()}
