"""Who joins whom, and who is told of it when somebody does not: two masters on one group, imgslave twice on one disk, a
link or an address that comes late, slaves that cannot take part, folders from which no library can be loaded. Each test
has a group of its own.
"""

import itertools
import os
import re
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab import events, keys
from lab.disks import blank, difference, overwrite, write_table
from lab.machine import MIB, master_program, slave_program
from lab.samples import random_file

pytestmark = [pytest.mark.root, pytest.mark.tools("sfdisk", "setpriv", "unshare"), pytest.mark.slow]

BOUND = int(os.environ.get("BOUND", "60"))  # seconds in which each program must end
SLAVES = 5
ROOM_MIB = 400
SECONDS = 60
LISTENING = "^listening"
_groups = itertools.count(1)


@pytest.fixture(scope="module")
def place(scratch):
    scratch.folder.chmod(0o755)
    text = (b"some text that zstd makes smaller\n" * (MIB // 2))[: 16 * MIB]
    (scratch / "text").write_bytes(text)
    return SimpleNamespace(
        red=random_file(scratch / "red", 16),
        blue=random_file(scratch / "blue", 16),
        text=scratch / "text",
        blank=blank(scratch / "blank", 16 * MIB),
    )


@pytest.fixture
def new(scratch):
    """Makes a blank file."""
    made = []

    def make(name, mib=16):
        made.append(blank(scratch / name, mib * MIB))
        return made[-1]

    yield make
    for path in made:
        path.unlink(missing_ok=True)


class Room:
    """Programs on a group of their own."""

    def __init__(self, programs, number):
        self._programs, self.group = programs, f"239.255.81.{number}:{18800 + number}"

    def slave(self, name, host, target, *options):
        return self._programs.start(
            name,
            host,
            slave_program(),
            "--yes",
            "--label",
            name,
            "--group",
            self.group,
            "--wait",
            f"{BOUND}s",
            *options,
            target,
        )

    def master(self, name, host, *options):
        return self._programs.start(
            name, host, master_program(), "--yes", "-v", "--json", "--broadcast", "--group", self.group, *options
        )


@pytest.fixture
def room(programs):
    return Room(programs, next(_groups))


def announces(master):
    return master.heard_within(BOUND, "MasterState: master: opened")


def assert_refused(master, label, reason):
    """A line, an event and a place in the summary."""
    assert master.says(rf"^ *{label} \([0-9.]+\) cannot take part: .*{reason}")
    refused = events.of_kind(master.events, "slave-refused")
    assert [event for event in refused if event["label"] == label and re.search(reason, event["reason"])] != []
    assert label in [slave["label"] for slave in events.summary(master.events)["refused"]]


def test_two_masters_without_names(room, new, place):
    first = room.master("nameless1", "m", "--disk", place.red, "--slaves", 1)
    second = room.master("nameless2", "s1", "--disk", place.blue, "--slaves", 1)
    target = new("undecided")
    assert announces(first) and announces(second)
    slave = room.slave("undecided", "s2", target)

    assert slave.heard_within(BOUND, "2 masters announce a session")
    assert slave.says(
        r"2 masters announce a session .*10\.77\.0\.1:.*10\.77\.0\.11:"
        r"|2 masters announce a session .*10\.77\.0\.11:.*10\.77\.0\.1:"
    )
    assert difference(target, place.blank) == "", "nothing is written"
    assert first.heard_within(BOUND, "undecided.* cannot take part")
    assert second.heard_within(BOUND, "undecided.* cannot take part")

    first.signal(signal.SIGINT)
    assert first.outcome(BOUND) == 130
    assert_refused(first, "undecided", "2 masters announce")
    assert slave.outcome(BOUND) == 0
    assert second.outcome(BOUND) == 0
    assert difference(target, place.blue) == ""
    assert second.says("undecided .*cannot take part: 2 masters announce")


def test_two_masters_with_names(room, new, place):
    copies = {"red": new("copy-red"), "blue": new("copy-blue")}
    hosts = {"red": ("m", "s2"), "blue": ("s1", "s3")}
    slaves = {name: room.slave(f"of-{name}", hosts[name][1], copies[name], "--session", name) for name in copies}
    for slave in slaves.values():
        assert slave.heard_within(BOUND, LISTENING)
    masters = {
        name: room.master(name, hosts[name][0], "--disk", getattr(place, name), "--slaves", 1, "--session", name)
        for name in copies
    }

    for name, copy in copies.items():
        assert slaves[name].outcome(BOUND) == 0
        assert masters[name].outcome(BOUND) == 0
        assert difference(copy, getattr(place, name)) == ""


def test_imgslave_twice_on_one_disk(room, new, disks, place):
    file, behind, third_target = new("file"), new("device"), new("third")
    device = disks.attach(behind)
    firsts = [room.slave("on-device", "s1", device), room.slave("on-file", "s2", file)]
    for slave in firsts:
        assert slave.heard_within(BOUND, LISTENING)
    seconds = [room.slave("again-device", "s1", device), room.slave("again-file", "s2", file)]
    master = room.master("first", "m", "--disk", place.red, "--slaves", 3)
    assert announces(master)
    seconds.append(room.slave("on-source", "s3", place.red))

    for second in seconds:
        assert second.outcome(BOUND) == 15
        assert not second.says(LISTENING)
    firsts.append(room.slave("third", "s4", third_target))
    for first in [*firsts, master]:
        assert first.outcome(BOUND) == 0
    assert not master.says("started anew|left (before|without)"), "nobody is thrown out"
    told = re.findall(r"^ *(\S+) \([0-9.]+\) cannot take part", master.err, re.MULTILINE)
    assert set(told) <= {second.name for second in seconds}, "only those that were refused"
    assert difference(behind, place.red) == ""
    assert difference(file, place.red) == ""


def test_a_link_and_an_address_that_come_late(room, new, lan, place):
    lan.ip("s4", "link", "set", "eth0", "down")
    lan.ip("s4", "addr", "flush", "dev", "eth0")
    lan.ip("s5", "link", "set", "eth0", "down")
    target = new("late")
    slave = room.slave("late", "s4", target)
    master = room.master("waiting", "s5", "--disk", place.red, "--slaves", 1)

    for program in (slave, master):
        assert program.heard_within(BOUND, "waiting for the network: .*(has a link|no link)")
    assert not slave.says(LISTENING)
    lan.ip("s5", "addr", "flush", "dev", "eth0")
    for host in ("s4", "s5"):
        lan.ip(host, "link", "set", "eth0", "up")
    for program in (slave, master):
        assert program.heard_within(BOUND, "waiting for the network: .*no IPv4 address")
    for host in ("s4", "s5"):
        lan.ip(host, "addr", "add", f"10.77.0.1{host[1]}/24", "dev", "eth0")
    assert slave.outcome(BOUND) == 0
    assert master.outcome(BOUND) == 0
    assert not slave.says("listening on lo")
    assert difference(target, place.red) == ""
    for host in ("s4", "s5"):
        lan.group_route(host)


# A slave of version 2 of the protocol: hears an announcement, answers, and prints the result that comes back.
FOREIGN = """
import socket, struct, sys
def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
group, port = sys.argv[1].split(":")
ears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
ears.bind((group, int(port)))
ears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + socket.inet_aton("10.77.0.12"))
heard, master = ears.recvfrom(65536)
rsvp = b"IM" + bytes([0x20, 2]) + heard[4:8] + struct.pack(">IQ", 1, 77) + bytes(16)
rsvp += struct.pack(">QIHHI", 1 << 24, 512, 15, 1444, 8)
rsvp += bytes([1, 7]) + bytes(13) + b"foreign"
mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
mouth.settimeout(5)
mouth.sendto(rsvp + struct.pack(">I", crc32c(rsvp)), master)
print("result", struct.unpack(">H", mouth.recv(2048)[22:24])[0])
"""
NAMED = 2  # seconds in which the master names a slave that cannot take part


def test_slaves_that_cannot_take_part(room, new, disks, programs, scratch, place, lan):
    """Six are refused, each for another reason. Who comes late is served (test_faults.py) or refused (test_path.py)."""
    parted = new("parted")
    write_table(parted, "start=2048, size=8192, name=system")
    overwrite(parted, place.red.read_bytes()[: 4 * MIB], MIB)
    targets = {
        "fits": new("fits"),
        "small": new("small", 2),
        "short-part": new("short-part"),
        "no-part": new("no-part"),
        "large-sectors": disks.attach(new("large-sectors-file"), 4096),
    }
    write_table(targets["short-part"], "start=2048, size=4096, name=system")
    write_table(targets["no-part"], "2: start=2048, size=8192")
    slaves = {
        name: room.slave(name, "s2" if name == "large-sectors" else "s1", target) for name, target in targets.items()
    }
    for slave in slaves.values():
        assert slave.heard_within(BOUND, LISTENING)
    master = room.master("choosy", "m", "--disk", parted, "--partition", 1, "--slaves", 2, "--wait", "12s")
    assert announces(master)

    deadline = time.monotonic() + NAMED
    for name in ("small", "short-part", "no-part", "large-sectors"):
        assert master.heard_within(max(0, deadline - time.monotonic()), f"{name} .*cannot take part")
    assert lan.on("s2", "python3", "-c", FOREIGN, room.group) == "result 4\n"
    assert master.heard_within(NAMED, "foreign .*cannot take part")
    forbidden_target = new("forbidden")
    forbidden_target.chmod(0o600)
    nobody = ["setpriv", "--reuid", 65534, "--regid", 65534, "--clear-groups", "sh"]
    options = ["--yes", "--label", "forbidden", "--group", room.group, *keys.slave_options_of(65534, scratch.folder)]
    forbidden = programs.start("forbidden", "s2", *nobody, slave_program(), *options, forbidden_target)

    for name in ("small", "short-part", "no-part", "large-sectors"):
        assert slaves[name].outcome(BOUND) == 10
    assert forbidden.outcome(BOUND) == 2
    assert slaves["fits"].outcome(BOUND) == 0
    assert master.outcome(BOUND) == 3, "1 of 2 that are wanted can take part"
    assert_refused(master, "small", "bytes")
    assert_refused(master, "short-part", "bytes")
    assert_refused(master, "no-part", "no partition '1'")
    assert_refused(master, "large-sectors", "sectors of")
    assert_refused(master, "foreign", "speaks version 2 of the protocol, this master version 1; install the same")
    assert_refused(master, "forbidden", "Permission denied.*run as root")
    assert len(events.summary(master.events)["refused"]) == 6
    assert targets["small"].read_bytes() == bytes(2 * MIB), "nothing is written"
    assert not forbidden.says(LISTENING)
    assert forbidden.says("Permission denied.*run as root")


NO_EXEC = """
for folder in $0; do mount --bind "$folder" "$folder" && mount -o remount,bind,noexec "$folder" || exit 99; done
exec "$@"
"""
FULL = """
mount -t tmpfs -o size=64k tmpfs "$0" || exit 99
head -c 1M /dev/zero 2>/dev/null >"$0/all" && exit 99
exec "$@"
"""
READ_ONLY = """
mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 99
exec "$@"
"""


def test_folders_that_forbid_to_run(room, new, programs, scratch, place):
    """A slave finds another folder for its libraries, in which what lies there may run; without any it says so.

    A folder that is full and a read-only /tmp are passed over as well.
    """
    mine, crowded = scratch / "mine", scratch / "crowded"
    mine.mkdir()
    crowded.mkdir()

    def slave(name, host, folders, target, spoil=NO_EXEC, **environment):
        return programs.start(
            name,
            host,
            "unshare",
            "-m",
            "--propagation",
            "private",
            "sh",
            "-c",
            spoil,
            folders,
            "sh",
            slave_program(),
            "--yes",
            "--label",
            name,
            "--wait",
            f"{BOUND}s",
            "--group",
            room.group,
            target,
            env=environment,
        )

    elsewhere_target, own_target = new("noexec"), new("own-folder")
    elsewhere = slave("noexec", "s1", "/tmp", elsewhere_target, TMPDIR="")
    full_target, read_only_target = new("full"), new("read-only")
    full = slave("full", "s4", crowded, full_target, FULL, TMPDIR=str(crowded))
    read_only = slave("read-only", "s5", "/tmp", read_only_target, READ_ONLY, TMPDIR="")
    own = slave("own-folder", "s2", "/tmp", own_target, TMPDIR=str(mine))
    nowhere = slave(
        "nowhere", "s3", "/tmp /dev/shm /run /var/tmp", new("nowhere"), TMPDIR="", HOME="/proc", XDG_RUNTIME_DIR=""
    )
    for each in (elsewhere, own, full, read_only):
        assert each.heard_within(BOUND, LISTENING)

    assert f" {mine}/" in Path(f"/proc/{own.pid}/maps").read_text(encoding="utf-8"), "TMPDIR is honoured"
    assert nowhere.outcome(BOUND) == 2
    assert not nowhere.says(LISTENING)
    assert nowhere.says("noexec.*TMPDIR=")
    master = room.master("packed", "m", "--disk", place.text, "--codec", "zstd", "--slaves", 4)
    for program in (elsewhere, own, full, read_only, master):
        assert program.outcome(BOUND) == 0
    for target in (elsewhere_target, own_target, full_target, read_only_target):
        assert difference(target, place.text) == ""
