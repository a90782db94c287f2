"""Image files that are encrypted and signed: disks come back byte for byte, nobody reads them without a key, and what was not signed is written to no disk."""

import os
import sys
from types import SimpleNamespace

import pytest

from lab import sealedimage
from lab.disks import blank, difference, overwrite
from lab.machine import MIB, PROJECT, attempt, master_program, run
from lab.session import Session

pytestmark = pytest.mark.root

SLAVES = 2
ROOM_MIB = 200
SECONDS = 40

DAMAGED, NOT_AUTHENTIC = 11, 16
MIB_OF_DISK = 12
CHANGED_AT = 6 * MIB
TRACK = 256 << 10
MARK = b"this disk is nobody's business: "
FALSE = b"and this was never on it"
JUNK = b"what the disk held before "
PHRASE = "correct horse battery"


def marked(path, changed=b""):
    lines = b"".join(MARK + b"%08d\n" % number for number in range(MIB_OF_DISK * MIB // (len(MARK) + 9)))
    content = bytearray(lines.ljust(MIB_OF_DISK * MIB, b"."))
    content[CHANGED_AT : CHANGED_AT + len(changed)] = changed
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def place(scratch):
    """A marked disk, a key, and an image of the disk that is encrypted and signed; all that the programs leave lies in one folder."""
    source, key, image = marked(scratch / "source"), scratch / "room5.key", scratch / "lab.img"
    left = scratch / "left"
    left.mkdir()
    run(master_program(), "keygen", key)
    words = ("--upload", image, "--disk", source, "--image-key", key, "--sign", key, "--note", "only for room 5")
    run(master_program(), "--yes", *words, env={**os.environ, "TMPDIR": str(left)})
    return SimpleNamespace(folder=scratch.folder, source=source, key=key, image=image, left=left, public=f"{key}.pub")


@pytest.fixture(scope="module")
def local(scratch):
    return scratch / "local"


@pytest.fixture
def target(local):
    """A disk of the master that is to be overwritten, or left alone."""
    return overwrite_whole(local)


def overwrite_whole(path):
    blank(path, MIB_OF_DISK * MIB)
    overwrite(path, JUNK, 4096)
    return path


def is_untouched(path):
    content = path.read_bytes()
    return content[4096 : 4096 + len(JUNK)] == JUNK and content.count(0) == len(content) - len(JUNK)


@pytest.fixture
def room(programs, scratch):
    targets = {number: overwrite_whole(scratch / f"target{number}") for number in (1, 2)}
    yield Session(programs, targets)
    for each in targets.values():
        each.unlink(missing_ok=True)


def download(place, image, target, *words):
    return attempt(master_program(), "--yes", "--download", image, "--disk", target, *words)


def test_the_disk_comes_back_and_nothing_of_it_is_left_in_any_file(place, target):
    done = download(place, place.image, target, "--image-key", f"{place.key}.slave", "--trust", place.public)

    assert done.returncode == 0, done.stderr
    assert difference(target, place.source) == ""
    files = [place.image, *(file for file in place.left.rglob("*") if file.is_file())]
    for file in files:
        content = file.read_bytes()
        for secret in (MARK[:16], b"only for room 5", place.source.name.encode(), b"IBRC"):
            assert secret not in content, (file, secret)


def test_master_and_slaves_get_the_disk_of_an_encrypted_image(place, target, room):
    """The session is sealed: slaves hold each track against the digest that the image was signed with."""
    room.slaves_up("--wait", "60s", "--key-file", f"{place.key}.slave")
    words = ("--image-key", place.key, "--trust", place.public, "--slaves", 2, "--key-file", place.key)
    room.master_up("--download", place.image, "--broadcast", "--disk", target, *words)

    assert room.end(60) == room.all_end(master=0, slaves=0), room.master.said
    assert room.differing(place.source) == {}
    assert difference(target, place.source) == ""


def test_another_program_opens_the_file_and_finds_the_signature_right(place, scratch):
    plain = scratch / "plain.img"
    plain.write_bytes(sealedimage.opened(place.image.read_bytes(), sealedimage.secret_of(place.key)))

    run(master_program(), "export", plain, scratch / "raw")
    assert difference(scratch / "raw", place.source) == ""


def test_a_pass_phrase_is_typed_unseen_and_the_disk_comes_back(place, scratch, target):
    image, phrase = scratch / "typed.img", scratch / "phrase"
    phrase.write_text(PHRASE, encoding="utf-8")
    phrase.chmod(0o600)
    talk = ["at least 12 characters: ", PHRASE, "the same once more: ", PHRASE]
    words = ["--upload", image, "--disk", place.source, "--encrypt", "--codec", "none"]
    typed = attempt(sys.executable, PROJECT / "lab/typist.py", 40, *talk, "--", master_program(), *words)
    assert typed.returncode == 0, typed.stdout
    assert PHRASE not in typed.stdout

    assert MARK[:16] not in image.read_bytes()
    done = download(place, image, target, "--passphrase-file", phrase)
    assert done.returncode == 0, done.stderr
    assert difference(target, place.source) == ""
    overwrite_whole(target)
    phrase.write_text("correct horse batterie", encoding="utf-8")
    wrong = download(place, image, target, "--passphrase-file", phrase)
    assert wrong.returncode == NOT_AUTHENTIC
    assert "does not open with this pass phrase: its key slots are for a pass phrase" in wrong.stderr
    silent = download(place, image, target)
    assert silent.returncode == NOT_AUTHENTIC
    assert "is encrypted: give its pass phrase at a terminal" in silent.stderr
    assert is_untouched(target)


def test_a_flipped_bit_is_found_before_its_track_is_written(place, scratch, target):
    content, image = bytearray(place.image.read_bytes()), scratch / "flipped.img"
    content[len(content) // 2] ^= 4
    image.write_bytes(content)

    done = download(place, image, target, "--image-key", place.key)
    assert done.returncode == DAMAGED, done.stderr
    assert f"{image}: offset " in done.stderr
    written, source = target.read_bytes(), place.source.read_bytes()
    tracks = range(TRACK, MIB_OF_DISK * MIB, TRACK)  # the junk in the first one was there before
    allowed = (lambda at: source[at : at + TRACK], lambda at: bytes(TRACK))
    assert [at for at in tracks if all(written[at : at + TRACK] != content(at) for content in allowed)] == []


@pytest.fixture(scope="module")
def forged(place, scratch):
    """A signed image, and the tracks of another disk under its signature."""
    other, signed, foreign = marked(scratch / "sourcf", FALSE), scratch / "signed.img", scratch / "foreign.img"
    for disk, image, words in ((place.source, signed, ("--sign", place.key)), (other, foreign, ("--digests",))):
        run(master_program(), "--yes", "--upload", image, "--disk", disk, "--codec", "none", *words)
    image = scratch / "forged.img"
    image.write_bytes(sealedimage.forged(signed.read_bytes(), foreign.read_bytes()))
    return SimpleNamespace(image=image, signed=signed, foreign=foreign, other=other)


def test_a_track_that_was_not_signed_is_not_written(place, forged, target):
    done = download(place, forged.image, target, "--trust", place.public)

    assert done.returncode == NOT_AUTHENTIC, done.stderr
    assert f"{forged.image}: track {CHANGED_AT // TRACK} is not what key " in done.stderr
    assert FALSE not in target.read_bytes()
    assert f"begin again with: imgblstr --yes --download {forged.image} --disk {target} --trust {place.public}" in done.stderr
    assert "of no use" in done.stderr or "not complete" in done.stderr or "written" in done.stderr
    verified = attempt(master_program(), "verify", forged.image)
    assert verified.returncode == DAMAGED
    assert download(place, forged.signed, target, "--trust", place.public).returncode == 0
    assert difference(target, place.source) == ""


def test_no_slave_gets_a_track_that_was_not_signed(place, forged, room):
    room.slaves_up("--wait", "60s")
    room.master_up("--download", forged.image, "--broadcast", "--trust", place.public, "--slaves", 2)
    codes = room.end(60)

    assert codes["master"] == NOT_AUTHENTIC, room.master.said
    assert 0 not in codes.values()
    for path in room.targets.values():
        assert FALSE not in path.read_bytes()


def test_an_image_that_is_not_signed_touches_no_disk(place, forged, target):
    done = download(place, forged.foreign, target, "--trust", place.public)

    assert done.returncode == NOT_AUTHENTIC
    assert f"{forged.foreign} is not signed, and --trust wants " in done.stderr
    assert is_untouched(target)
