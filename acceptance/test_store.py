"""The place of an image: full, too small, FAT, read-only; left-overs of runs that died; a failing image beside slaves
that complete.
"""

import os
import sys
from types import SimpleNamespace

import pytest

from lab.disks import blank, difference, unmount
from lab.machine import MIB, PROJECT, attempt, master_program, run, wait_for
from lab.samples import failed, random_file

pytestmark = [pytest.mark.root, pytest.mark.tools("mkfs.vfat", "mkfs.ext4")]

SLAVES = 1
ROOM_MIB = 200
SECONDS = 19


@pytest.fixture(scope="module")
def source(scratch):
    return random_file(scratch / "source", 16)


@pytest.fixture(scope="module")
def targets(scratch):
    return {1: blank(scratch / "target1", 16 * MIB)}


@pytest.fixture(scope="module")
def images(scratch, source):
    """Images of a file of 8 MiB and of the source."""
    raw = random_file(scratch / "raw", 8)
    made = SimpleNamespace(raw=raw, of_raw=scratch / "raw.img", of_source=scratch / "source.img")
    for image, disk in ((made.of_raw, raw), (made.of_source, source)):
        assert failed(master_program(), "--upload", image, "--disk", disk) == ""
    return made


@pytest.fixture
def store(scratch):
    folder = scratch / "store"
    folder.mkdir()
    yield folder
    while os.path.ismount(folder):
        unmount(folder)
    for left in folder.iterdir():
        left.unlink()
    folder.rmdir()


@pytest.fixture
def small_store(store):
    """A store with room for 6 MiB."""
    run("mount", "-t", "tmpfs", "-o", "size=6M", "tmpfs", store)
    return store


@pytest.fixture
def says(programs):
    """Holds that a program ends with a code and says some words."""

    def check(code, words, *command):
        program = programs.run("store", "m", *command, seconds=90)
        assert program.code == code
        assert words in program.said
        return program

    return check


def upload(store, source, *options):
    return [master_program(), "--upload", store / "new.img", "--disk", source, *options]


def typist(question, answer, *command):
    return [sys.executable, PROJECT / "lab/typist.py", 60, question, answer, "--", *command]


def test_store_too_small(says, small_store, source):
    """The program asks, which nobody answers here."""
    says(15, "MiB free", *upload(small_store, source))
    says(0, "MiB free", *upload(small_store, source, "--plan"))
    says(15, "may not fit", *typist("Begin all the same", "no", *upload(small_store, source)))
    says(12, "No space left", *upload(small_store, source, "--yes"))
    assert os.listdir(small_store) == []


def test_slaves_complete_without_the_image(session, small_store, source):
    codes = session.run(90, "--upload", small_store / "new.img", "--broadcast", "--disk", source, "--slaves", 1)

    assert codes == session.all_end(master=3, slaves=0)
    assert session.differing(source) == {}
    named = [
        line
        for line in session.master.said.splitlines()
        if "no image " in line and "new.img" in line and "No space left" in line
    ]
    assert named != [], "the summary names it"
    assert os.listdir(small_store) == []


def test_export_to_a_store_that_is_too_small(says, small_store, images):
    says(15, "MiB free", master_program(), "export", images.of_raw, small_store / "raw")
    says(12, "No space left", master_program(), "export", "--force", images.of_raw, small_store / "raw")
    assert os.listdir(small_store) == []


def test_of_two_exports_to_one_name_one_has_it(programs, scratch, source, images):
    """The other is refused, and what it has written is whole."""
    exports = [
        programs.start(f"export-{image.stem}", "m", master_program(), "export", image, scratch / "two")
        for image in (images.of_raw, images.of_source)
    ]

    assert sorted(export.outcome(90) for export in exports) == [0, 15]
    written = list(scratch.folder.glob("two*"))
    assert written != []
    for file in written:
        assert "" in (difference(file, images.raw), difference(file, source)), f"{file} is a mixture"
        file.unlink()


def test_store_full_or_read_only(says, small_store, source):
    with open(small_store / "full", "wb") as full:
        with pytest.raises(OSError):
            while True:
                os.write(full.fileno(), bytes(MIB))
    says(15, "is full", *upload(small_store, source))
    run("mount", "-o", "remount,ro", small_store)
    says(15, "read-only", *upload(small_store, source))
    run("mount", "-o", "remount,rw", small_store)


def test_store_is_fat(says, store, scratch, disks, source):
    device = disks.attach(blank(scratch / "disk", 64 * MIB))
    run("mkfs.vfat", "-F", "32", device)
    if attempt("mount", device, store).returncode != 0:
        pytest.skip("this kernel does not mount FAT")
    large = blank(scratch / "large", 5 << 30)
    says(
        0,
        "because of a FAT file system",
        master_program(),
        "--plan",
        "--all-blocks",
        "--upload",
        store / "large.img",
        "--disk",
        large,
    )
    says(0, "done", *upload(store, source))
    says(0, "", master_program(), "export", store / "new.img", store / "new.raw")
    assert difference(store / "new.raw", source) == ""


def test_image_on_the_disk_that_is_read(says, store, scratch, disks):
    device = disks.attach(blank(scratch / "disk", 64 * MIB))
    run("mkfs.ext4", "-q", "-F", device)
    run("mount", device, store)
    command = ["--upload", store / "self.img", "--disk", device]
    says(15, "is mounted on", master_program(), *command)
    says(0, "lies on the disk that is read", master_program(), "--yes", "--force", *command)


def test_limit_of_the_process(says, store, source):
    says(15, "ulimit -f", "sh", "-c", 'ulimit -f 2048; exec "$@"', "limited", *upload(store, source))


def test_what_a_run_that_was_killed_has_left(says, programs, store, source):
    killed = programs.start(
        "killed",
        "m",
        master_program(),
        "--upload",
        store / "killed.img",
        "--broadcast",
        "--disk",
        source,
        "--wait",
        "120s",
    )
    assert wait_for(60, lambda: list(store.glob("killed.img.partial-*")))
    other = [master_program(), "--upload", store / "other.img", "--disk", source]

    assert "runs that died" not in says(0, "done", *other).err, "a run that lives has left nothing"

    killed.stop()
    (store / "other.img").unlink()
    says(0, "runs that died have left killed.img.partial-", *typist("Remove killed.*\\?", "yes", *other))
    assert os.listdir(store) == ["other.img"]
