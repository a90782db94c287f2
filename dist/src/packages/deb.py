"""The package for Debian and what is made of it."""

import gzip
import hashlib
import math
import os
import re
import shutil
import time
from pathlib import Path

from .archive import DOCUMENTS
from .program import PROGRAMS, ROOT, TARGET, BuildFailed, native_needs, run, set_dates, write_manual

HERE = Path(__file__).resolve().parent / "debian"
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/{}",
    "zsh": "usr/share/zsh/vendor-completions/_{}",
    "fish": "usr/share/fish/vendor_completions.d/{}.fish",
}
# Which package of Debian has a library that the runtime may be linked to
PACKAGE_OF = {"libgcc_s.so.1": "libgcc-s1", "libstdc++.so.6": "libstdc++6", "libz.so.1": "zlib1g"}
OF_GLIBC = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1"}


def debian_version(version: str, seconds: int) -> str:
    """Later builds have higher versions, and a release a higher one than each build before."""
    base, mark, _ = version.partition("-SNAPSHOT")
    if mark:
        return base + time.strftime("~%Y%m%d.%H%M%S", time.gmtime(seconds))
    return version.replace("-", "~")


def depends(libraries, glibc: str) -> str:
    """The packages that have these libraries, and the glibc that they need."""
    unknown = set(libraries) - set(PACKAGE_OF) - OF_GLIBC
    if unknown:
        raise BuildFailed(f"the runtime needs {sorted(unknown)}: name their Debian packages in {__file__}")
    return ", ".join([f"libc6 (>= {glibc})", *sorted(PACKAGE_OF[library] for library in libraries if library not in OF_GLIBC)])


def runtime_name(program: Path) -> str:
    """Publisher and version of the runtime."""
    release = dict(re.findall(r'^(\w+)="(.*)"$', (program / "runtime/release").read_text(encoding="utf-8"), re.M))
    words = {"IMPLEMENTOR": "OpenJDK", "JAVA_RUNTIME_VERSION": release["JAVA_VERSION"], **release}
    return f"OpenJDK {words['JAVA_RUNTIME_VERSION']} of {words['IMPLEMENTOR']}"


def copyright_text(program: Path) -> str:
    """The licences, with the publisher and version of the runtime."""
    return (HERE / "copyright").read_text(encoding="utf-8").replace("@RUNTIME@", runtime_name(program))


def write_gz(text: bytes, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as packed:
        packed.write(text)


def install_manual(program: Path, work: Path, root: Path) -> None:
    write_manual(program, work)
    for page in (work / "man1").iterdir():
        write_gz(page.read_bytes(), root / "usr/share/man/man1" / f"{page.name}.gz")
    for shell, place in COMPLETIONS.items():
        for name in PROGRAMS:
            put(work / f"{name}.{shell}", root / place.format(name))


def put(source: Path, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, file)


def install_documents(program: Path, version: str, seconds: int, root: Path) -> None:
    folder = root / "usr/share/doc/imgblstr"
    folder.mkdir(parents=True)
    for name in DOCUMENTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        elif name not in ("LICENSE", "CHANGELOG.md"):
            shutil.copy(ROOT / name, folder / name)
    (folder / "copyright").write_text(copyright_text(program), encoding="utf-8")
    put(TARGET / "dependencies.txt", folder / "libraries.txt")
    put(TARGET / "bom.json", folder / "bom.json")
    shutil.move(root / "usr/lib/imgblstr/runtime/legal", folder / "legal")
    write_gz((ROOT / "CHANGELOG.md").read_bytes(), folder / "CHANGELOG.md.gz")
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(seconds))
    maintainer = re.search("^Maintainer: (.*)$", (HERE / "control").read_text(encoding="utf-8"), re.M)[1]
    news = f"imgblstr ({version}) unstable; urgency=medium\n\n  * CHANGELOG.md tells what is new.\n\n -- {maintainer}  {date}\n"
    write_gz(news.encode(), folder / "changelog.gz")


def install(program: Path, work: Path, version: str, seconds: int, root: Path) -> None:
    """Puts everything where Debian expects it."""
    shutil.copytree(program, root / "usr/lib/imgblstr", symlinks=True)
    (root / "usr/bin").mkdir()
    for name in PROGRAMS:
        (root / "usr/bin" / name).symlink_to(f"../lib/imgblstr/{name}")
    install_manual(program, work, root)
    install_documents(program, version, seconds, root)
    for unit in (ROOT / "dist/src/units").iterdir():
        put(unit, root / "usr/lib/systemd/system" / unit.name)
    put(HERE / "50-imgblstr.conf", root / "usr/lib/sysctl.d/50-imgblstr.conf")
    put(HERE / "lintian-overrides", root / "usr/share/lintian/overrides/imgblstr")


def set_rights(root: Path) -> None:
    """Rights that depend on no umask."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def write_control(program: Path, version: str, root: Path) -> None:
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    sums = "".join(f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(root)}\n" for file in files)
    words = {
        "VERSION": version,
        "SIZE": str(sum(math.ceil(file.stat().st_size / 1024) for file in files)),
        "DEPENDS": depends(*native_needs(program / "runtime")),
    }
    control = re.sub("@(\\w+)@", lambda word: words[word[1]], (HERE / "control").read_text(encoding="utf-8"))
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN/control").write_text(control, encoding="utf-8")
    (root / "DEBIAN/md5sums").write_text(sums, encoding="utf-8")
    for script in ("postinst", "prerm", "postrm"):
        put(HERE / script, root / "DEBIAN" / script)
        (root / "DEBIAN" / script).chmod(0o755)


def make(program: Path, version: str, seconds: int, target: Path) -> Path:
    """The package from the folder of program.make."""
    work = target.parent / "deb"
    root = work / "root"
    root.mkdir(parents=True)
    install(program, work / "manual", version, seconds, root)
    write_control(program, version, root)
    set_rights(root)
    set_dates(root, seconds)
    file = target / f"imgblstr_{version}_amd64.deb"
    fixed = {**os.environ, "SOURCE_DATE_EPOCH": str(seconds)}
    run("dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build", root, file, env=fixed)
    return file
