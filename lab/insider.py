"""A machine that has joined a sealed session and obeys somebody else: insider.py KEY_FILE REPORT SECONDS HOSTS.

It stands in the bridge as the attacker does, joins by the handshake of lab/handshake.py with the secret of KEY_FILE, from the address of a slave, and holds
the group key. For SECONDS of the session it forges what the master would say, what another slave would say, and floods the master with Resend Requests of its own;
then it leaves. REPORT gets what was sent, as JSON. HOSTS: the hosts of the slaves, "s1,s2".
"""

import json
import random
import struct
import sys
import time
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lab import handshake
from lab.attacker import Attacker, Heard, MAGIC, crc32c

GEOMETRY, RSVP, CONFIRM, DATA, FLUSH, SKIP, REQUEST, END, DONE, DISCONNECT = range(1, 11)
JOIN, KEYS = 1, 3
PAIR, HEADER_BYTES, TAG_BYTES = 15, 12, 16
TRACK_BYTES, AHEAD = 256 * 1024, 300
INTERRUPTED = 4
PORT = 40_404
FORGED_RAW = b"\xee" * TRACK_BYTES


def secret_of(key_file: Path) -> bytes:
    lines = dict(line.split(": ", 1) for line in key_file.read_text().splitlines() if ": " in line)
    return bytes.fromhex(lines["secret"])


class Insider(Attacker):
    def __init__(self, secret: bytes, drawn: random.Random, hosts: list):
        super().__init__([], drawn, hosts)
        self._secret, self._own = secret, drawn.randbytes(32)
        self._nonce, self._life = drawn.randbytes(8), drawn.randbytes(16)
        self._rsvps = self._reports = self._longest = self._index = 0
        self._session = self._slave = self._master = self._master_nonce = None
        self._epochs = {}
        self._newest, self._track, self._symbol, self._tracks = 0, 0, 0, 0
        self._number = 0
        self.forged = dict.fromkeys(("track", "skip-track", "end-of-data", "done", "disconnect", "resend-request", "own-resend-request"), 0)

    # ---- joining

    def join(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._index:
            assert time.monotonic() < until, "the master does not take it"
            self._listen()
            if GEOMETRY in self._ways and self._way_of_slave():
                self._agree()
                self._say_rsvp(JOIN if self._epochs else KEYS)
            self._pause(0.2)
        self.report([])

    def _way_of_slave(self) -> bool:
        """It takes the address of a slave, at a port of its own."""
        if RSVP not in self._ways and REQUEST not in self._ways:
            return False
        heard = self._ways.get(RSVP) or self._ways[REQUEST]
        self._slave = self._slave or Heard(heard.framed(heard.datagram))
        self._slave.ports = PORT.to_bytes(2, "big") + heard.ports[2:]
        return True

    def _agree(self) -> None:
        if self._session is not None:
            return
        hello = self._ways[GEOMETRY].datagram
        self._session, self._tracks = hello[12:20], 0
        said = handshake.Hello(hello[148], hello[152:160], hello[160:168], hello[168:200], hello[200:232])
        h = handshake.transcript(self._session, said, self._nonce, handshake.x25519_public(self._own))
        self._keys = handshake.SlaveKeys.agree(self._secret, self._own, said.exchange, h)

    def _header(self, nibble: int, command: int, number: int) -> bytes:
        return MAGIC + bytes([0x10 | nibble, command]) + self._session[4:] + number.to_bytes(4, "big")

    def _say_rsvp(self, intent: int) -> None:
        self._rsvps += 1
        header = self._header(0, RSVP, self._rsvps)
        label = b"insider" if intent == JOIN else b""
        body = (self._life if intent == JOIN else bytes(16)) + struct.pack(">QIHHIBBHQBBB", 1 << 40, 0, 15, 1432, 64, intent, len(label), self._longest, 0, 0, 0, 0)
        box = AESGCM(self._keys.rsvp()).encrypt(header, body + label, None)
        clear = header + self._nonce + bytes(51) + b"\1" + bytes(16) + handshake.x25519_public(self._own) + box
        self._put(self._mouths["m"], self._slave.framed(clear + crc32c(clear)))

    def _keep(self, heard: Heard) -> None:
        datagram = heard.datagram
        if heard.command == CONFIRM and datagram[12:20] == self._nonce and self._session is not None:
            self._on_confirm(datagram)
        if heard.command == GEOMETRY and datagram[2] & 15 == 0 and len(datagram) < 232:
            return
        if heard.command == GEOMETRY and datagram[2] & 15:
            self._longest = max(self._longest, len(datagram))
            return
        if heard.command in (DATA, FLUSH, SKIP, END):
            self._on_data(datagram)
        super()._keep(heard)

    def _on_confirm(self, datagram: bytes) -> None:
        if datagram[2] & 15 != PAIR:
            return
        self._master_nonce = datagram[20:28]
        try:
            box = AESGCM(self._keys.down(self._master_nonce)).decrypt(datagram[:HEADER_BYTES], datagram[28:], None)
        except InvalidTag:
            return
        self._index = self._index or int.from_bytes(box[:2], "big")
        if len(box) >= 60:
            epoch = int.from_bytes(box[24:28], "big")
            self._epochs[8 + epoch % 7] = AESGCM(handshake.group_keys(box[28:60], self._session, epoch)[0])
        if len(box) > 84:
            self._tracks = int.from_bytes(box[80:84], "big")

    def _on_data(self, datagram: bytes) -> None:
        key = self._epochs.get(datagram[2] & 15)
        if key is None:
            return
        self._newest = max(self._newest, int.from_bytes(datagram[8:12], "big"))
        if datagram[3] not in (DATA, FLUSH):
            return
        try:
            body = key.decrypt(datagram[:HEADER_BYTES], datagram[HEADER_BYTES:], None)
        except InvalidTag:
            return
        track = int.from_bytes(body[:4], "big")
        self._track = track if track < self._tracks else self._track
        self._symbol = max(self._symbol, len(body) - 12)

    # ---- what it says itself

    def report(self, records: list) -> None:
        """A Resend Request of its own."""
        body = struct.pack(">HH8sIIIIIIIIIIIHHH", self._index, 0, self._nonce, self._newest, 0, self._track, self._tracks, 0, 0, 1, 0, 0, 0, 0, 0, self._longest, len(records))
        self._say_own(REQUEST, self._index, body + b"".join(struct.pack(">IIHBB", *record, 0) for record in records) + bytes(4))

    def leave(self) -> None:
        body = struct.pack(">HH8s", self._index, INTERRUPTED, self._nonce) + bytes(180)
        for _ in range(5):
            self._say_own(DISCONNECT, self._index, body)
            self._pause(0.1)

    def _say_own(self, command: int, index: int, body: bytes) -> None:
        self._reports += 1
        header = self._header(PAIR, command, self._reports)
        key = AESGCM(self._keys.up(self._master_nonce))
        datagram = header + index.to_bytes(2, "big") + bytes(2) + key.encrypt(header, body, None)
        self._put(self._mouths["m"], self._slave.framed(datagram))

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._listen()
            time.sleep(0.002)

    # ---- what it forges

    def forge(self, seconds: float) -> None:
        until = time.monotonic() + 60
        while self._track < 2:
            assert time.monotonic() < until, "no data has come"
            self.report([])
            self._pause(0.1)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._forge_one()
            for _ in range(30):
                self.report([(track, 1, 100, 1) for track in range(max(0, self._track - 96), self._track)])
                self.forged["own-resend-request"] += 1
            self._pause(0.02)

    def _forge_one(self) -> None:
        kind = self._drawn.choice(("track", "skip-track", "skip-track", "end-of-data", "done", "disconnect", "resend-request"))
        track = min(self._tracks - 1, self._track + self._drawn.randrange(1, 20))
        if kind == "track":
            self._forge_track(track)
        elif kind == "skip-track":
            self._say_as_master(SKIP, struct.pack(">HHIIBBH", 1, 0, track, 1, self._drawn.choice((2, 4)), 0, 0))
        elif kind == "end-of-data":
            self._say_as_master(END, struct.pack(">BBHIIIHH", 1, 0, 1, self._tracks, self._tracks, 0, 10, 0))
        elif kind == "done":
            reason = self._drawn.randrange(1, 6)
            self._say_as_master(DONE, struct.pack(">BBHII", reason, 0, 0, self._tracks, self._tracks) + bytes(32) + struct.pack(">HH", 1, 8) + bytes(1 + 32 + 64))
        else:
            # With its own key in the name of another: as if that had everything, or had ended.
            other = 1 + self._drawn.randrange(2)
            other += other >= self._index
            body = struct.pack(">HH8s", other, 1, self._drawn.randbytes(8)) + bytes(180)
            self._say_own(DISCONNECT if kind == "disconnect" else REQUEST, other, body)
        self.forged[kind] += 1

    def _forge_track(self, track: int) -> None:
        checksum = crc32c(FORGED_RAW) + zlib.crc32(FORGED_RAW).to_bytes(4, "big")
        encoded = bytes(4) + struct.pack(">III", track, TRACK_BYTES, TRACK_BYTES) + checksum + FORGED_RAW
        symbols = [encoded[at : at + self._symbol] for at in range(0, len(encoded), self._symbol)]
        for number, symbol in enumerate(symbols):
            last = number == len(symbols) - 1
            self._say_as_master(FLUSH if last else DATA, struct.pack(">IHHBBH", track, number, len(symbols), 1, 0, 0) + symbol)

    def _say_as_master(self, command: int, body: bytes) -> None:
        way = self._ways[DATA]
        nibble = way.datagram[2] & 15
        self._number = max(self._number + 1, self._newest + AHEAD)
        header = self._header(nibble, command, self._number)
        frame = way.framed(header + self._epochs[nibble].encrypt(header, body, None))
        for host, mouth in self._mouths.items():
            if host != "m":
                self._put(mouth, frame)


def main(key_file: str, report: str, seconds: str, hosts: str) -> None:
    insider = Insider(secret_of(Path(key_file)), random.Random(1), hosts.split(","))
    insider.join(60)
    insider.forge(float(seconds))
    insider.leave()
    Path(report).write_text(json.dumps(insider.forged))


if __name__ == "__main__":
    main(*sys.argv[1:])
