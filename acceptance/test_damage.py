"""Damaged images: cut at random places, and with single bits flipped. `verify` must find each, every download mode must
end with the code of a malformed image, the message must name the place, and no slave may report success. Damaged disks:
sectors that cannot be read must end as zeros on every target, be listed right to the sector, and cost nothing else.
"""

import os
import random
import re
import shutil
import signal
from pathlib import Path

import pytest

from lab import events, machine
from lab.disks import blank, difference, dirty, write_table
from lab.machine import MIB, master_program, run
from lab.samples import failed, file_list, random_file

MALFORMED = 11  # exit code of a malformed or damaged image
CUTS = int(os.environ.get("CUTS", "20"))
FLIPS = int(os.environ.get("FLIPS", "200"))
DOWNLOADS = int(os.environ.get("DOWNLOADS", "8"))  # how many of them go through each of the modes 4, 5 and 6
SEED = int(os.environ.get("SEED", "0")) or random.randrange(1, 1 << 31)
TOGETHER = 20  # images for one start of the program, because most of the time of one is the start
PLACE = re.compile(r"(byte|offset|track|length) \S*[0-9]", re.IGNORECASE)
SLAVES = 1
ROOM_MIB = 400
SECONDS = 87

pytestmark = [pytest.mark.root, pytest.mark.tools("sfdisk"), pytest.mark.slow]


# ------------------------------------------------------------------------------------------------------- damaged images


@pytest.fixture(scope="module")
def good(scratch):
    """A good image of noise, zeros and files."""
    source = scratch / "source"
    files = b"".join(Path(path).read_bytes() for path in file_list(1))
    source.write_bytes((os.urandom(3 * MIB) + bytes(MIB) + files[:MIB]).ljust(6 * MIB, b"\0"))
    image = scratch / "good.img"
    assert failed(master_program(), "--quiet", "--yes", "--upload", image, "--disk", source) == ""
    return image


@pytest.fixture(scope="module")
def damages(good):
    """What is done to copies of the image: its length, or the number of a bit; in an order that mixes both."""
    print(f"SEED={SEED}")
    drawn, size = random.Random(SEED), good.stat().st_size
    found = [("cut", drawn.randrange(size)) for _ in range(CUTS)] + [
        ("flip", drawn.randrange(size * 8)) for _ in range(FLIPS)
    ]
    drawn.shuffle(found)
    return found


def damage(good, path, kind, place):
    content = bytearray(good.read_bytes())
    if kind == "cut":
        del content[place:]
    else:
        content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def targets(scratch):
    return {1: blank(scratch / "target1", 8 * MIB)}


@pytest.fixture(scope="module")
def local(scratch):
    return blank(scratch / "local", 8 * MIB)


def test_the_image_is_good_before(good):
    assert failed(master_program(), "verify", good) == ""


def test_verify_finds_each_damage_and_names_its_place(scratch, programs, good, damages):
    """The exit code of each image is in its summary, one a line, in their order."""
    missed, unnamed = [], []
    for first in range(0, len(damages), TOGETHER):
        batch = damages[first : first + TOGETHER]
        images = [damage(good, scratch / f"bad{number}.img", *what) for number, what in enumerate(batch)]
        verify = programs.run("verify", "-", master_program(), "verify", "--json", *images, seconds=240)
        assert verify.code == MALFORMED
        codes = [event["exitCode"] for event in events.of_kind(verify.events, "summary")]
        assert len(codes) == len(batch)
        for what, image, code in zip(batch, images, codes):
            if code != MALFORMED:
                missed.append((*what, code))
            elif not any(f"{image}: " in line and PLACE.search(line) for line in verify.err.splitlines()):
                unnamed.append(what)
            image.unlink()
    assert len(damages) == CUTS + FLIPS
    assert missed == [], f"SEED={SEED}"
    assert unnamed == [], f"SEED={SEED}"


@pytest.mark.parametrize("mode", [4, 5, 6])
def test_a_download_of_a_damaged_image_ends_with_its_code_and_place(mode, scratch, session, good, damages, local):
    """No slave reports success."""
    options = {
        4: ["--disk", local],
        5: ["--broadcast", "--disk", local, "--slaves", 1],
        6: ["--broadcast", "--slaves", 1],
    }[mode]
    wrong = []
    for what in damages[-DOWNLOADS:]:
        image = damage(good, scratch / "bad.img", *what)
        session.slaves = {}
        if mode != 4:
            assert session.slave_up(1).heard_within(60, "^listening")
        session.master_up("--download", image, *options)
        session.master.outcome(90)
        for slave in session.slaves.values():
            if "joined" not in slave.said:
                slave.signal(signal.SIGINT)  # the master has ended before it announced anything: nothing more will come
        codes = session.end(1, 60)
        if codes["master"] != MALFORMED or not PLACE.search(session.master.err) or codes.get(1) == 0:
            wrong.append((*what, codes, session.master.err.splitlines()[-1:]))
    assert wrong == [], f"SEED={SEED}"


# -------------------------------------------------------------------------------------------------------- damaged disks


@pytest.fixture(scope="module")
def shim(scratch):
    """The library that makes reads of bad sectors fail."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    return machine.shim("badread", scratch.folder)


@pytest.fixture(scope="module")
def clean(scratch):
    """A disk with two partitions, all of whose sectors can be read."""
    path = random_file(scratch / "clean", 8)
    write_table(path, "start=2048, size=4096", "start=6144, size=8192")
    return path


class BadDisk:
    """A disk with bad sectors: `device`, `environment` for who reads it, `expected` on targets, and `ranges` as they
    must be listed.
    """

    def __init__(self, device, shim, clean, expected, *ranges):
        self.device, self.expected = device, shutil.copy(clean, expected)
        self.ranges = [{"firstLba": first, "sectors": count} for first, count in ranges]
        with open(expected, "r+b") as file:
            for first, count in ranges:
                file.seek(first * 512)
                file.write(bytes(count * 512))
        places = ",".join(f"{first * 512}:{count * 512}" for first, count in ranges)
        self.environment = {"BADREAD_DISK": device, "BADREAD_BYTES": places, "LD_PRELOAD": str(shim)}

    def master(self, programs, *options):
        command = [master_program(), "--yes", "--json", "--retries", 2, *options, "--disk", self.device]
        shimmed = ["env", *(f"{name}={value}" for name, value in self.environment.items()), *command]
        return programs.start("master", "m", *shimmed)


def listed(unreadable):
    """First sector and length of each range that a summary or `info` lists."""
    return [{name: found[name] for name in ("firstLba", "sectors")} for found in unreadable["ranges"]]


def joined(ranges):
    """The same sectors, with those ranges as one that lie side by side: `info` tells each partition's by itself."""
    all_of_them = []
    for each in ranges:
        last = all_of_them[-1] if all_of_them else None
        if last is not None and last["firstLba"] + last["sectors"] == each["firstLba"]:
            last["sectors"] += each["sectors"]
        else:
            all_of_them.append(dict(each))
    return all_of_them


@pytest.fixture
def scattered(scratch, disks, shim, clean):
    """A copy of the GPT's header, one sector, some across a page and a track, a stretch of 1 MiB."""
    return BadDisk(
        disks.attach(clean), shim, clean, scratch / "places", (1, 1), (5003, 1), (6142, 4), (8190, 4), (10240, 2048)
    )


@pytest.fixture
def at_the_ends(scratch, disks, shim, clean):
    """What is looked at first, and last."""
    return BadDisk(disks.attach(clean), shim, clean, scratch / "ends", (0, 3), (16350, 34))


@pytest.fixture
def dirty_target(scratch, targets):
    dirty(targets.values(), scratch.junk())
    return targets[1]


def info(image):
    return events.read(run(master_program(), "info", "--json", image))[0]


def assert_session_with_bad_sectors(session, bad, target, *options):
    session.slaves_up()
    session.master = bad.master(session.programs, "--broadcast", "--slaves", 1, *options)
    assert session.end(90) == session.all_end(master=3, slaves=3)
    assert listed(events.summary(session.master.events)["unreadable"]) == bad.ranges
    assert difference(target, bad.expected) == "", "the slave has zeros there, and all else"


def test_modes_1_and_4_and_2_of_a_disk_with_bad_sectors(session, programs, scratch, scattered, dirty_target):
    one, two = scratch / "bad1.img", scratch / "bad2.img"
    upload = scattered.master(programs, "--upload", one)
    assert upload.outcome(90) == 3
    assert listed(events.summary(upload.events)["unreadable"]) == scattered.ranges
    assert joined(listed(info(one)["unreadable"])) == scattered.ranges
    restore = programs.run(
        "restore", "-", master_program(), "--quiet", "--yes", "--download", one, "--disk", dirty_target
    )
    assert restore.code == 3
    assert difference(dirty_target, scattered.expected) == "", "the target has zeros there, and all else"

    dirty([dirty_target], scratch.junk())
    assert_session_with_bad_sectors(session, scattered, dirty_target, "--upload", two)
    assert info(two)["digest"] == info(one)["digest"]


def test_mode_3_of_a_disk_with_bad_sectors_at_its_ends(session, at_the_ends, dirty_target):
    assert_session_with_bad_sectors(session, at_the_ends, dirty_target)
