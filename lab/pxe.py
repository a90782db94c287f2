"""The boot ROM of a machine as far as the network sees it: asks for a boot file by DHCP, loads a file by TFTP. Prints one JSON object.

pxe.py dhcp MAC ARCHITECTURE [USER_CLASS]: DHCPDISCOVER from interface eth0; then what a ROM does with the offer: DHCPREQUEST, or the question to port
4011 of a server that offers no address. pxe.py tftp SERVER NAME: length and SHA-256 of the file, or the error. pxe.py http METHOD URL: status, and the text. Sources: RFC 2131, RFC 4578, PXE 2.1.
"""

import hashlib
import json
import os
import socket
import struct
import sys
import time
import urllib.error
import urllib.request

SECONDS = 15
COOKIE = b"\x63\x82\x53\x63"
DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5
ADDRESS, VENDOR, MESSAGE, SERVER, CLASS, FILE, USER_CLASS, KIND, NIC, UUID = 50, 43, 53, 54, 60, 67, 77, 93, 94, 97
BOOT_ITEM, BOOT_MENU = 71, 9


def parse(data: bytes) -> dict:
    """Options of a message, or sub-options of option 43, by number."""
    found, at = {}, 0
    while at < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        found[data[at]] = data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
    return found


class Rom:
    """One machine."""

    def __init__(self, mac: str, kind: int, user_class: str):
        self.mac = bytes.fromhex(mac.replace(":", ""))
        self.number = os.urandom(4)
        self.options = {
            CLASS: b"PXEClient:Arch:%05d:UNDI:003016" % kind,
            KIND: struct.pack(">H", kind),
            NIC: b"\x01\x03\x10",
            UUID: b"\0" + bytes(10) + self.mac,
            55: bytes((1, 3, 43, 54, 60, 66, 67)),
        }
        if user_class:
            self.options[USER_CLASS] = user_class.encode()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
        self.socket.bind(("", 68))

    def ask(self, kind: int, to: tuple, more: dict, own: str = "0.0.0.0"):
        """Sends a message until it is answered; gives the answer and its options. `own`: the address that the machine has already."""
        words = {MESSAGE: bytes([kind]), **self.options, **more}
        options = b"".join(bytes([name, len(value)]) + value for name, value in words.items()) + b"\xff"
        head = struct.pack(">4B4sHH4s12x16s192x", 1, 1, 6, 0, self.number, 0, 0x8000, socket.inet_aton(own), self.mac)
        expected = bytes([OFFER if kind == DISCOVER else ACK])
        end = time.monotonic() + SECONDS
        self.socket.settimeout(2)
        while time.monotonic() < end:
            self.socket.sendto(head + COOKIE + options, to)
            try:
                while answer := self.socket.recv(4096):
                    found = parse(answer[240:])
                    if answer[:1] == b"\2" and answer[4:8] == self.number and found.get(MESSAGE) == expected:
                        return answer, found
            except TimeoutError:
                pass
        return None, {}


def boot_file(answer: bytes, options: dict) -> str:
    name = options.get(FILE, answer[108:236]).split(b"\0")[0]
    return name.decode()


def own_address(server: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.connect((server, 9))
        return link.getsockname()[0]


def dhcp(mac: str, kind: str, user_class: str = "") -> dict:
    rom = Rom(mac, int(kind), user_class)
    everybody = ("255.255.255.255", 67)
    offer, options = rom.ask(DISCOVER, everybody, {})
    if offer is None:
        return {"offer": False}
    said = {"offer": True, "address": socket.inet_ntoa(offer[16:20]), "file": boot_file(offer, options), "class": options.get(CLASS, b"").decode()}
    said["server"] = socket.inet_ntoa(options[SERVER])
    if said["address"] != "0.0.0.0":
        answer, _ = rom.ask(REQUEST, everybody, {ADDRESS: offer[16:20], SERVER: options[SERVER]})
        said["acknowledged"] = answer is not None
    elif not said["file"]:
        menu = parse(options.get(VENDOR, b"")).get(BOOT_MENU, b"")
        item = {VENDOR: bytes([BOOT_ITEM, 4]) + menu[:2] + b"\0\0\xff"} if menu else {}
        answer, options = rom.ask(REQUEST, (said["server"], 4011), item, own_address(said["server"]))
        said["file"] = boot_file(answer, options) if answer else ""
    return said


def tftp(server: str, name: str) -> dict:
    digest, length, expected = hashlib.sha256(), 0, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(SECONDS)
        link.sendto(b"\0\1" + name.encode() + b"\0octet\0", (server, 69))
        while True:
            packet, sender = link.recvfrom(1024)
            kind, block = struct.unpack(">HH", packet[:4])
            if kind == 5:
                return {"error": packet[4:].rstrip(b"\0").decode()}
            link.sendto(struct.pack(">HH", 4, block), sender)
            if block == expected & 0xFFFF:
                expected += 1
                digest.update(packet[4:])
                length += len(packet) - 4
                if len(packet) < 516:
                    return {"length": length, "sha256": digest.hexdigest()}


def http(method: str, url: str) -> dict:
    request = urllib.request.Request(url, method=method, data=b"complete" if method == "POST" else None)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return {"status": answer.status, "text": answer.read().decode("latin-1")}
    except urllib.error.HTTPError as refusal:
        return {"status": refusal.code, "text": ""}


if __name__ == "__main__":
    print(json.dumps({"dhcp": dhcp, "tftp": tftp, "http": http}[sys.argv[1]](*sys.argv[2:])))
