"""The scripts of the live image for SSH by key and for the account of a run, without a machine: programs and folders stand in for what is not here."""

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lab.machine import PROJECT, run

ROOT = PROJECT / "dist/src/live/root"
SHELLS = [pytest.param(words, id=words[0]) for words in (["dash"], ["busybox", "sh"]) if shutil.which(words[0])]
BUSYBOX = pytest.mark.skipif(shutil.which("busybox") is None, reason="needs busybox, whose wget and nc the live image has")
ACCOUNT = "state started\nstate complete\n"
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMcidr6Exm2UiCRhuX0KhIkDGGtvbDi9Sy7MxhwI1tEL me@here\n"

pytestmark = [pytest.mark.parametrize("shell", SHELLS), BUSYBOX]


class Server:
    """Files that are given to who asks; what is put is kept."""

    def __init__(self, status=201):
        self.files, self.put = {}, {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                content = outer.files.get(self.path)
                self.send_response(404 if content is None else 200)
                self.end_headers()
                self.wfile.write((content or "").encode())

            def do_PUT(self):
                outer.put[self.path] = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send_response(status)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


@pytest.fixture
def shell_says(shell, tmp_path):
    """Runs a piece of shell after the scripts of the image have been read, with programs of busybox; all that it says."""
    programs = tmp_path / "programs"
    programs.mkdir()
    applets = run("busybox", "--list").splitlines() if shell[0] == "busybox" else ["wget", "nc"]
    for name in applets:  # as in the image, which has no other programs of these names
        if "/" not in name:
            (programs / name).symlink_to(shutil.which("busybox"))
    (programs / "dropbear").write_text('#!/bin/sh\necho "$@" >>"$WORDS"\n', encoding="ascii")
    (programs / "dropbearkey").write_text('#!/bin/sh\necho "key $*" >>"$WORDS"; echo "Fingerprint: SHA256:mark"\n', encoding="ascii")
    for name in ("dropbear", "dropbearkey"):
        (programs / name).chmod(0o755)
    (tmp_path / "etc").mkdir()
    (tmp_path / "sys/block").mkdir(parents=True)
    (tmp_path / "dev").mkdir()
    places = {"SYS": "sys", "DEV": "dev", "LOG_MOUNT": "stick", "SSH_ETC": "etc", "SSH_HOME": "home", "WORDS": "words"}
    read = "; ".join(f". {ROOT}/{name}.sh" for name in ("arguments", "disks", "network", "ssh", "log"))
    own = f"ssh_run={tmp_path}/ssh; ssh_medium={tmp_path}/medium; mount() {{ echo mount $*; }}; umount() {{ echo umount; }}; ip() {{ cat {tmp_path}/addresses; }}"

    def say(arguments, script):
        setting = f'{read}; {own}; read_arguments "$1"; printf %s "$complaints"; log_file={tmp_path}/account'
        environment = {name: f"{tmp_path}/{place}" for name, place in places.items()}
        environment |= {"PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin", "here": str(ROOT)}
        return run(*shell, "-u", "-c", f"{setting}; {script}", "sh", arguments, env=environment)

    (tmp_path / "addresses").write_text("2: eth0    inet 10.0.0.7/24 brd 10.0.0.255 scope global eth0\n3: eth1    inet 10.0.1.7/24 scope global eth1\n", encoding="ascii")
    (tmp_path / "account").write_text(ACCOUNT, encoding="ascii")
    return say


# ------------------------------------------------------------------------------------------------------------------------ SSH


def test_without_a_key_nothing_is_wanted(shell_says):
    assert shell_says("imgslave.disk=only", "wants_ssh && echo wanted || echo none") == "none\n"


def test_one_address_stands_alone(shell_says, tmp_path):
    (tmp_path / "addresses").write_text("2: eth0    inet 10.0.0.7/24 brd 10.0.0.255 scope global eth0\n", encoding="ascii")

    assert shell_says("", "own_addresses") == "10.0.0.7\n"


def test_keys_of_the_network_and_of_the_medium_open_one_server_without_passwords(shell_says, server, tmp_path):
    server.files["/keys"] = PUBLIC
    (tmp_path / "medium").write_text(f"# of the stick\n{PUBLIC.strip()}", encoding="ascii")

    told = shell_says(f"imgslave.sshkey=http://{server.address}/keys", "wants_ssh && open_ssh")

    assert told == "SSH: ssh root@10.0.0.7 or 10.0.1.7, with 2 of your keys; the key of this machine is SHA256:mark (ED25519)\n"
    made, started = (tmp_path / "words").read_text(encoding="ascii").splitlines()
    assert made.startswith("key -t ed25519 -f ")
    assert {"-s", "-g", "-j", "-k"} <= set(started.split()) and "-p 22 " in started
    keys = tmp_path / "home/.ssh/authorized_keys"
    assert keys.read_text(encoding="ascii").count("\nssh-ed25519") == 2
    assert [oct(place.stat().st_mode & 0o777) for place in (keys, keys.parent, keys.parent.parent)] == ["0o600", "0o700", "0o700"]
    assert "tail -f" in (tmp_path / "etc/motd").read_text(encoding="ascii") and (tmp_path / "etc/shells").exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        *[(None, "gives no file with keys"), ("", "gives no file with keys"), ("rubbish\n", "holds no public key"), ("# none\n\n", "holds no public key")],
        ("private", "holds no public key"),
    ],
)
def test_a_file_without_keys_is_told_and_opens_nothing(shell_says, server, tmp_path, content, why):
    if content == "private":
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key")
        content = (tmp_path / "key").read_text(encoding="ascii")
    if content is not None:
        server.files["/keys"] = content

    told = shell_says(f"imgslave.sshkey=http://{server.address}/keys", "open_ssh || echo goes on")

    assert why in told and told.startswith("no SSH") and told.endswith("\ngoes on\n")
    assert not (tmp_path / "words").exists() and not (tmp_path / "home").exists()


def test_keys_of_the_medium_count_when_the_server_is_silent(shell_says, server, tmp_path):
    (tmp_path / "medium").write_text(PUBLIC, encoding="ascii")

    told = shell_says(f"imgslave.sshkey=http://{server.address}/gone", "open_ssh").splitlines()

    assert told[0] == f"no SSH by http://{server.address}/gone: it gives no file with keys"
    assert told[1].startswith("SSH: ssh root@10.0.0.7 or 10.0.1.7, with 1 of your keys")


# ------------------------------------------------------------------------------------------------------------------------ account


def stick(tmp_path, name, file_system, label, path="pci0/usb1/1-1", removable="1"):
    """A disk that has one partition with this file system."""
    real = tmp_path / "sys/devices" / path / "block" / name
    (real / f"{name}1").mkdir(parents=True)
    (real / "size").write_text("40000\n")
    (real / "removable").write_text(f"{removable}\n")
    (real / f"{name}1/partition").write_text("1\n")
    (tmp_path / "sys/block" / name).symlink_to(real)
    (tmp_path / "dev" / name).write_bytes(bytes(40960))
    volume = tmp_path / "dev" / f"{name}1"
    with open(volume, "wb") as out:
        out.truncate(4 << 20)
    maker = {"fat": ["mkfs.fat", "-n", label], "ext": ["mkfs.ext4", "-q", "-L", label], "ext2": ["mkfs.ext2", "-q", "-L", label]}[file_system]
    run(*maker, volume, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    return tmp_path / "stick"


@pytest.mark.parametrize("file_system", ["fat", "ext", "ext2"])
def test_the_account_goes_to_the_stick_with_the_label_and_the_stick_is_unmounted(shell_says, tmp_path, file_system):
    stick(tmp_path, "sdb", file_system, "ROOM LOGS")
    stick(tmp_path, "sdc", "fat", "OTHER")

    told = shell_says('"imgslave.log=stick:ROOM LOGS/evening 1/"', "deliver_log 'PC/7' sda")

    assert told.splitlines()[0].endswith(f"rw,nodev,nosuid,noexec {tmp_path}/dev/sdb1 {tmp_path}/stick")
    assert told.splitlines()[1:] == ["umount", "the account of this run is at stick:ROOM LOGS/evening 1/PC_7.log"]
    assert (tmp_path / "stick/evening 1/PC_7.log").read_text(encoding="ascii") == ACCOUNT


@pytest.mark.parametrize(
    ("place", "target", "why"),
    [
        ({"label": "OTHER"}, "sda", "no stick here has a FAT or ext file system with the label LOGS"),
        ({"label": "LOGS", "path": "pci0/ata1", "removable": "0"}, "sda", "no stick here"),
        ({"label": "LOGS"}, "sdb", "no stick here"),
        ({"label": "LOGS"}, "sdb1", "no stick here"),
    ],
)
def test_neither_a_fixed_disk_nor_the_target_nor_another_label_is_mounted(shell_says, tmp_path, place, target, why):
    stick(tmp_path, "sdb", "fat", **place)

    told = shell_says("imgslave.log=stick:LOGS/pc7.log", f"deliver_log pc7 {target}")

    assert why in told and "mount" not in told and f"It is in {tmp_path}/account" in told


def test_two_sticks_of_one_label_and_the_live_medium_are_not_mounted(shell_says, tmp_path):
    for name in ("sdb", "sdc"):
        stick(tmp_path, name, "fat", "LOGS")
    assert "2 file systems on sticks have the label LOGS" in shell_says("imgslave.log=stick:LOGS/a", "deliver_log pc7 sda")

    for name in ("sdb", "sdc"):
        (tmp_path / "dev" / name).write_bytes(bytes(32808) + b"IMGBLSTR_LIVE")
    assert "no stick here" in shell_says("imgslave.log=stick:LOGS/a", "deliver_log pc7 sda")


def test_links_on_the_stick_lead_nowhere(shell_says, tmp_path):
    mounted = stick(tmp_path, "sdb", "ext", "LOGS")
    (mounted / "real").mkdir(parents=True)
    (mounted / "away").symlink_to(tmp_path / "etc")
    precious = tmp_path / "precious"
    precious.write_text("as before", encoding="ascii")
    (mounted / "real/pc7.log").symlink_to(precious)

    away = shell_says("imgslave.log=stick:LOGS/away/pc7.log", "deliver_log pc7 sda")
    here = shell_says("imgslave.log=stick:LOGS/real/pc7.log", "deliver_log pc7 sda")

    assert "its folder is a link" in away and "umount" in away and not (tmp_path / "etc/pc7.log").exists()
    assert "the account of this run is at" in here and (mounted / "real/pc7.log").read_text(encoding="ascii") == ACCOUNT
    assert precious.read_text(encoding="ascii") == "as before"


def test_the_account_is_put_on_a_server(shell_says, server):
    told = shell_says(f"imgslave.log=http://{server.address}/logs/", "deliver_log 'room 3, pc7' sda")

    assert told == f"the account of this run is at http://{server.address}/logs/room_3__pc7.log\n"
    assert server.put == {"/logs/room_3__pc7.log": ACCOUNT}


def test_a_server_that_does_not_take_it_is_told(shell_says):
    refusing = Server(status=403)
    told = shell_says(f"imgslave.log=http://{refusing.address}/log", "deliver_log pc7 sda")
    refusing.close()
    gone = shell_says(f"imgslave.log=http://{refusing.address}/log", "deliver_log pc7 sda")

    assert "the server says 'HTTP/1.0 403 Forbidden'" in told
    assert "nobody answers there" in gone


def test_only_a_place_beyond_the_machine_is_brought_to(shell_says):
    script = "is_log_wanted && echo yes || echo no"

    assert [shell_says(words, script) for words in ("", "imgslave.log=/run/a", "imgslave.log=stick:A/b", "imgslave.log=http://a/b")] == [
        *("no\n", "no\n", "yes\n", "yes\n"),
    ]


def test_the_dialogue_opens_ssh_before_it_asks_and_delivers_after_each_run(shell):
    dialogue = (ROOT / "imaging").read_text(encoding="utf-8")
    main = dialogue[dialogue.index("\nread_arguments") :]

    assert main.index("open_ssh ||") < main.index("\nchoose_disk") < main.index("\nimage")
    assert dialogue.index("\nimage()") < dialogue.index("deliver_log") < dialogue.index("\nopen_shell()")
    subprocess.run([*shell, "-n", ROOT / "imaging"], check=True)
