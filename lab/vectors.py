#!/usr/bin/env python3
"""Computes the test vectors of the primitives again, twice: by python-cryptography, and by the openssl program with no more than arithmetic here.

  lab/vectors.py FOLDER    sealing/src/test/resources/vectors; ends with 1 and names the vector when one is another
Needs python3-cryptography and OpenSSL 3.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# What stands before 32 bytes of a key in DER (RFC 8410).
_PRIVATE = {"X25519": "302e020100300506032b656e04220420", "ED25519": "302e020100300506032b657004220420"}
_PUBLIC = {"X25519": "302a300506032b656e032100", "ED25519": "302a300506032b6570032100"}
_BASE_POINT = bytes([9]) + bytes(31)


def read(file: Path) -> list:
    """The vectors of a file: blocks of lines "name = value", with empty lines between."""
    blocks = [block for block in file.read_text(encoding="ascii").split("\n\n") if not block.startswith("#")]
    vectors = []
    for block in blocks:
        pairs = (line.partition("=")[::2] for line in block.strip().splitlines())
        vectors.append({name.strip(): value.strip() for name, value in pairs})
    return vectors


def value(vector: dict, name: str) -> bytes:
    return bytes.fromhex(vector[name])


def openssl(*words, data=b"") -> bytes:
    """What openssl wrote; nothing when it has refused."""
    done = subprocess.run(["openssl", *map(str, words)], input=data, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""


class Keys:
    """Keys as files for openssl."""

    def __init__(self, folder: Path):
        self._folder, self._count = folder, 0

    def file(self, content: bytes) -> Path:
        self._count += 1
        path = self._folder / str(self._count)
        path.write_bytes(content)
        return path

    def private(self, kind: str, key: bytes) -> Path:
        return self.file(bytes.fromhex(_PRIVATE[kind]) + key)

    def public(self, kind: str, key: bytes) -> Path:
        return self.file(bytes.fromhex(_PUBLIC[kind]) + key)


def x25519(vector, keys):
    public = value(vector, "public") if "public" in vector else _BASE_POINT
    expected = b"" if vector["shared"] == "refused" else value(vector, "shared")
    try:
        shared = X25519PrivateKey.from_private_bytes(value(vector, "private")).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        shared = b""
    yield shared, expected
    private = keys.private("X25519", value(vector, "private"))
    peer = keys.public("X25519", public)
    yield openssl("pkeyutl", "-derive", "-keyform", "DER", "-inkey", private, "-peerform", "DER", "-peerkey", peer), expected


def ed25519(vector, keys):
    public, message, signature = value(vector, "public"), value(vector, "message"), value(vector, "signature")
    if "seed" in vector:
        key = Ed25519PrivateKey.from_private_bytes(value(vector, "seed"))
        yield key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), public
        yield key.sign(message), signature
        private = keys.private("ED25519", value(vector, "seed"))
        yield openssl("pkey", "-inform", "DER", "-in", private, "-pubout", "-outform", "DER")[-32:], public
        if message:  # this program does not sign nothing
            words = ("pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", private, "-in", keys.file(message))
            yield openssl(*words), signature
    expected = vector.get("verdict", "true") == "true"
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        yield True, expected
    except (InvalidSignature, ValueError):
        yield False, expected
    if message:
        words = ("pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", keys.public("ED25519", public))
        yield bool(openssl(*words, "-in", keys.file(message), "-sigfile", keys.file(signature))), expected


def hmac(vector, _):
    key, message = value(vector, "key"), value(vector, "message")
    mac = HMAC(key, hashes.SHA256())
    mac.update(message)
    yield mac.finalize(), value(vector, "mac")
    if key:
        words = ("dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary")
        yield openssl(*words, data=message), value(vector, "mac")


def hkdf(vector, _):
    prk, okm = value(vector, "prk"), value(vector, "okm")
    mac = HMAC(value(vector, "salt"), hashes.SHA256())
    mac.update(value(vector, "input"))
    yield mac.finalize(), prk
    yield HKDFExpand(hashes.SHA256(), len(okm), value(vector, "info")).derive(prk), okm
    words = ["kdf", "-keylen", len(okm), "-kdfopt", "digest:SHA256", "-kdfopt", f"hexkey:{vector['input']}"]
    for name in ("salt", "info"):
        words += ["-kdfopt", f"hex{name}:{vector[name]}"] if vector[name] else []
    yield openssl(*words, "-binary", "HKDF"), okm


def scrypt(vector, _):
    n, r, p = (int(vector[name]) for name in "nrp")
    key = value(vector, "key")
    yield Scrypt(value(vector, "salt"), len(key), n, r, p).derive(value(vector, "password")), key
    if vector["password"]:
        words = ["kdf", "-keylen", len(key), "-kdfopt", f"hexpass:{vector['password']}", "-kdfopt", f"hexsalt:{vector['salt']}"]
        words += ["-kdfopt", f"n:{n}", "-kdfopt", f"r:{r}", "-kdfopt", f"p:{p}", "-kdfopt", "maxmem_bytes:67108864"]
        yield openssl(*words, "-binary", "SCRYPT"), key


def gcm(vector, _):
    key, nonce, plain = value(vector, "key"), value(vector, "nonce"), value(vector, "plain")
    expected = vector.get("verdict", "true") == "true"
    sealed = value(vector, "sealed") + value(vector, "tag")
    yield AESGCM(key).encrypt(nonce, plain, None) == sealed, expected
    try:
        yield AESGCM(key).decrypt(nonce, sealed, None) == plain, expected
    except InvalidTag:
        yield False, expected
    yield gcm_of_blocks(key, nonce, plain) == sealed, expected


def gcm_of_blocks(key: bytes, nonce: bytes, plain: bytes) -> bytes:
    """AES-GCM of NIST SP 800-38D, with nothing but AES of one block from openssl."""
    count = len(plain) // 16 + 3
    blocks = bytes(16) + b"".join(nonce + i.to_bytes(4, "big") for i in range(1, count))
    coded = openssl("enc", "-aes-256-ecb", "-nopad", "-K", key.hex(), data=blocks)
    h, first, stream = int.from_bytes(coded[:16], "big"), coded[16:32], coded[32:]
    sealed = bytes(a ^ b for a, b in zip(plain, stream))
    hashed = sealed + bytes(-len(sealed) % 16) + bytes(8) + (8 * len(sealed)).to_bytes(8, "big")
    total = 0
    for at in range(0, len(hashed), 16):
        total = product(total ^ int.from_bytes(hashed[at : at + 16], "big"), h)
    return sealed + bytes(a ^ b for a, b in zip(total.to_bytes(16, "big"), first))


def product(x: int, y: int) -> int:
    """Of two elements of the field of GCM, whose highest bit stands for 1."""
    result = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            result ^= y
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return result


def main(folder: Path) -> int:
    count = 0
    with tempfile.TemporaryDirectory() as scratch:
        keys = Keys(Path(scratch))
        for check in (x25519, ed25519, hmac, hkdf, scrypt, gcm):
            for vector in read(folder / f"{check.__name__}.txt"):
                for found, expected in check(vector, keys):
                    count += 1
                    if found != expected:
                        print(f"{check.__name__}: {vector['from']}: expected {expected!r}, found {found!r}", file=sys.stderr)
                        return 1
    print(f"{count} results are as the vectors say")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
