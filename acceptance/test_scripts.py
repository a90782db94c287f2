"""The scripts of the live image without a machine: kernel arguments, the choice of a disk in a folder that stands for /sys, labels."""

import re
import shutil
import subprocess

import pytest

from lab.machine import PROJECT, run

ROOT = PROJECT / "dist/src/live/root"
SHELLS = [pytest.param(words, id=words[0]) for words in (["dash"], ["busybox", "sh"]) if shutil.which(words[0])]
MARK = bytes(32808) + b"IMGBLSTR_LIVE"

pytestmark = pytest.mark.parametrize("shell", SHELLS)


def said(shell, script, *words, **environment) -> str:
    """What a piece of shell prints after the script has been read."""
    command = [*shell, "-u", "-c", f". {ROOT}/{script[0]}; {script[1]}", "sh", *words]
    return run(*command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "here": str(ROOT), **{name: str(value) for name, value in environment.items()}})


def complaints(shell, line) -> str:
    return said(shell, ("arguments.sh", 'read_arguments "$1"; printf %s "$complaints"'), line)


def argument(shell, name, line) -> str:
    return said(shell, ("arguments.sh", f'read_arguments "$1"; printf %s "${{{name}-}}"'), line)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("quiet imgslave.disk=only console=ttyS0", "arg_disk", "only"),
        ('imgslave.disk="model=Samsung SSD 870" quiet', "arg_disk", "model=Samsung SSD 870"),
        ('"imgslave.label=room 3, left"', "arg_label", "room 3, left"),
        ("imgslave.label=a*b$(id)`id`;\\", "arg_label", "a*b$(id)`id`;\\"),
        ("imgslave.group=239.1.2.3:4000 imgslave.wait=5m", "arg_wait", "5m"),
        ("BOOTIF=01-52-54-00-AA-BB-CC imgslave.disk=only", "boot_interface", "52:54:00:aa:bb:cc"),
        ("imgslave.disk=/dev/nvme0n1\n", "arg_disk", "/dev/nvme0n1"),
        ("root=/dev/sda1", "arg_disk", ""),
        ("imgslave.grow=2 imgslave.disk=only", "arg_grow", "2"),
        ("imgslave.grow", "arg_grow", ""),
        ("imgslave.newids imgslave.disk=only", "arg_newids", "yes"),
        ("imgslave.hostname=lab-{index:02}", "arg_hostname", "lab-{index:02}"),
        ("imgslave.done=http://10.0.0.1/done/52-54-00-aa-bb-cc", "arg_done", "http://10.0.0.1/done/52-54-00-aa-bb-cc"),
        ("imgslave.code=acid-acrobat-actress-acetone-acquire quiet", "arg_code", "acid-acrobat-actress-acetone-acquire"),
        ('imgslave.code="ACI acr act ace acq"', "arg_code", "ACI acr act ace acq"),
        ("imgslave.keyfile=http://10.0.0.1/room.key.slave", "arg_keyfile", "http://10.0.0.1/room.key.slave"),
        ("imgslave.open", "arg_open", "yes"),
        ("imgslave.sshkey=http://10.0.0.1/authorized_keys", "arg_sshkey", "http://10.0.0.1/authorized_keys"),
        ("imgslave.disk=only", "log_file", "/run/imgslave.log"),
        ("imgslave.log=/dev/ttyS0", "log_file", "/dev/ttyS0"),
        ('"imgslave.log=stick:MY STICK/room 3/"', "arg_log", "stick:MY STICK/room 3/"),
        ("imgslave.log=stick:LOGS/pc7.log", "log_file", "/run/imgslave.log"),
        ("imgslave.log=http://10.0.0.1:8080/logs/", "arg_log", "http://10.0.0.1:8080/logs/"),
        ("imgslave.log=http://10.0.0.1/log", "log_file", "/run/imgslave.log"),
    ],
)
def test_an_argument_has_the_value_that_the_command_line_gives_it(shell, line, name, value):
    assert complaints(shell, line) == ""
    assert argument(shell, name, line) == value


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("imgslave.disks=only", "imgslave.disks is not known"),
        ("imgslave_disk=only", "expected imgslave.NAME"),
        ("IMGSLAVE.disk=only", "in small letters"),
        ("imgblstr.disk=only", "expected imgslave.NAME"),
        ("imgslave.disk", "needs a value"),
        ("imgslave.disk=", "needs a value"),
        ("imgslave.disk=only imgslave.disk=/dev/sda", "given twice"),
        ("imgslave.disk=sda", "expected only, /dev/NAME"),
        ("imgslave.disk=serial=", "expected only, /dev/NAME"),
        ("imgslave.disk=/dev/disk/by-id/ata-1", "no /dev/disk here"),
        ("imgslave.then=Reboot", "expected reboot, poweroff or shell"),
        ("imgslave.open=yes", "takes no value"),
        ("imgslave.log=/mnt/log", "expected a file below /run or /tmp"),
        ("imgslave.log=stick:LOGS", "stick:LABEL/PATH"),
        ("imgslave.log=stick:LOGS/", "stick:LABEL/PATH"),
        ("imgslave.log=stick:/pc7.log", "expected stick:LABEL/PATH"),
        ("imgslave.log=stick:LOGS/../x", "without .."),
        ("imgslave.log=http://10.0.0.1", "http://SERVER/PATH"),
        ("imgslave.log=http://:80/x", "expected http://SERVER/PATH"),
        ("imgslave.log=http://me@host/x", "expected http://SERVER/PATH"),
        ("imgslave.log=http://host:x/y", "expected http://SERVER/PATH"),
        ('"imgslave.log=http://host/a b"', "expected http://SERVER/PATH"),
        ("imgslave.log=https://host/x", "http://SERVER/PATH"),
        ("imgslave.sshkey", "needs a value"),
        ("imgslave.sshkey=/boot/authorized_keys", "expected a URL that begins with http://"),
        ("imgslave.done=/done", "expected a URL that begins with http://"),
        ("imgslave.code=a-b-c-d$(id)", "found other characters"),
        ("imgslave.code", "needs a value"),
        ("imgslave.keyfile=/run/key", "expected a URL that begins with http://"),
        ("imgslave.open imgslave.code=a-b-c-d-e", "imgslave.code and imgslave.open cannot be used together"),
        ("imgslave.code=a-b-c-d-e imgslave.keyfile=http://s/k", "imgslave.code and imgslave.keyfile cannot be used together"),
        ("imgslave.grow=", "needs a value behind '='"),
        ("imgslave.grow imgslave.grow=2", "given twice"),
        ("imgslave.newids=yes", "takes no value"),
        ("imgslave.newids imgslave.newids", "given twice"),
        ("imgslave.hostname", "needs a value"),
        ("imgslave.hostname=@/names", "no list of names here"),
    ],
)
def test_what_is_not_understood_is_told_in_one_line(shell, line, why):
    told = complaints(shell, line)

    assert why in told and told.count("\n") == 1


def test_each_mistake_is_told(shell):
    assert complaints(shell, "imgslave.grow= imgslave.disk=only imgslave.x=1").count("\n") == 2


# ------------------------------------------------------------------------------------------------------------------------ disks


class Machine:
    """Folders that stand for /sys and /dev of a machine."""

    def __init__(self, folder):
        self.sys, self.dev = folder / "sys", folder / "dev"
        (self.sys / "block").mkdir(parents=True)
        self.dev.mkdir()

    def add(self, name, sectors=1000, path="pci0/ata1", live=False, **attributes):
        """A disk; attributes are files, with __ for a slash in the name."""
        real = self.sys / "devices" / path / "block" / name
        for file, text in {"size": str(sectors), "removable": "0", **attributes}.items():
            place = real / file.replace("__", "/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else f"{text}\n".encode())
        (self.sys / "block" / name).symlink_to(real)
        (self.dev / name).write_bytes(MARK if live else bytes(40960))
        return self

    def ask(self, shell, script, *words) -> str:
        return said(shell, ("disks.sh", script), *words, SYS=self.sys, DEV=self.dev)

    def found(self, shell, what) -> str:
        """The disk that is found, or the reason why none is."""
        return self.ask(shell, 'find_disk "$1" && echo "$disk" || echo "$reason"', what).strip()


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    made.add("sr0", removable="1").add("loop0").add("ram0").add("sdd", sectors=0, removable="1").add("nvme0c0n1", hidden="1")
    return made


def test_the_only_fixed_disk_is_found_beside_the_stick(shell, machine):
    machine.add("sda", path="pci0/usb2/2-1", live=True).add("sdb").add("sdc", path="pci0/usb2/2-2").add("mmcblk0", device__type="SD")

    assert machine.found(shell, "only") == "sdb"


def test_two_fixed_disks_are_a_question(shell, machine):
    machine.add("sda").add("nvme0n1", path="pci0/nvme/nvme0")

    assert machine.found(shell, "only") == "2 fixed disks are here"


def test_no_fixed_disk_is_a_question(shell, machine):
    machine.add("sda", path="pci0/usb1/1-1")

    assert machine.found(shell, "only") == "no fixed disk is here"


def test_a_fixed_disk_with_the_live_system_is_never_taken(shell, machine):
    machine.add("sda", live=True, serial="A1").add("sda9", sectors=0)
    (machine.sys / "devices/pci0/ata1/block/sda/sda1").mkdir()

    assert machine.found(shell, "only") == "no fixed disk is here"
    assert machine.found(shell, "serial=A1") == "no disk has serial=A1"
    for path in ("/dev/sda", "/dev/sda1"):
        assert "never overwritten" in machine.found(shell, path)


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("serial=s3z8nb0k", "sda"),
        ("serial=VPD-77", "sdb"),
        ("wwn=0x5000c500a1b2c3d4", "sda"),
        ("wwn=naa.5000C500A1B2C3D4", "sda"),
        ("wwn=eui.0025385b71b0e1f2", "nvme0n1"),
        ("model=samsung ssd 870", "sda"),
        ("model=SEAGATE ST1000", "sdb"),
        ("/dev/sda", "sda"),
        ("/dev/nvme0n1p2", "nvme0n1p2"),
        ("/dev/sdz", "/dev/sdz is not there"),
        ("serial=S3", "no disk has serial=S3"),
    ],
)
def test_a_disk_is_found_by_what_it_says_of_itself(shell, machine, what, name):
    machine.add("sda", device__vendor="ATA     ", device__model="Samsung SSD 870 ", serial="S3Z8NB0K", wwid="naa.5000c500a1b2c3d4")
    machine.add("sdb", device__vendor="SEAGATE ", device__model="ST1000", device__vpd_pg80=b"\x00\x80\x00\x08VPD-77  ")
    machine.add("nvme0n1", path="pci0/nvme/nvme0", wwid="eui.0025385b71b0e1f2", device__model="Samsung SSD 980")
    (machine.sys / "devices/pci0/nvme/nvme0/block/nvme0n1/nvme0n1p2").mkdir()

    assert machine.found(shell, what) == name


def test_a_model_that_two_disks_have_is_a_question(shell, machine):
    machine.add("sda", device__model="SSD 870").add("sdb", device__model="SSD 870")

    assert machine.found(shell, "model=870") == "2 disks have model=870"


def test_the_table_numbers_what_may_be_chosen(shell, machine):
    machine.add("sda", live=True, path="pci0/usb1/1-1").add("sdb", sectors=1_000_215_216, device__model="M\x1b[2J", serial="S1").add("sdc", path="pci0/usb2/2-1")
    (machine.sys / "devices/pci0/ata1/block/sdb/sdb1").mkdir()
    (machine.sys / "devices/pci0/ata1/block/sdb/sdb1/partition").write_text("1\n", encoding="ascii")

    lines = machine.ask(shell, "disk_table").splitlines()

    assert [line.split()[:2] for line in lines] == [["-", "/dev/sda"], ["1", "/dev/sdb"], ["2", "/dev/sdc"]]
    assert "never overwritten" in lines[0]
    assert "476.9 GiB" in lines[1] and "M?[2J, serial S1, 1 partition" in lines[1]
    assert "removable" in lines[2]
    assert [machine.ask(shell, f"disk_number {number}").strip() for number in (0, 1, 2, 3)] == ["", "sdb", "sdc", ""]


@pytest.mark.parametrize(("word", "name"), [("52-54-00-AA-BB-0C", "eth1"), ("52:54:00:aa:bb:0b", "eth0"), ("eth1", "eth1"), ("10.0.0.5", "10.0.0.5")])
def test_an_interface_is_found_by_its_hardware_address(shell, tmp_path, word, name):
    for place, address in (("eth0", "52:54:00:aa:bb:0b"), ("eth1", "52:54:00:aa:bb:0c"), ("lo", "00:00:00:00:00:00")):
        folder = tmp_path / "class/net" / place
        folder.mkdir(parents=True)
        (folder / "address").write_text(f"{address}\n", encoding="ascii")
        (folder / "type").write_text("772\n" if place == "lo" else "1\n", encoding="ascii")
        (folder / "carrier").write_text("1\n" if place == "eth0" else "0\n", encoding="ascii")
        if place != "lo":
            (folder / "device").mkdir()

    assert said(shell, ("network.sh", f"interface_of {word}"), SYS=tmp_path).strip() == name
    assert said(shell, ("network.sh", "interfaces"), SYS=tmp_path).split() == ["eth0", "eth1"]
    lack = said(shell, ("network.sh", "has_address() { false; }; network_lack"), SYS=tmp_path).strip()
    assert lack == "eth0 has no address from DHCP yet; eth1 has no link"


def test_the_server_is_told_that_the_disk_is_complete_until_it_answers(shell, tmp_path):
    tools = 'wget() { echo "wget $*" >>"$OUT"; [ $(wc -l <"$OUT") -ge 3 ]; }; timeout() { shift; "$@"; }; sleep() { :; }; '
    told = said(shell, ("network.sh", tools + 'tell_done http://10.0.0.1/done/x && echo told'), OUT=tmp_path / "calls")

    assert told == "told\n"
    assert (tmp_path / "calls").read_text(encoding="ascii").splitlines() == ["wget -q -O /dev/null --post-data complete http://10.0.0.1/done/x"] * 3


def test_a_server_that_is_gone_is_not_asked_for_ever(shell, tmp_path):
    tools = 'timeout() { echo try; return 1; }; sleep() { :; }; '

    assert said(shell, ("network.sh", tools + "tell_done http://10.0.0.1/done/x || echo gone")).split() == ["try"] * 5 + ["gone"]


# ----------------------------------------------------------------------------------------------------------------------- labels


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        ({"chassis_asset_tag": "LAB-0815", "product_serial": "S1"}, "LAB-0815"),
        ({"chassis_asset_tag": "To Be Filled By O.E.M.", "product_serial": "PF2ABC  "}, "PF2ABC"),
        ({"chassis_asset_tag": "No Asset Tag", "board_asset_tag": "Default string", "product_serial": "System Serial Number", "board_serial": "MB1"}, "MB1"),
        ({"chassis_asset_tag": "Not Specified", "product_serial": "0000000000"}, "52:54:00:00:00:01"),
        ({}, "52:54:00:00:00:01"),
    ],
)
def test_a_machine_is_named_by_asset_tag_serial_or_address(shell, tmp_path, facts, label):
    folder = tmp_path / "class/dmi/id"
    folder.mkdir(parents=True)
    for name, text in facts.items():
        (folder / name).write_text(f"{text}\n", encoding="ascii")

    assert said(shell, ("label.sh", "label_of_machine 52:54:00:00:00:01"), SYS=tmp_path).strip() == label


@pytest.mark.parametrize("word", ["CHOOSE", "LISTENING", "WRITING", "DONE", "STOPPED"])
def test_each_state_has_large_letters(shell, word):
    lines = said(shell, ("screen.sh", f"large green {word}"), TERM="dumb").splitlines()

    assert len(lines) == 9 and all(len(line) <= 80 for line in lines)
    assert all(any(line[2 + 6 * i : 7 + 6 * i].strip() for line in lines) for i in range(len(word))), "a letter is missing"


def test_the_dialogue_shows_only_states_that_have_letters_and_green_only_when_it_is_proven(shell):
    shown = re.findall(r"\blarge ([a-z]+) ([A-Z]+)", (ROOT / "imaging").read_text(encoding="utf-8"))

    assert {state for _, state in shown} == {"CHOOSE", "CODE", "LISTENING", "WRITING", "DONE", "STOPPED"}
    assert [state for colour, state in shown if colour == "green"] == ["DONE"]
    assert "\x1b[30;42m  \x1b[7m " in said(shell, ("screen.sh", "large green DONE"), TERM="linux")


@pytest.mark.parametrize(
    ("set_before", "typed", "taken"),
    [
        ("code=16", "aci acr act ace acq\\n", "aci acr act ace acq"),
        ("code=16 arg_code=wrong", "aci acr\\n", "aci acr"),
        ("code=16", "\\n", None),
        ("code=16", "", None),
        ("code=16 arg_open=yes", "aci acr\\n", None),
        ("code=16 arg_keyfile=http://s/k", "aci acr\\n", None),
        ("code=2 is_typed=yes", "aci acr\\n", "aci acr"),
        ("code=2", "aci acr\\n", None),
        ("code=13", "aci acr\\n", None),
        ("code=0", "aci acr\\n", None),
    ],
)
def test_the_console_asks_for_a_code_only_where_one_helps(shell, set_before, typed, taken):
    parts = re.findall(r"^(?:is_code_wrong|ask_code)\(\) {.*?^}$", (ROOT / "imaging").read_text(encoding="utf-8"), re.M | re.S)
    asking = "{ is_code_wrong && ask_code why && echo \"[$arg_code]\" || echo [none]; }"
    script = "; ".join(("large() { :; }", "sleep() { :; }", *parts, f"is_typed='' {set_before}", f"printf '{typed}' | {asking}"))

    assert re.search(r"\[(.*)\]$", said(shell, ("screen.sh", script)).strip()).group(1) == (taken or "none")


def test_all_scripts_can_be_read(shell):
    for script in ROOT.iterdir():
        if script.name != "inittab":
            subprocess.run([*shell, "-n", script], check=True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("imgslave.grow", "--grow"),
        ("imgslave.grow=root", "--grow=root"),
        ("imgslave.newids imgslave.hostname=lab-{index:02}", "--new-ids --hostname lab-{index:02}"),
        ("imgslave.disk=only", ""),
    ],
)
def test_what_is_asked_for_after_the_copy_is_told_to_imgslave(shell, tmp_path, line, words):
    """The function of the dialogue that calls imgslave, with a program in its place that shows its words."""
    imaging = (ROOT / "imaging").read_text(encoding="utf-8")
    image = re.search(r"^image\(\) \{\n.*?^\}\n", imaging, re.M | re.S)[0].replace("/run/", f"{tmp_path}/")
    setting = 'label() { echo l; }; chosen=""; disk=sdx; show() { cat; }; imgslave() { echo "called $*"; }; '

    told = said(shell, ("arguments.sh", f'read_arguments "$1"; log_file={tmp_path}/imgslave.log; is_log_wanted() {{ false; }}; {setting}\n{image}\nimage'), line)

    assert f"called --yes --label l --log {tmp_path}/imgslave.log {words} /dev/sdx".replace("  ", " ") in told
