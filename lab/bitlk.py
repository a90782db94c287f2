"""BitLocker volumes without Windows: this file writes boot sector, metadata and data of a given file system, and
decrypts them again with the volume key that cryptsetup tells. It shares no code with the programs. Source: libbde,
"BitLocker Drive Encryption (BDE) format".
"""

import hashlib
import os
import re
import shutil
import struct
import zlib
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from lab.machine import run

PHRASE = "correct horse battery staple"
RECOVERY = "-".join(f"{number * 11:06}" for number in (1, 65535, 4711, 815, 33333, 20000, 7, 54321))
METHODS = {0x8002: 16, 0x8003: 32, 0x8004: 32, 0x8005: 64}

_BLOCK = 64 << 10
_MOVED = 8192
_MARK = b"-FVE-FS-"
_IDENTIFIER = bytes.fromhex("3BD66749292ED84A8399F6A339E3D001")
_ROUNDS = 0x100000
_STEP = 1 << 20


def make(file, offset: int, length: int, plain, method: int = 0x8004, sector: int = 512) -> None:
    """Puts a BitLocker volume with the bytes of `plain` into a range of a file. It opens with PHRASE and RECOVERY."""
    data = Path(plain).read_bytes()
    assert len(data) == length
    places = _free_places(data)
    key, volume_key = os.urandom(METHODS[method]), os.urandom(32)
    block = _metadata(method, key, volume_key, length, places, sector)
    with open(file, "r+b") as into:
        into.seek(offset)
        into.write(_boot(length, places, sector) + os.urandom(_MOVED - 512))
        for first, size, place in _segments(length, places):
            into.seek(offset + place)
            if place == first or first == 0:
                into.write(_crypt(data[first : first + size], place, key, method, sector, "encryptor"))
        for place in places[:3]:
            into.seek(offset + place)
            into.write(block)


def open_into(file, offset: int, length: int, plain, scratch) -> None:
    """Writes what lies within a BitLocker volume to a file; both pass phrases must open it."""
    volume = Path(scratch / "bitlk-volume")
    _cut(file, offset, length, volume)
    key, method = _opened(volume, PHRASE)
    assert (key, method) == _opened(volume, RECOVERY)
    with open(volume, "rb") as source, open(plain, "wb") as into:
        boot = source.read(512)
        sector = struct.unpack("<H", boot[11:13])[0]
        blocks = struct.unpack("<3Q", boot[176:200])
        source.seek(blocks[0] + 56)
        into.truncate(length)
        for first, size, place in _segments(length, (*blocks, *struct.unpack("<Q", source.read(8)))):
            source.seek(place)
            into.seek(first)
            into.write(_crypt(source.read(size), place, key, method, sector, "decryptor"))
    volume.unlink()


def dislocked(file, offset: int, length: int, plain, scratch) -> bool:
    """As `open_into`, by dislocker; false when dislocker is not installed."""
    if not shutil.which("dislocker-file"):
        return False
    volume = Path(scratch / "bitlk-volume")
    _cut(file, offset, length, volume)
    Path(plain).unlink(missing_ok=True)
    run("dislocker-file", "-V", volume, f"-u{PHRASE}", "--", plain)
    volume.unlink()
    return True


def _cut(file, offset: int, length: int, volume) -> None:
    with open(file, "rb") as disk, open(volume, "wb") as into:
        disk.seek(offset)
        for at in range(0, length, _STEP):
            into.write(disk.read(min(_STEP, length - at)))


def _opened(volume, phrase: str) -> tuple:
    """Volume key and number of the cipher."""
    told = run("cryptsetup", "bitlkDump", "-q", "--dump-volume-key", "--key-file", "-", volume, input=phrase)
    key = bytes.fromhex("".join(re.search(r"MK dump:((?:\s+[0-9a-f]{2}\b)+)", told).group(1).split()))
    first = 0x8004 if "xts-plain64" in told else 0x8002
    return key, first if len(key) == METHODS[first] else first + 1


def _free_places(data: bytes) -> tuple:
    """Where three metadata blocks and the moved sectors fit: ranges that are zero within, and so stay what they were."""
    places = []
    for number, size in enumerate((_BLOCK, _BLOCK, _BLOCK, _MOVED)):
        at = len(data) // 5 * (number + 1) // _BLOCK * _BLOCK
        while any(data[at : at + _BLOCK]):
            at += _BLOCK
        assert at + size <= len(data) and at not in places
        places.append(at)
    return tuple(places)


def _segments(length: int, places: tuple) -> list:
    """First byte within, length, first byte in the volume."""
    segments, at = [(0, _MOVED, places[3])], _MOVED
    for place, size in sorted(zip(places, (_BLOCK, _BLOCK, _BLOCK, _MOVED), strict=True)):
        segments.append((at, place - at, at))
        at = place + size
    return [*segments, (at, length - at, at)]


def _crypt(data: bytes, place: int, key: bytes, method: int, sector: int, direction: str) -> bytes:
    done = []
    for at in range(0, len(data), sector):
        first = place + at
        if method >= 0x8004:
            mode = modes.XTS(struct.pack("<QQ", first // sector, 0))
        else:
            number = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
            mode = modes.CBC(number.update(struct.pack("<QQ", first, 0)))
        worker = getattr(Cipher(algorithms.AES(key), mode), direction)()
        done.append(worker.update(data[at : at + sector]))
    return b"".join(done)


def _boot(length: int, places: tuple, sector: int) -> bytes:
    boot = bytearray(512)
    boot[0:11] = b"\xeb\x58\x90" + _MARK
    boot[11:13] = struct.pack("<H", sector)
    boot[13] = 4096 // sector
    boot[21:24] = b"\xf8\0\0"
    boot[28:32] = struct.pack("<I", 4096)
    boot[82:90] = b"FAT32   "
    boot[160:200] = _IDENTIFIER + struct.pack("<3Q", *places[:3])
    boot[510:512] = b"\x55\xaa"
    assert length % sector == 0
    return bytes(boot)


def _metadata(method, key: bytes, volume_key: bytes, length: int, places: tuple, sector: int) -> bytes:
    entries = [
        _entry(7, 2, "LAB 01/01/2024".encode("utf-16-le") + b"\0\0"),
        _protector(0x2000, hashlib.sha256(PHRASE.encode("utf-16-le")).digest(), volume_key),
        _protector(0x0800, b"".join(struct.pack("<H", int(part) // 11) for part in RECOVERY.split("-")), volume_key),
        _entry(3, 5, _sealed(volume_key, _key(method, key))),
        _entry(15, 15, struct.pack("<QQ", places[3], _MOVED)),
    ]
    inside = b"".join(entries)
    size = -(-(112 + len(inside)) // 16) * 16
    header = struct.pack("<IIII", 48 + len(inside), 1, 48, 48 + len(inside)) + os.urandom(16)
    header += struct.pack("<IHHQ", 9, method, 0, 133_500_000_000_000_000)
    start = _MARK + struct.pack("<HHHHQII", size // 16, 2, 4, 4, length, 0, _MOVED // sector)
    block = (start + struct.pack("<4Q", *places) + header + inside).ljust(size, b"\0")
    check = struct.pack("<HHHHHH", 44, 0, 1, 1, 0x2005, 0) + hashlib.sha256(block).digest()
    tail = struct.pack("<HHI", _BLOCK - size, 2, zlib.crc32(block)) + _entry(0, 5, _sealed(volume_key, check))
    return (block + tail).ljust(_BLOCK, b"\0")


def _entry(kind: int, value: int, data: bytes) -> bytes:
    return struct.pack("<HHHH", 8 + len(data), kind, value, 1) + data


def _key(method: int, key: bytes) -> bytes:
    return _entry(0, 1, struct.pack("<I", method) + key)


def _sealed(key: bytes, data: bytes) -> bytes:
    """AES-CCM: nonce, tag, data."""
    nonce = os.urandom(12)
    box = AESCCM(key, tag_length=16).encrypt(nonce, data, None)
    return nonce + box[-16:] + box[:-16]


def _protector(protection: int, secret: bytes, volume_key: bytes) -> bytes:
    """The stretched SHA-256 of a secret opens the volume key."""
    salt, last, first = os.urandom(16), bytes(32), hashlib.sha256(secret).digest()
    for count in range(_ROUNDS):
        last = hashlib.sha256(last + first + salt + struct.pack("<Q", count)).digest()
    stretch = _entry(0, 3, struct.pack("<I", 0x1000) + salt + _entry(0, 5, _sealed(last, _key(0x2003, last))))
    opened = _entry(0, 5, _sealed(last, _key(0x2003, volume_key)))
    return _entry(2, 8, os.urandom(16) + bytes(10) + struct.pack("<H", protection) + stretch + opened)
