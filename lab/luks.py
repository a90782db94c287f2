"""LUKS volumes without a device mapper: cryptsetup makes the header and gives the volume key, and this file encrypts
and decrypts the data. It shares no code with the programs.
"""

import json
import re
import struct
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lab.machine import run

PHRASE = "correct horse battery staple"
_PIECE_SECTORS = 256


def make(file, offset: int, length: int, plain, version: int, sector: int, scratch) -> None:
    """Puts a LUKS volume with the bytes of `plain` into a range of a file."""
    header = Path(scratch / "luks-header")
    with open(header, "wb") as new:
        new.truncate(length)
    quick = ["--pbkdf", "argon2id", "--pbkdf-memory", 32768, "--pbkdf-parallel", 1] if version == 2 else []
    sectors = ["--sector-size", sector] if version == 2 else []
    iterations = ["--pbkdf-force-iterations", 4 if version == 2 else 1000]
    words = ["--type", f"luks{version}", *quick, *iterations, *sectors]
    run("cryptsetup", "luksFormat", "-q", *words, header, "--key-file", "-", input=PHRASE)
    key, first, tweak_bytes = _opened(header)
    with open(file, "r+b") as into, open(header, "rb") as area, open(plain, "rb") as data:
        into.seek(offset)
        into.write(area.read(first))
        _crypt(data, into, key, tweak_bytes, length - first, "encryptor")
    header.unlink()


def open_into(file, offset: int, length: int, plain, scratch) -> None:
    """Writes what lies within a LUKS volume to a file; the pass phrase must open it."""
    header = Path(scratch / "luks-header")
    with open(file, "rb") as disk:
        disk.seek(offset)
        header.write_bytes(disk.read(16 << 20))
        key, first, sector = _opened(header)
        disk.seek(offset + first)
        with open(plain, "wb") as into:
            _crypt(disk, into, key, sector, length - first, "decryptor")
    header.unlink()


def _opened(header: Path) -> tuple:
    """Volume key, first byte of the data, and bytes of a sector."""
    told = run("cryptsetup", "luksDump", "-q", "--dump-volume-key", "--key-file", "-", header, input=PHRASE)
    assert "aes" in told and "xts-plain64" in told
    key = bytes.fromhex("".join(re.search(r"MK dump:((?:\s+[0-9a-f]{2}\b)+)", told).group(1).split()))
    first = int(re.search(r"Payload offset:\s+(\d+)", told).group(1)) * 512
    start = header.read_bytes()[:65536]
    if struct.unpack(">H", start[6:8])[0] == 1:
        return key, first, 512
    words = json.loads(start[4096 : start.index(b"\0", 4096)])
    return key, first, words["segments"]["0"]["sector_size"]


def _crypt(source, into, key: bytes, sector: int, length: int, direction: str) -> None:
    """The tweak of a sector is the number of its first 512 bytes."""
    for at in range(0, length, sector * _PIECE_SECTORS):
        piece = source.read(min(sector * _PIECE_SECTORS, length - at))
        done = []
        for inside in range(0, len(piece), sector):
            tweak = struct.pack("<QQ", (at + inside) // 512, 0)
            worker = getattr(Cipher(algorithms.AES(key), modes.XTS(tweak)), direction)()
            done.append(worker.update(piece[inside : inside + sector]) + worker.finalize())
        into.write(b"".join(done))
