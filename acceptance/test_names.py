"""Names of files are bytes: umlauts in each name under each locale, names that are no text, names as long as Linux lets
them be.
"""

import os
import re
from types import SimpleNamespace

import pytest

from lab.disks import blank, difference
from lab.machine import MIB, attempt, master_program
from lab.samples import random_file

pytestmark = [pytest.mark.root]

ROOM_MIB = 100
SECONDS = 21


@pytest.fixture(scope="module")
def place(scratch):
    """A folder with a source whose names have umlauts, and a source whose name is not UTF-8 and a link to that one."""
    folder = scratch / "Bücher und 日本"
    folder.mkdir()
    source = random_file(folder / "Größe.raw", 4)
    return SimpleNamespace(folder=folder, source=source)


@pytest.fixture(scope="module")
def latin(place):
    name = os.fsdecode(os.fsencode(place.folder) + b"/gr\xfcn")
    with open(name, "wb") as copy:
        copy.write(place.source.read_bytes())
    (place.folder / "link").symlink_to(name)
    yield name
    os.unlink(name)
    (place.folder / "link").unlink()


def assert_ends(code, locale, *command):
    """Exit code, and what a program says is text for a person, without names of Java classes."""
    done = attempt(*command, env={**os.environ, "LC_ALL": locale, "LANG": locale})
    assert done.returncode == code, done.stdout + done.stderr
    assert re.findall(r"java\.|Exception", done.stdout + done.stderr) == []


def files_in(folder):
    return sum(1 for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "de_DE.ISO-8859-1", "none.UTF-8"])
def test_names_with_umlauts_are_the_same_under_each_locale(locale, place):
    image, out, target = (place.folder / name for name in ("Äußeres.img", "Öl.raw", "Übung.raw"))
    blank(target, 4 * MIB)
    try:
        assert_ends(0, locale, master_program(), "--quiet", "--upload", image, "--disk", place.source)
        assert_ends(0, locale, master_program(), "--quiet", "--download", image, "--disk", target)
        assert_ends(0, locale, master_program(), "export", image, out)
        assert difference(target, place.source) == ""
        assert difference(out, place.source) == ""
        assert_ends(0, locale, master_program(), "verify", "--quiet", image)
        assert files_in(place.folder) == 4, "nothing else was made"
    finally:
        for path in (image, out, target):
            path.unlink(missing_ok=True)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_names_that_are_not_utf_8_are_refused(locale, place, latin):
    new = place.folder / "new.img"
    assert_ends(2, locale, master_program(), "--quiet", "--upload", new, "--disk", latin)
    assert_ends(2, locale, master_program(), "--quiet", "--upload", f"{latin}.img", "--disk", place.source)
    assert files_in(place.folder) == 2, "nothing was made under another name"


def test_a_link_leads_to_a_name_that_is_not_utf_8(place, latin):
    new = place.folder / "new.img"
    assert_ends(0, "C", master_program(), "--quiet", "--upload", new, "--disk", place.folder / "link")
    new.unlink()


def test_names_of_240_bytes_can_be_written(place):
    image, out = place.folder / ("x" * 240), place.folder / ("x" * 240 + "o")
    assert_ends(0, "C", master_program(), "--quiet", "--upload", image, "--disk", place.source)
    assert_ends(0, "C", master_program(), "export", image, out)
    assert difference(out, place.source) == ""
    image.unlink()
    out.unlink()


@pytest.mark.alone  # The programs look at all loop devices of the machine.
def test_strange_names_behind_loop_devices_of_others_do_no_harm(place, latin, disks):
    disks.attach(latin)
    disks.attach(place.source)
    new, link = place.folder / "new.img", place.folder / "link"
    assert_ends(0, "C", master_program(), "--quiet", "--upload", new, "--disk", link, "--force")
    assert_ends(0, "C", master_program(), "disks")
    assert_ends(15, "C", master_program(), "--yes", "--download", new, "--disk", place.source)
    assert_ends(15, "C", master_program(), "--yes", "--download", new, "--disk", link)
    new.unlink()
