#!/usr/bin/env python3
"""The key schedule of sealed sessions in Python: docs/security.md, sections 3 to 5. It shares no line with the programs.

  lab/handshake.py    prints whole handshakes, each step of section 5 by name: sealing/src/test/resources/vectors/schedule.txt
Needs python3-cryptography.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CODE, KEY_FILE = 1, 2


def raw(public_key) -> bytes:
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def x25519_public(private: bytes) -> bytes:
    return raw(X25519PrivateKey.from_private_bytes(private).public_key())


def ed25519_public(seed: bytes) -> bytes:
    return raw(Ed25519PrivateKey.from_private_bytes(seed).public_key())


def code_key(words: str) -> bytes:
    """psk of a join code."""
    return hashlib.scrypt(words.encode("ascii"), salt=b"imgblstr join code 1", n=1 << 15, r=8, p=1, maxmem=1 << 26, dklen=32)


def key_id(verify: bytes) -> bytes:
    return hashlib.sha256(b"imgblstr 1 key id\0" + verify).digest()[:8]


def name_tag(session: bytes, name: str) -> bytes:
    return hashlib.sha256(b"imgblstr 1 name\0" + session + name.encode()).digest()[:8] if name else bytes(8)


def extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.new(salt, secret, hashlib.sha256).digest()


def expand(key: bytes, label: str, content: bytes) -> bytes:
    """HKDF-Expand for 32 bytes, which is one block."""
    return hmac.new(key, label.encode("ascii") + b"\0" + content + b"\1", hashlib.sha256).digest()


@dataclass
class Hello:
    """Bytes 148 to 231 of a hello, and the signature behind them."""

    kind: int
    key: bytes
    tag: bytes
    exchange: bytes
    verify: bytes

    def signed_part(self) -> bytes:
        return bytes([self.kind, 0, 0, 0]) + self.key + self.tag + self.exchange + self.verify

    def signature(self, session: bytes, seed: bytes) -> bytes:
        """By the key of a key file; zeros with a code."""
        if self.kind == CODE:
            return bytes(64)
        return Ed25519PrivateKey.from_private_bytes(seed).sign(b"imgblstr 1 hello\0" + session + self.signed_part())


@dataclass
class SlaveKeys:
    """What one side computes from its own private key and the public key of the other."""

    h: bytes
    shared: bytes
    prk: bytes

    @classmethod
    def agree(cls, psk: bytes, private: bytes, public: bytes, h: bytes):
        shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
        return cls(h, shared, extract(psk, shared))

    def rsvp(self) -> bytes:
        return expand(self.prk, "imgblstr 1 rsvp", self.h)

    def h2(self, master_nonce: bytes) -> bytes:
        return hashlib.sha256(self.h + master_nonce).digest()

    def down(self, master_nonce: bytes) -> bytes:
        return expand(self.prk, "imgblstr 1 master to slave", self.h2(master_nonce))

    def up(self, master_nonce: bytes) -> bytes:
        return expand(self.prk, "imgblstr 1 slave to master", self.h2(master_nonce))


def transcript(session: bytes, hello: Hello, nonce: bytes, exchange: bytes) -> bytes:
    return hashlib.sha256(b"imgblstr 1 transcript\0" + session + hello.signed_part() + nonce + exchange).digest()


def group_keys(group: bytes, session: bytes, epoch: int) -> tuple:
    """k_data and k_state of an epoch."""
    content = session + epoch.to_bytes(4, "big")
    return expand(group, "imgblstr 1 data", content), expand(group, "imgblstr 1 state", content)


def vector(number: int, name: str, code: str, epoch: int) -> dict:
    """A whole handshake from inputs that only look random. Without a code it is one of a key file."""

    def some(what: str, count: int) -> bytes:
        return hashlib.sha256(f"handshake {number}: {what}".encode()).digest()[:count]

    session, nonce, master_nonce = some("session", 8), some("nonce", 8), some("M", 8)
    e, s, x = some("e", 32), some("s", 32), some("x", 32)
    seed = bytes(32) if code else some("sign", 32)
    psk = code_key(code) if code else some("secret", 32)
    key = bytes(8) if code else key_id(ed25519_public(seed))
    hello = Hello(CODE if code else KEY_FILE, key, name_tag(session, name), x25519_public(e), ed25519_public(s))
    h = transcript(session, hello, nonce, x25519_public(x))
    master = SlaveKeys.agree(psk, e, x25519_public(x), h)
    slave = SlaveKeys.agree(psk, x, hello.exchange, h)
    assert master == slave
    group = some("group", 32)
    data, state = group_keys(group, session, epoch)
    inputs = {"code": code.encode(), "psk": psk, "sign": seed, "name": name.encode(), "session": session}
    inputs |= {"e": e, "s": s, "x": x, "nonce": nonce, "M": master_nonce, "group": group, "epoch": epoch.to_bytes(4, "big")}
    steps = {"key_id": key, "name_tag": hello.tag, "hello": hello.signed_part(), "signature": hello.signature(session, seed)}
    steps |= {"X": x25519_public(x), "h": h, "shared": master.shared, "prk": master.prk, "k_rsvp": master.rsvp()}
    steps |= {"h2": master.h2(master_nonce), "k_down": master.down(master_nonce), "k_up": master.up(master_nonce)}
    return inputs | steps | {"k_data": data, "k_state": state}


def main() -> None:
    print("# Whole handshakes: inputs, then each step of docs/security.md, section 5. Made by lab/handshake.py.")
    handshakes = (("a code", "", "aardvark-gothic-mozzarella-symphony-zucchini", 1), ("a key file", "Raum 5 süd", "", 2), ("a code, named", "room5", "zebra-zebra-zebra-zebra-zebra", 0x01020304))
    for number, (kind, name, code, epoch) in enumerate(handshakes, 1):
        print(f"\nfrom = {kind}")
        for step, content in vector(number, name, code, epoch).items():
            print(f"{step} = {content.hex()}".rstrip())


if __name__ == "__main__":
    main()
