#!/usr/bin/env python3
"""Encrypted and signed image files (docs/image-format.md, sections 8 and 9). It shares no line with the programs.

  lab/sealedimage.py vector                   prints disk-io/src/test/resources/org/imgblstr/disk/image/sealed-image.hex: the example of section 7, signed and encrypted
  lab/sealedimage.py open IMAGE KEYFILE OUT   opens an encrypted image, checks its signature when it has one, and writes the same image without encryption
KEYFILE: a key file of keygen, or a file that holds a pass phrase. Needs python3-cryptography.
"""

import hashlib
import re
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLEAR, SLOT, SLOTS, TAG = 32, 96, 8 * 96, 16
RECORD, TRAILER, SIGNATURE, CRC = 64, 160, 128, 4
ENCRYPTED, SIGNED, DIGESTS = 1, 2, 4
INDEX, DIRECTORY, DIGEST_RECORD, SKIP, DATA, PARTIAL = 3, 4, 6, 2, 1, 5
HEADER_PART, RECORD_PART, BODY_PART, TRAILER_PART = range(4)


def number(data: bytes, at: int, length: int = 4) -> int:
    return int.from_bytes(data[at : at + length], "big")


def crc32c(data: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "big")


def with_crc(data: bytes) -> bytes:
    return data[:-CRC] + crc32c(data[:-CRC])


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def expand(key: bytes, label: str, image_id: bytes) -> bytes:
    return HKDFExpand(hashes.SHA256(), 32, f"imgblstr 1 {label}\0".encode() + image_id).derive(key)


def nonce(offset: int, part: int) -> bytes:
    return offset.to_bytes(8, "big") + part.to_bytes(4, "big")


def public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(verify: bytes) -> bytes:
    return sha256(b"imgblstr 1 key id\0", verify)[:8]


def signed_bytes(header: bytes, digest_bodies: list, content: bytes) -> bytes:
    sums = sha256(*(sha256(body) for body in digest_bodies))
    return b"imgblstr 1 image signature\0" + header[16:32] + sums + content + header[CLEAR:-CRC]


def slot(kind: int, cost: tuple, salt: bytes, name: bytes, key: bytes, file_key: bytes, image_id: bytes) -> bytes:
    box = AESGCM(expand(key, "image slot", image_id)).encrypt(bytes(12), file_key, None)
    return with_crc(bytes([kind, *cost]) + salt + name + expand(key, "image check", image_id)[:16] + box + bytes(CRC))


class Plain:
    """An image without encryption: its header, the type, head and body of each record, its trailer, and what follows."""

    def __init__(self, data: bytes):
        length = number(data, 12)
        self.header, self.records = data[:length], []
        at, end = length, len(data) - (SIGNATURE if number(data, 10, 2) & SIGNED else 0) - TRAILER
        while at < end:
            body = at + RECORD + number(data, at + 16)
            self.records.append((data[at : at + RECORD], data[at + RECORD : body]))
            at = body
        self.trailer, self.signature = data[end : end + TRAILER], data[end + TRAILER :]


class Sealed:
    """Writes an image anew: with digest records, signed, encrypted."""

    def __init__(self, flags: int, file_key: bytes):
        self._flags, self._file_key = flags, file_key
        self._out, self._sums, self._digests, self._index = bytearray(), hashlib.sha256(), [], []
        self._cipher = None

    def _put(self, data: bytes, part: int) -> None:
        self._out += self._cipher.encrypt(nonce(len(self._out), part), data, None) if self._cipher else data

    def header(self, header: bytes, slots: bytes) -> None:
        self._header = with_crc(header[:10] + self._flags.to_bytes(2, "big") + header[12:])
        self._sums.update(self._header)
        self._out += self._header[:CLEAR]
        if self._flags & ENCRYPTED:
            self._out += slots.ljust(SLOTS, b"\0")
            self._cipher = AESGCM(expand(self._file_key, "image", header[16:32]))
        self._put(self._header[CLEAR:], HEADER_PART)

    def record(self, kind: int, first: int, count: int, body: bytes) -> int:
        """Returns its offset."""
        offset = len(self._out)
        head = b"IBRC" + bytes([kind, 0, 0, 0]) + first.to_bytes(4, "big") + count.to_bytes(4, "big")
        head = with_crc(head + len(body).to_bytes(4, "big") + bytes(4) + sha256(body) + bytes(8))
        self._sums.update(head)
        self._put(head, RECORD_PART)
        self._put(body, BODY_PART)
        if kind == DIGEST_RECORD:
            self._digests.append(body)
        return offset

    def end(self, trailer: bytes, directory: int, seed: bytes = b"", foreign: bytes = b"") -> bytes:
        """Signed by a seed, or with a signature of something else."""
        size = len(self._out) + TRAILER + (TAG if self._cipher else 0) + (SIGNATURE if seed else len(foreign))
        start = trailer[:48] + directory.to_bytes(8, "big") + size.to_bytes(8, "big") + trailer[64:112]
        self._sums.update(start)
        self._put(with_crc(start + self._sums.digest() + trailer[144:]), TRAILER_PART)
        if seed:
            signed = signed_bytes(self._header, self._digests, trailer[80:112])
            signature = Ed25519PrivateKey.from_private_bytes(seed).sign(signed)
            self._out += with_crc(b"IMGBLSIG" + key_id(public(seed)) + public(seed) + signature + bytes(16))
        return bytes(self._out + foreign)


def forged(signed: bytes, other: bytes) -> bytes:
    """The tracks of another image under header, digests and signature of a signed one; every check but the digests holds. Both have one layout."""
    genuine, tracks = Plain(signed), Plain(other)
    assert len(genuine.header) == len(tracks.header), "the headers have two lengths"
    digests = [body for head, body in genuine.records if head[4] == DIGEST_RECORD]
    out = Sealed(SIGNED | DIGESTS, b"")
    out.header(genuine.header, b"")
    for head, body in tracks.records:
        content = digests.pop(0) if head[4] == DIGEST_RECORD else body
        directory = out.record(head[4], number(head, 8), number(head, 12), content)
    trailer = tracks.trailer[:64] + genuine.trailer[64:112] + tracks.trailer[112:]
    return out.end(trailer, directory, foreign=genuine.signature)


def example() -> bytes:
    """The example of section 7."""
    text = (Path(__file__).parent.parent / "docs/image-format.md").read_text(encoding="utf-8")
    return bytes.fromhex("".join(re.findall(r"^[0-9a-f]{4}  ((?:[0-9a-f]{2} ?){1,16})(?: |$)", text, re.MULTILINE)))


def vector() -> bytes:
    """Keys: file key 00 to 1f; salt 20 to 2f; psk and sign of the key file 40 to 5f, 60 to 7f; the pass phrase below."""
    plain = Plain(example())
    file_key, salt, psk, seed = bytes(range(32)), bytes(range(32, 48)), bytes(range(64, 96)), bytes(range(96, 128))
    phrase, image_id = "correct horse battery".encode(), plain.header[16:32]
    phrase_key = Scrypt(salt=salt, length=32, n=1 << 17, r=8, p=1).derive(phrase)
    slots = slot(1, (17, 8, 1), salt, bytes(8), phrase_key, file_key, image_id)
    slots += slot(2, (0, 0, 0), bytes(16), key_id(public(seed)), psk, file_key, image_id)
    out = Sealed(ENCRYPTED | SIGNED | DIGESTS, file_key)
    out.header(plain.header, slots)
    at, index, directory = 0, 0, 0
    for head, body in plain.records:
        kind, first, count = head[4], number(head, 8), number(head, 12)
        if kind == INDEX:
            body = body[:8] + at.to_bytes(8, "big") + body[16:]
            index = out.record(kind, first, count, body)
            # Track 0 is 512 letters A; then two tracks of zeros and an unused one.
            digests = b"\0" + sha256(b"A" * 512) + b"\2" + bytes(32) + b"\2" + bytes(32) + b"\1" + bytes(32)
            out.record(DIGEST_RECORD, first, count, digests)
        elif kind == DIRECTORY:
            directory = out.record(kind, first, count, index.to_bytes(8, "big"))
        else:
            offset = out.record(kind, first, count, body)
            at = offset if kind == DATA else at
    return out.end(plain.trailer, directory, seed)


def secret_of(file: Path) -> bytes:
    text = file.read_text(encoding="utf-8")
    found = re.search(r"^secret: ([0-9a-f]{64})$", text, re.MULTILINE)
    return bytes.fromhex(found.group(1)) if found else text.strip().encode()


def file_key_of(slots: bytes, secret: bytes, image_id: bytes) -> bytes:
    for at in range(0, SLOTS, SLOT):
        found = slots[at : at + SLOT]
        if found[0] == 0:
            continue
        key = secret
        if found[0] == 1:
            key = Scrypt(salt=found[4:20], length=32, n=1 << found[1], r=found[2], p=found[3]).derive(secret)
        if expand(key, "image check", image_id)[:16] == found[28:44]:
            return AESGCM(expand(key, "image slot", image_id)).decrypt(bytes(12), found[44:92], None)
    raise ValueError("no slot opens with this secret")


def opened(data: bytes, secret: bytes) -> bytes:
    """The same image without encryption, its offsets and checks put right; raises when anything was changed."""
    flags, image_id, length = number(data, 10, 2), data[16:32], number(data, 12)
    assert flags & ENCRYPTED, "not encrypted"
    cipher = AESGCM(expand(file_key_of(data[CLEAR : CLEAR + SLOTS], secret, image_id), "image", image_id))

    def box(at: int, size: int, part: int) -> bytes:
        return cipher.decrypt(nonce(at, part), data[at : at + size + TAG], None)

    at = CLEAR + SLOTS
    header = data[:CLEAR] + box(at, length - CLEAR, HEADER_PART)
    out, at = Sealed(flags & ~ENCRYPTED & ~SIGNED, b""), at + length - CLEAR + TAG
    out.header(header, b"")
    moved, index, directory, bodies = {}, [], 0, []
    end = len(data) - (SIGNATURE if flags & SIGNED else 0) - TRAILER - TAG
    while at < end:
        head = box(at, RECORD, RECORD_PART)
        assert head == with_crc(head), "a record header is damaged"
        kind, first, count, size = head[4], number(head, 8), number(head, 12), number(head, 16)
        body = box(at + RECORD + TAG, size, BODY_PART)
        assert sha256(body) == head[24:56], "a body is damaged"
        if kind == INDEX:
            entries = [body[i : i + 16] for i in range(0, len(body), 16)]
            body = b"".join(e[:8] + moved.get(number(e, 8, 8), 0).to_bytes(8, "big") for e in entries)
        elif kind == DIRECTORY:
            body = b"".join(offset.to_bytes(8, "big") for offset in index)
        elif kind == DIGEST_RECORD:
            bodies.append(body)
        offset = out.record(kind, first, count, body)
        moved[at] = offset
        index += [offset] if kind == INDEX else []
        directory = offset if kind == DIRECTORY else directory
        at += RECORD + TAG + size + TAG
    trailer = box(at, TRAILER, TRAILER_PART)
    if flags & SIGNED:
        end = data[-SIGNATURE:]
        assert end == with_crc(end) and end[8:16] == key_id(end[16:48]), "the signature is damaged"
        Ed25519PublicKey.from_public_bytes(end[16:48]).verify(end[48:112], signed_bytes(header, bodies, trailer[80:112]))
    return out.end(trailer, directory)


def main() -> None:
    if sys.argv[1:] == ["vector"]:
        text = vector().hex()
        print("\n".join(text[i : i + 120] for i in range(0, len(text), 120)))
    elif len(sys.argv) == 5 and sys.argv[1] == "open":
        image, key, out = map(Path, sys.argv[2:])
        out.write_bytes(opened(image.read_bytes(), secret_of(key)))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
