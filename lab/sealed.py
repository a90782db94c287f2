#!/usr/bin/env python3
"""Seals the golden datagrams of the open protocol: docs/security.md, section 6. It shares no line with the programs.

  lab/sealed.py FOLDER    with the golden datagrams, *.hex; prints protocol/src/test/resources/org/imgblstr/protocol/sealing/sealed.txt
Needs python3-cryptography.
"""

import hashlib
import re
import sys
from pathlib import Path

import handshake
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HEADER_BYTES, CRC_BYTES = 12, 4
PAIR = 15
# Who seals which command: the keys of an epoch, or those of a slave and its master.
USES = {
    "drive-geometry": ["state"],
    "sector-data": ["data"],
    "sector-data-and-flush": ["data"],
    "skip-track": ["data"],
    "end-of-data": ["data"],
    "done": ["data", "down"],
    "disconnect-acknowledge": ["down"],
    "resend-request": ["up"],
    "disconnect": ["up"],
}
EPOCH, SLAVE_INDEX = 9, 0x0203
COOKIE, EXCHANGE, MASTER_NONCE = bytes(range(16)), bytes(range(100, 132)), bytes(range(8))
# Stretches of a Drive Geometry that would tell of the image.
IMAGE = ((20, 60), (62, 64), (76, 80), (128, 148))


def golden(file: Path) -> bytes:
    return bytes.fromhex(re.sub(r"#.*|\s", "", file.read_text(encoding="utf-8")))


def sealed(datagram: bytes, use: str, key: bytes) -> bytes:
    """Numbered from 1, but for what goes to the data group, which keeps the number of the golden datagram."""
    nibble = 8 + EPOCH % 7 if use in ("data", "state") else PAIR
    number = datagram[8:12] if use == "data" else (1).to_bytes(4, "big")
    header = datagram[:2] + bytes([0x10 | nibble]) + datagram[3:8] + number
    clear = SLAVE_INDEX.to_bytes(2, "big") + bytes(2) if use == "up" else b""
    return header + clear + AESGCM(key).encrypt(header, datagram[HEADER_BYTES:-CRC_BYTES], None)


def confirm(datagram: bytes, image: bytes, key: bytes) -> bytes:
    """With the group key of epoch 9 and the image of a golden Drive Geometry without a name."""
    header = datagram[:2] + bytes([0x10 | PAIR]) + datagram[3:8] + (1).to_bytes(4, "big")
    regions, label = int.from_bytes(image[144:146], "big"), image[147]
    box = datagram[20:44] + EPOCH.to_bytes(4, "big") + EXCHANGE
    box += image[20:60] + image[62:64] + image[128:146] + bytes([label, 0]) + image[148 : 148 + 20 * regions + label]
    return header + datagram[12:20] + MASTER_NONCE + AESGCM(key).encrypt(header, box, None)


def crc32c(data: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "big")


def boxed_rsvp(datagram: bytes, key: bytes) -> bytes:
    """With its own number."""
    box = AESGCM(key).encrypt(datagram[:HEADER_BYTES], datagram[20:-CRC_BYTES], None)
    clear = datagram[:20] + bytes(51) + b"\1" + COOKIE + EXCHANGE + box
    return clear + crc32c(clear)


def hello(datagram: bytes) -> bytes:
    """What a golden Drive Geometry is in a sealed session: with the hello of the handshake with a key file."""
    clear = bytearray(datagram[:148])
    for begin, end in IMAGE:
        clear[begin:end] = bytes(end - begin)
    clear[65] |= 4
    keys = handshake.vector(2, "Raum 5 süd", "", 2)
    clear += keys["hello"] + keys["signature"]
    return bytes(clear) + crc32c(clear)


def main(folder: Path) -> None:
    print(f"# The golden datagrams, sealed: epoch {EPOCH}, slave index {SLAVE_INDEX}. Made by lab/sealed.py.")
    for command, uses in USES.items():
        for use in uses:
            key = hashlib.sha256(f"key {use}".encode()).digest()
            print(f"\ncommand = {command}\nuse = {use}\nkey = {key.hex()}")
            print(f"sealed = {sealed(golden(folder / f'{command}.hex'), use, key).hex()}")
    key = hashlib.sha256(b"key rsvp").digest()
    print(f"\ncommand = rsvp\nuse = rsvp\nkey = {key.hex()}\nsealed = {boxed_rsvp(golden(folder / 'rsvp.hex'), key).hex()}")
    key = hashlib.sha256(b"key confirm").digest()
    boxed = confirm(golden(folder / "confirm-download.hex"), golden(folder / "drive-geometry.hex"), key)
    print(f"\ncommand = confirm-download\nuse = confirm\nkey = {key.hex()}\nsealed = {boxed.hex()}")
    print(f"\ncommand = drive-geometry\nuse = hello\nkey = {bytes(32).hex()}\nsealed = {hello(golden(folder / 'drive-geometry.hex')).hex()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
