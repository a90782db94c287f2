"""The live image in an emulator: a machine boots from kernel and initial RAM disk, from a disc or from a stick, is imaged, and restarts.

Runs only when it is named: acceptance/run live. It needs dist/build live before, and some minutes: about half a minute for each machine.
"""

import re
import subprocess

import pytest

from lab.emulator import Drive, Guest, dhcp, small_disk
from lab.machine import MIB, PROJECT, master_program, run

pytestmark = [pytest.mark.root, pytest.mark.emulator, pytest.mark.slow, pytest.mark.tools("qemu-system-x86_64", "dnsmasq", "xorriso", "sfdisk", "mkfs.ext4", "mkfs.fat", "mcopy", "ssh")]

SLAVES = 0  # none beside the machines in the emulator
ROOM_MIB = 1200
SECONDS = 400
TARGET = PROJECT / "dist/target"
MEMORY_MIB = 512
DISK_MIB = 96
BOOT = 240  # seconds that a busy machine may take
SERIAL_NUMBER = "LAB-4711"
CODE = "acid-acrobat-actress-acetone-acquire"
ASKS = "loglevel=4"  # no argument of imgslave: the console asks for the code


def built(pattern):
    found = list(TARGET.glob(pattern))
    if len(found) != 1:
        pytest.skip(f"{len(found)} files {pattern} in dist/target: make them with dist/build live")
    return found[0]


@pytest.fixture(scope="module")
def source(scratch):
    return small_disk(scratch / "source.raw", DISK_MIB, scratch.junk()[: 24 * MIB])


@pytest.fixture
def target(scratch):
    """A disk full of junk."""
    yield from disk(scratch, "target")


@pytest.fixture
def other(scratch):
    """A second disk."""
    yield from disk(scratch, "other")


def disk(scratch, name):
    file = scratch / f"{name}.raw"
    file.write_bytes(scratch.junk()[: 24 * MIB] * (DISK_MIB // 24))
    yield file
    file.unlink()


@pytest.fixture
def guest(programs, lan, scratch):
    """Makes a machine; it is unplugged at the end."""
    made = []
    dhcp(programs, lan)

    def make(**options):
        made.append(Guest(programs, lan, f"g{len(made)}", scratch.folder, MEMORY_MIB, **options))
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def direct():
    """The words that start kernel and initial RAM disk with these arguments."""
    kernel, memory = built("vmlinuz"), built("initrd.img")
    return lambda arguments: ["-kernel", kernel, "-initrd", memory, "-append", f"console=ttyS0 quiet loglevel=3 {with_secret(arguments)}"]


def with_secret(arguments):
    """The same kernel arguments, with the code of this module where none of them says what sessions are sealed with."""
    is_chosen = any(f"imgslave.{name}" in arguments for name in ("code", "keyfile", "open"))
    return arguments if is_chosen or ASKS in arguments else f"{arguments} imgslave.code={CODE}"


def medium(scratch, arguments):
    """The ISO with kernel arguments on it, as docs/live.md says."""
    own, settings = scratch / "own.iso", scratch / "arguments.cfg"
    own.unlink(missing_ok=True)
    settings.write_text(f'set timeout=0\nset arguments="console=ttyS0 {with_secret(arguments)}"\n', encoding="utf-8")
    iso = built("imgblstr-live-*.iso")
    run("xorriso", "-indev", iso, "-outdev", f"stdio:{own}", "-boot_image", "any", "replay", "-map", settings, "/boot/grub/arguments.cfg")
    return own


def image(programs, source, *options):
    """Runs a master for one slave."""
    words = [master_program(), "--yes", "--broadcast", "--disk", source, "--all-blocks", "--slaves", 1, "--wait", "3m", *(options or ("--code", CODE))]
    return programs.run("master", "m", *words, seconds=300)


def is_junk(file, scratch) -> bool:
    return file.read_bytes() == scratch.junk()[: 24 * MIB] * (DISK_MIB // 24)


def test_the_disk_with_the_serial_number_is_imaged_and_the_machine_goes_off(record_property, guest, direct, programs, source, target, other, scratch):
    box = guest()
    words = ["-smbios", f"type=1,serial={SERIAL_NUMBER}"]
    box.start(*direct("imgslave.disk=serial=TARGET imgslave.then=poweroff"), *words, drives=[Drive("other", other), Drive("target", target, "nvme")])
    record_property("seconds until listening", round(box.seconds_until("^listening", BOOT)))

    master = image(programs, source)

    assert master.code == 0, master.said
    assert SERIAL_NUMBER in master.said
    assert box.is_off_within(60) and "Power down" in box.said
    assert "SSH" not in box.said
    assert target.read_bytes() == source.read_bytes()
    assert is_junk(other, scratch)


@pytest.mark.parametrize(
    ("firmware", "bus", "disk_bus"),
    [("bios", "cd", "sata"), ("uefi", "cd", "nvme"), ("bios", "usb", "virtio"), ("secure", "usb", "sata")],
)
def test_the_medium_boots_images_the_only_disk_and_restarts(record_property, guest, programs, source, target, scratch, firmware, bus, disk_bus):
    early = "loglevel=7 " if firmware == "secure" else ""  # shows what the kernel says until /init starts
    own = medium(scratch, f"{early}imgslave.disk=only imgslave.then=reboot imgslave.label=pc7")
    before = own.read_bytes()
    box = guest(firmware=firmware)
    box.start(drives=[Drive("live", own, bus, boots=True), Drive("target", target, disk_bus)])
    record_property("seconds until listening", round(box.seconds_until("^listening", BOOT)))

    master = image(programs, source)

    assert master.code == 0, master.said
    assert "pc7" in master.said
    assert box.is_off_within(60) and "Restarting system" in box.said
    assert target.read_bytes() == source.read_bytes()
    assert own.read_bytes() == before
    assert firmware != "secure" or "Secure boot enabled" in box.said


@pytest.fixture
def keys(tmp_path):
    """A folder with a key of SSH and its public half."""
    folder = tmp_path / "keys"
    folder.mkdir()
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "own")
    return folder


def ssh(lan, keys, box, *words, options=()):
    """A login at the machine from the master's host, with the words of a command; what it says, and its exit code."""
    address = re.search(r"ssh root@(10\.77\.0\.\d+)", box.said)[1]
    known = ["-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={keys}/known", "-o", "StrictHostKeyChecking=accept-new"]
    command = ["ip", "netns", "exec", lan.space("m"), "ssh", *known, *(options or ("-i", keys / "own")), f"root@{address}", *words]
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False)
    return done.stdout, done.stderr, done.returncode


def test_who_has_the_key_logs_in_and_the_account_is_on_the_stick(guest, direct, programs, lan, source, target, scratch, keys):
    stick = scratch / "logs.raw"
    with open(stick, "wb") as out:
        out.truncate(16 * MIB)
    run("mkfs.fat", "-n", "ROOMLOGS", stick)
    programs.start("http", "m", "python3", "-m", "http.server", "--directory", keys, "8000")
    box = guest()
    words = "imgslave.disk=only imgslave.label=pc7 imgslave.sshkey=http://10.77.0.1:8000/own.pub imgslave.log=stick:ROOMLOGS/evening/"
    box.start(*direct(words), drives=[Drive("target", target), Drive("logs", stick, "usb")])
    box.seconds_until("^listening", BOOT)

    said, _, code = ssh(lan, keys, box, "id -u; free -k | grep Mem; netstat -ltn; cat /etc/motd")
    assert code == 0 and said.startswith("0\n") and "tail -f /run/imgslave.log" in said, said
    assert [line.split()[3].rpartition(":")[2] for line in said.splitlines() if line.startswith("tcp")] in (["22"], ["22", "22"])
    mark = run("ssh-keygen", "-l", "-f", keys / "known").split()[1]
    assert f"the key of this machine is {mark} (ED25519)" in box.said
    _, why, code = ssh(lan, keys, box, "true", options=("-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1"))
    assert code == 255 and "Permission denied (publickey)" in why

    master = image(programs, source)

    assert master.code == 0, master.said
    assert box.says("What now", 60), box.said
    assert "the account of this run is at stick:ROOMLOGS/evening/pc7.log" in box.said
    assert target.read_bytes() == source.read_bytes()
    account = run("mcopy", "-i", stick, "::evening/pc7.log", "-")
    assert "imgslave" in account and len(account.splitlines()) > 3


TAKES = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        open(sys.argv[1] + self.path.replace("/", "_"), "wb").write(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(201)
        self.end_headers()
http.server.HTTPServer(("", 8000), Handler).serve_forever()
"""


@pytest.mark.tools("cpio")
def test_a_key_on_the_medium_opens_ssh_and_the_account_goes_to_a_server(guest, programs, lan, source, target, scratch, keys):
    own = medium(scratch, "imgslave.disk=only imgslave.label=pc7 imgslave.log=http://10.77.0.1:8000/logs/")
    iso = scratch / "keys.iso"
    (keys / "authorized_keys").write_bytes((keys / "own.pub").read_bytes())
    archive = scratch / "keys.cpio"
    run("sh", "-c", f"cd {keys} && echo authorized_keys | cpio -o -H newc > {archive}")
    run("xorriso", "-indev", f"stdio:{own}", "-outdev", f"stdio:{iso}", "-boot_image", "any", "replay", "-map", archive, "/boot/keys.cpio")
    programs.start("put", "m", "python3", "-c", TAKES, keys)
    box = guest(firmware="uefi")
    box.start(drives=[Drive("live", iso, "usb", boots=True), Drive("target", target)])
    box.seconds_until("^listening", BOOT)

    said, why, code = ssh(lan, keys, box, "id -u")
    assert code == 0 and said == "0\n", why
    master = image(programs, source)

    assert master.code == 0, master.said
    assert box.says("What now", 60), box.said
    assert "the account of this run is at http://10.77.0.1:8000/logs/pc7.log" in box.said
    assert "imgslave" in next(keys.parent.glob("keys_logs_pc7.log")).read_text(encoding="utf-8")


def test_without_arguments_a_technician_chooses_and_never_the_stick(guest, programs, source, target, other, scratch):
    box = guest()
    box.start(drives=[Drive("live", medium(scratch, ""), "usb", boots=True), Drive("target", target), Drive("other", other, "usb")])
    box.seconds_until("^number of the disk", BOOT)
    lines = [line for line in box.said.splitlines() if "/dev/" in line]

    assert len(lines) == 3
    assert [line for line in lines if "never overwritten" in line][0].split()[0] == "-"
    place = next(line.split()[0] for line in lines if "serial target" in line)
    box.type("9\n")
    box.seconds_until("no such number", 30)
    box.type(f"{place}\n")
    box.seconds_until("Type yes to go on", 30)
    box.type("no\n")
    box.seconds_until("No disk was chosen", 30)
    box.type(f"{place}\n")
    box.seconds_until("(?s)Type yes.*Type yes to go on", 30)
    box.type("yes\n")
    box.seconds_until("^listening", BOOT)
    master = image(programs, source)

    assert master.code == 0, master.said
    assert box.says("What now", 60), box.said
    assert target.read_bytes() == source.read_bytes()
    assert is_junk(other, scratch)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("imgslave.disk=only imgslave.grow= imgslave.then=poweroff", "imgslave.grow needs a value behind"),
        ("imgslave.disk=only imgslave.wait=3s imgslave.then=poweroff", "imgslave ended with exit code 13"),
        ("imgslave.disk=/dev/vda imgslave.partition=1 imgslave.then=poweroff", "imgslave.partition is not known"),
    ],
)
def test_a_machine_that_was_not_imaged_stays_on_and_says_why(guest, direct, target, scratch, arguments, why):
    box = guest()
    box.start(*direct(arguments), drives=[Drive("target", target)])
    box.seconds_until("imgslave.then=poweroff is not done", BOOT)

    assert why in box.said
    assert not box.is_off_within(5)
    assert is_junk(target, scratch)


def test_two_fixed_disks_are_a_question(guest, direct, target, other, scratch):
    box = guest()
    box.start(*direct("imgslave.disk=only"), drives=[Drive("target", target), Drive("other", other, "sata")])
    box.seconds_until("^number of the disk", BOOT)

    assert "imgslave.disk=only: 2 fixed disks are here" in box.said
    assert is_junk(target, scratch) and is_junk(other, scratch)


def test_ctrl_c_ends_the_slave_and_enter_starts_it_again(guest, direct, target, scratch):
    box = guest()
    box.start(*direct("imgslave.disk=only imgslave.then=reboot"), drives=[Drive("target", target)])
    box.seconds_until("^listening", BOOT)
    box.type("\x03")
    box.seconds_until("imgslave ended with exit code 130", 60)
    box.type("\n")
    box.seconds_until("(?s)listening on.*exit code 130.*listening on", BOOT)

    assert is_junk(target, scratch)


@pytest.mark.parametrize("argument", [f"imgslave.code={CODE}", ASKS], ids=["argument", "console"])
def test_a_sealed_session_is_joined_by_its_code(guest, direct, programs, source, target, argument):
    box = guest()
    box.start(*direct(f"imgslave.disk=only {argument}"), drives=[Drive("target", target)])
    box.seconds_until("^Join code, the five words" if argument == ASKS else "^listening", BOOT)
    words = [master_program(), "--yes", "--broadcast", "--disk", source, "--all-blocks", "--slaves", 1, "--wait", "3m", "--code", CODE]
    master = programs.start("master", "m", *words)
    if argument == ASKS:
        box.type("aci acr act ace ack\n")
        box.seconds_until("(?s)is not on the list.*Join code, the five words", 60)
        box.type("aci acr act ace acq\n")

    assert master.outcome(300) == 0, master.said
    assert box.says("What now", 60), box.said
    assert target.read_bytes() == source.read_bytes()


def test_a_key_file_comes_from_the_network(guest, direct, programs, source, target, scratch):
    key = scratch / "room.key"
    run(master_program(), "keygen", key)
    programs.start("http", "m", "python3", "-m", "http.server", "--directory", scratch.folder, "8000")
    box = guest()
    box.start(*direct("imgslave.disk=only imgslave.keyfile=http://10.77.0.1:8000/room.key.slave"), drives=[Drive("target", target)])
    box.seconds_until("^listening", BOOT)
    master = image(programs, source, "--key-file", key)

    assert master.code == 0, master.said
    assert box.says("What now", 60), box.said
    assert target.read_bytes() == source.read_bytes()
