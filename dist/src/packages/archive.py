"""The package for any Linux with glibc: one folder that runs where it is."""

import gzip
import shutil
import tarfile
from pathlib import Path

from .program import ROOT, TARGET, write_manual

DOCUMENTS = ("README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", "docs")


def entry(info: tarfile.TarInfo, seconds: int) -> tarfile.TarInfo:
    """Owner, rights and date that depend on nothing but the commit."""
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    info.mtime = seconds
    info.mode = 0o755 if info.isdir() or info.issym() or info.mode & 0o100 else 0o644
    return info


def pack(folder: Path, file: Path, seconds: int) -> None:
    """Packs a folder; the same folder gives the same bytes."""
    with open(file, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, seconds) as packed:
        with tarfile.open(mode="w", fileobj=packed, format=tarfile.GNU_FORMAT) as tar:
            for path in (folder, *sorted(folder.rglob("*"))):
                info = tar.gettarinfo(path, str(path.relative_to(folder.parent)))
                info = entry(info, seconds)
                if info.isreg():
                    with open(path, "rb") as content:
                        tar.addfile(info, content)
                else:
                    tar.addfile(info)


def make(program: Path, copyright_text: str, name: str, seconds: int, target: Path) -> Path:
    """The package from the folder of program.make."""
    folder = target.parent / "tar" / name
    shutil.copytree(program, folder, symlinks=True)
    write_manual(program, folder / "man")
    for shell in ("bash", "zsh", "fish"):
        (folder / "completions").mkdir(exist_ok=True)
        for completion in (folder / "man").glob(f"*.{shell}"):
            completion.rename(folder / "completions" / completion.name)
    for document in DOCUMENTS:
        source = ROOT / document
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / document)
    shutil.copy(TARGET / "bom.json", folder / "bom.json")
    (folder / "COPYRIGHT").write_text(copyright_text, encoding="utf-8")
    file = target / f"{name}-linux-x86_64.tar.gz"
    pack(folder, file, seconds)
    return file
