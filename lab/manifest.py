#!/usr/bin/env python3
"""The manifest of sealed sessions in Python: docs/security.md, section 7. It shares no line with the programs.

  lab/manifest.py    prints protocol/src/test/resources/org/imgblstr/protocol/manifest/manifest.txt
Needs python3-cryptography.
"""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

CHUNK = 1024
DATA, UNUSED, ZERO, UNREADABLE, PARTIAL = 0, 1, 2, 4, 8
SESSION, SEED = bytes.fromhex("0123456789abcdef"), hashlib.sha256(b"seed of the manifest").digest()
# Two units of 512 bytes, the first of which could not be read.
MAP = b"\1"


def kind(track: int) -> int:
    """Every sort of track, also runs of one kind over the end of a chunk."""
    if track in (3, 1030):
        return PARTIAL
    if 1020 <= track < 1028 or track == 1:
        return ZERO
    if 2048 <= track < 2060 or track == 4:
        return UNREADABLE
    return UNUSED if track % 7 == 2 else DATA


def raw(track: int) -> bytes:
    """1,024 bytes; of a partial track the first 512 are zeros."""
    content = hashlib.sha256(f"track {track}".encode()).digest() * 32
    return bytes(512) + content[512:] if kind(track) == PARTIAL else content


def entry(track: int) -> bytes:
    what = kind(track)
    if what not in (DATA, PARTIAL):
        return bytes([what]) + bytes(32)
    return bytes([what]) + hashlib.sha256(raw(track) + (MAP if what == PARTIAL else b"")).digest()


def main() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    print("# Manifests of two images. Made by lab/manifest.py.")
    for tracks in (5, 2500):
        print(f"\ntracks = {tracks}\nsession = {SESSION.hex()}\nseed = {SEED.hex()}")
        hashes = []
        for chunk in range((tracks + CHUNK - 1) // CHUNK):
            entries = b"".join(entry(track) for track in range(CHUNK * chunk, min(tracks, CHUNK * (chunk + 1))))
            hashes.append(hashlib.sha256(entries).digest())
            what = (tracks + chunk).to_bytes(4, "big") + hashes[-1]
            signature = key.sign(b"imgblstr 1 digests\0" + SESSION + what)
            if tracks == 5:
                print(f"raw = {(entries + signature).hex()}")
            print(f"digest track = {hashlib.sha256(entries + signature).hexdigest()}")
        root = hashlib.sha256(b"imgblstr 1 manifest\0" + SESSION + tracks.to_bytes(4, "big") + b"".join(hashes))
        print(f"D = {root.hexdigest()}")


if __name__ == "__main__":
    main()
