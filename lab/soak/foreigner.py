"""A foreign host on the LAN that disturbs a session without knowing any secret: foreigner.py GROUP PORT SEED A_SECOND.

It hears the announcements and the data, and sends, so many times a second:
  damaged   a genuine datagram with one to three flipped bits, in the name of the master, so that only checksums tell
  late      a genuine datagram once more, up to half a second later, in the name of the master
  foreign   a genuine datagram from its own address
  cut       a genuine datagram that ends too early, in the name of the master
  garbage   the magic number and noise, to the groups and to the master's port
"""

import random
import socket
import struct
import sys
import time

_MOST_DELAY = 0.5
_LONGEST = 65536


def main(group: str, port: int, seed: int, a_second: int) -> None:
    drawn = random.Random(seed)
    announcements = _ears(group, port)
    announced, master = announcements.recvfrom(_LONGEST)
    while len(announced) < 128 or announced[3] != 1:
        announced, master = announcements.recvfrom(_LONGEST)
    data_port = struct.unpack_from(">H", announced, 102)[0]
    data_group = socket.inet_ntoa(announced[116:120])
    ears = _ears(data_group, data_port)
    Foreigner(drawn, master, (group, port), (data_group, data_port)).disturb(ears, announcements, 1 / a_second)


def _ears(group: str, port: int) -> socket.socket:
    ears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ears.bind((group, port))
    ears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + bytes(4))
    ears.settimeout(1)
    return ears


class Foreigner:
    """Sends what nobody should believe. The checksum of UDP is left out where it speaks in the name of the master."""

    def __init__(self, drawn: random.Random, master: tuple, rendezvous: tuple, data: tuple):
        self._drawn, self._master, self._rendezvous, self._data = drawn, master, rendezvous, data
        self._own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        for mouth in (self._own, self._raw):
            mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        self._later = []

    def disturb(self, ears: socket.socket, announcements: socket.socket, pause: float) -> None:
        """Goes on until it is ended."""
        while True:
            self._drain(ears)
            place, to = (announcements, self._rendezvous) if self._drawn.random() < 0.1 else (ears, self._data)
            try:
                heard, sender = place.recvfrom(_LONGEST)
            except TimeoutError:
                heard, sender = b"", self._master
            self._master = sender
            self._send_one(heard, to)
            self._send_late()
            time.sleep(pause)

    @staticmethod
    def _drain(ears: socket.socket) -> None:
        """What has waited in the socket is old."""
        ears.setblocking(False)
        try:
            while True:
                ears.recv(_LONGEST)
        except BlockingIOError:
            ears.settimeout(0.2)

    def _send_one(self, heard: bytes, to: tuple) -> None:
        kind = self._drawn.choice(("damaged", "damaged", "late", "foreign", "cut", "garbage")) if heard else "garbage"
        if kind == "damaged":
            self._as_master(self._flipped(heard), to)
        elif kind == "late":
            self._later.append((time.monotonic() + self._drawn.random() * _MOST_DELAY, heard, to))
        elif kind == "foreign":
            self._own.sendto(heard, to)
        elif kind == "cut":
            self._as_master(heard[: self._drawn.randrange(len(heard))], to)
        else:
            noise = b"IM\x10" + bytes([self._drawn.randrange(14)]) + self._drawn.randbytes(self._drawn.randint(1, 1200))
            self._own.sendto(noise, self._drawn.choice((to, self._rendezvous, self._master)))

    def _send_late(self) -> None:
        now = time.monotonic()
        for when, datagram, to in [each for each in self._later if each[0] <= now]:
            self._as_master(datagram, to)
        self._later = [each for each in self._later if each[0] > now]

    def _flipped(self, datagram: bytes) -> bytes:
        found = bytearray(datagram)
        for bit in self._drawn.sample(range(len(found) * 8), self._drawn.randint(1, 3)):
            found[bit // 8] ^= 1 << bit % 8
        return bytes(found)

    def _as_master(self, datagram: bytes, to: tuple) -> None:
        ports = struct.pack(">HHHH", self._master[1], to[1], 8 + len(datagram), 0)
        header = struct.pack(">BBHHHBBH", 0x45, 0, 0, 0, 0x4000, 1, 17, 0)
        addresses = socket.inet_aton(self._master[0]) + socket.inet_aton(to[0])
        try:
            self._raw.sendto(header + addresses + ports + datagram, (to[0], 0))
        except OSError:
            return  # its own link may be down


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
