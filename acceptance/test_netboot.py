"""imgblstr netboot without machines: what boot ROMs are offered by DHCP, TFTP and HTTP, alone and beside another DHCP server; its end; refusals."""

import hashlib
import json
import re
import shutil
import signal
import sys
from pathlib import Path

import pytest

from lab.machine import PROJECT, attempt, master_program, run, wait_for

pytestmark = [pytest.mark.root, pytest.mark.tools("dnsmasq", "ss")]

SLAVES = 1
ROOM_MIB = 8
SECONDS = 40
BOUND = 60
LOADERS = {
    "undionly.kpxe": ("ipxe", "/usr/lib/ipxe/undionly.kpxe"),
    "snponly.efi": ("ipxe", "/usr/lib/ipxe/snponly.efi"),
    "shimx64.efi": ("shim-signed", "/usr/lib/shim/shimx64.efi.signed"),
    "grubx64.efi": ("grub-efi-amd64-signed", "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed"),
}
BIOS, UEFI, OTHER_UEFI, UEFI_32 = 0, 7, 9, 6
START = "http://10.77.0.1/boot.ipxe"
MAC = "52:54:00:77:01:{:02x}"
RUN = Path("/run")


@pytest.fixture(autouse=True, scope="module")
def loaders():
    lacking = [package for package, file in LOADERS.values() if not Path(file).exists()]
    if lacking:
        pytest.skip(f"needs the packages {' '.join(lacking)}")


@pytest.fixture(scope="module")
def live(scratch):
    """A folder that stands for the live image."""
    folder = scratch / "live"
    folder.mkdir()
    for name in ("vmlinuz", "initrd.img"):
        (folder / name).write_bytes(scratch.junk()[: 1 << 20] + name.encode())
    return folder


def folders() -> set:
    return set(RUN.glob("imgblstr-netboot-*"))


class Room:
    """A server on host m and a machine on host s1."""

    def __init__(self, programs, lan, live):
        self._programs, self._lan, self._live, self._before = programs, lan, live, folders()
        self.server = None

    def words(self, *options) -> list:
        place = [] if "--live" in options else ["--live", self._live]
        return [master_program(), "netboot", "--interface", "eth0", *place, *options]

    def serve(self, *options):
        self.server = self._programs.start("netboot", "m", *self.words(*options))
        assert self.server.heard_within(BOUND, "^ready"), self.server.said
        return self

    def attempt(self, *options):
        """Runs a second one, or one that is refused."""
        return self._programs.run("refused", "m", *self.words(*options), seconds=BOUND)

    def rom(self, *words) -> dict:
        return json.loads(self._lan.on("s1", sys.executable, PROJECT / "lab/pxe.py", *words))

    def asks(self, number: int, architecture: int, *user_class) -> dict:
        return self.rom("dhcp", MAC.format(number), architecture, *user_class)

    def get(self, path: str, method: str = "GET") -> dict:
        return self.rom("http", method, f"http://10.77.0.1{path}")

    def children(self) -> list:
        """Processes on host m, by name."""
        pids = run("ip", "netns", "pids", self._lan.space("m")).split()
        return [(int(pid), attempt("cat", f"/proc/{pid}/comm").stdout.strip()) for pid in pids]

    def left(self) -> list:
        """What is still there after the end."""
        return [name for _, name in self.children()] + sorted(folders() - self._before)

    def end(self, number=signal.SIGTERM) -> int:
        self.server.signal(number)
        return self.server.outcome(BOUND)


@pytest.fixture
def room(programs, lan, live):
    return Room(programs, lan, live)


def sha256(file) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


@pytest.mark.parametrize("options", [(), ("--dhcp", "10.77.0.100,10.77.0.150")], ids=["proxy", "own"])
def test_each_kind_of_machine_gets_its_boot_file(room, options):
    room.serve(*options)
    uefi = "shimx64.efi" if options else "snponly.efi"
    offers = {
        (BIOS,): "undionly.kpxe",
        (UEFI,): uefi,
        (OTHER_UEFI,): uefi,
        (BIOS, "iPXE"): START,
        (UEFI, "iPXE"): START,
        (UEFI_32,): "",
    }
    for number, (machine, file) in enumerate(offers.items()):
        offer = room.asks(number, *machine)
        assert offer["offer"] and offer["server"] == "10.77.0.1"
        assert offer["file"] == file, machine
        if options:
            assert 100 <= int(offer["address"].rpartition(".")[2]) <= 150 and offer["acknowledged"]
        else:
            assert offer["address"] == "0.0.0.0", "another server gives addresses"
    for name, (_, file) in LOADERS.items():
        found = room.rom("tftp", "10.77.0.1", name)
        is_served = name == "undionly.kpxe" or (name == "snponly.efi") != bool(options)
        assert found.get("sha256") == (sha256(file) if is_served else None), name
    assert ("length" in room.rom("tftp", "10.77.0.1", "/grub/grub.cfg")) == bool(options)
    assert "error" in room.rom("tftp", "10.77.0.1", "../dnsmasq.conf")

    assert room.server.says(f"^{MAC.format(0)}: BIOS, gets iPXE$")
    assert room.server.says(f"^{MAC.format(1)}: UEFI, gets {'the live image' if options else 'iPXE'}$")
    assert room.server.says(f"^{MAC.format(5)}: will not boot: .* architecture 6$")
    assert not room.server.says(f"^{MAC.format(3)}"), "it asks for its menu next"
    assert room.end() == 130
    assert room.left() == []


def test_a_machine_is_imaged_once_and_starts_its_own_disk_then(room, live):
    room.serve("--dhcp", "10.77.0.100-10.77.0.150", "--append", 'imgslave.disk="model=SSD 870" imgslave.then=reboot')
    machine = MAC.format(9).replace(":", "-")
    start = room.get("/boot.ipxe")["text"]
    menu = room.get(f"/ipxe/pcbios/{machine}")["text"]
    kernel = re.search(r"^kernel (\S+) (.*)$", menu, re.M)

    assert "chain http://10.77.0.1/ipxe/${platform}/${netX/mac:hexhyp}" in start
    assert kernel[1] == "http://10.77.0.1/vmlinuz"
    assert '"imgslave.disk=model=SSD 870" imgslave.then=reboot' in kernel[2] and f"BOOTIF=01-{machine}" in kernel[2]
    for name in ("vmlinuz", "initrd.img"):
        assert room.get(f"/{name}")["text"].encode("latin-1") == (live / name).read_bytes()
    assert room.get("/dnsmasq.conf")["status"] == 404
    done = re.search(r"imgslave.done=http://10.77.0.1(\S+)", menu)[1]
    assert room.get(done, "POST")["status"] == 200
    assert "sanboot --no-describe --drive 0x80" in room.get(f"/ipxe/pcbios/{machine}")["text"]
    assert "length" in room.rom("tftp", "10.77.0.1", f"imaged/{MAC.format(9)}"), "GRUB looks for it"
    assert "error" in room.rom("tftp", "10.77.0.1", f"imaged/{MAC.format(8)}")
    assert room.rom("tftp", "10.77.0.1", "initrd.img")["sha256"] == sha256(live / "initrd.img")
    assert "vmlinuz" in room.get(f"/ipxe/pcbios/{MAC.format(8)}")["text"], "another machine"

    lines = [line.partition(": ")[2] for line in room.server.err.splitlines() if line.startswith(MAC.format(9))]
    assert lines[:3] == ["BIOS, gets the live image", "imaged", "BIOS, was imaged, starts its own disk"]
    assert room.end(signal.SIGINT) == 130
    assert room.left() == []


def test_dnsmasq_that_dies_ends_netboot_with_its_last_words(room):
    room.serve()
    child = next(pid for pid, name in room.children() if name == "dnsmasq")
    run("kill", child)

    assert room.server.outcome(BOUND) == 17
    assert room.server.says("dnsmasq, which served DHCP and TFTP, has ended with exit code 0: exiting on receipt of SIGTERM;")
    assert wait_for(5, lambda: room.left() == [])


def test_a_netboot_that_is_killed_takes_dnsmasq_with_it(room):
    room.serve()

    assert room.end(signal.SIGKILL) == 128 + signal.SIGKILL
    assert wait_for(5, lambda: room.children() == []), room.children()
    for folder in room.left():
        shutil.rmtree(folder)


def test_a_second_server_on_the_interface_is_refused(room):
    room.serve()
    second = room.attempt("--port", 8080)

    assert second.code == 17
    assert second.says(r"serves DHCP or TFTP on eth0: UDP port 4011 by dnsmasq \(process \d+\)")
    assert room.end() == 130


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--dhcp", "10.78.0.100,10.78.0.150"], 2, "not in the network of eth0; expected addresses from 10.77.0.1 to 10.77.0.254"),
        (["--append", "imgslave.dsk=only"], 2, "imgslave.dsk is not known"),
        (["--live", "/nowhere"], 2, "/nowhere/vmlinuz is missing"),
        (["--port", 0], 2, "--port: expected 1 to 65535"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_starts(room, options, code, why):
    refused = room.attempt(*options)

    assert refused.code == code, refused.said
    assert why in refused.err
    assert room.left() == []


def test_an_interface_that_is_not_there_or_down_is_named(programs, lan, live, room):
    lan.ip("m", "link", "add", "spare", "type", "bridge")
    for interface, why in (("eth9", "no interface has the name or address eth9"), ("spare", "interface spare is down and has no address")):
        words = [master_program(), "netboot", "--interface", interface, "--live", live]
        refused = programs.run(f"on-{interface}", "m", *words, seconds=BOUND)
        assert refused.code == 17 and why in refused.err, refused.said
    lan.ip("m", "link", "del", "spare")
    assert room.left() == []


def test_the_plan_shows_settings_and_menus_and_starts_nothing(room):
    plan = room.attempt("--plan", "--dhcp", "10.77.0.100-10.77.0.150", "--append", "imgslave.disk=only")

    assert plan.code == 0, plan.said
    for line in ("port=0", "interface=eth0", "dhcp-range=10.77.0.100,10.77.0.150,255.255.255.0,1h", "# grub.cfg"):
        assert line in plan.out.splitlines()
    assert "imgslave.disk=only" in plan.out and "linux (tftp,10.77.0.1)/vmlinuz" in plan.out
    assert room.left() == []
