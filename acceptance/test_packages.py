"""The packages of dist/build in clean roots of Debian 12 and 13: installed, used, upgraded, removed and purged; the tarball from two folders.

Runs only when it is named: acceptance/run packages. It needs dist/build deb tar before, the network for mmdebstrap, and some minutes.
"""

import re
import shutil

import pytest

from lab.machine import PROJECT, attempt, run
from lab.roots import Root

pytestmark = [pytest.mark.root, pytest.mark.tools("mmdebstrap", "dpkg-deb"), pytest.mark.slow]

ROOM_MIB = 3000
SECONDS = 240
TARGET = PROJECT / "dist/target"
OLDER = "0.0.1~older"
COMPLETIONS = {
    "bash": "/usr/share/bash-completion/completions/{}",
    "zsh": "/usr/share/zsh/vendor-completions/_{}",
    "fish": "/usr/share/fish/vendor_completions.d/{}.fish",
}


def built(pattern):
    found = list(TARGET.glob(pattern))
    assert len(found) == 1, f"{len(found)} files {pattern} in dist/target: make the packages with dist/build deb tar"
    return found[0]


@pytest.fixture(scope="module")
def deb():
    return built("imgblstr_*.deb")


@pytest.fixture(scope="module")
def unpacked(scratch, deb):
    run("dpkg-deb", "--raw-extract", deb, scratch / "deb")
    return scratch / "deb"


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def root(request, scratch):
    made = Root(scratch / request.param, request.param, ["man-db", "libssl3" if request.param == "bookworm" else "libssl3t64"])
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)


@pytest.fixture
def older(root, unpacked, scratch):
    """The same package with a lower version, and a file that the newer one no longer has."""
    folder = scratch / "older"
    shutil.copytree(unpacked, folder, symlinks=True)
    control = folder / "DEBIAN/control"
    control.write_text(re.sub("(?m)^Version: .*$", f"Version: {OLDER}", control.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "usr/lib/imgblstr/gone.jar").touch()
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", folder, root.folder / "root/older.deb")
    shutil.rmtree(folder)
    return "/root/older.deb"


def assert_demo_runs(root, program):
    said = root.run(program, "demo")
    assert "every byte" in said or "verified" in said, said


def test_a_package_lives_and_leaves_nothing(root, older, deb):
    shutil.copy(deb, root.folder / "root/new.deb")
    before = root.files()

    root.run("apt-get", "install", "-y", "--no-install-recommends", older)
    assert root.run("dpkg-query", "-W", "-f", "${Version}", "imgblstr") == OLDER
    root.run("apt-get", "install", "-y", "--no-install-recommends", "/root/new.deb")

    assert root.run("dpkg-query", "-W", "-f", "${Status}", "imgblstr") == "install ok installed"
    assert root.attempt("test", "-e", "/usr/lib/imgblstr/gone.jar").returncode == 1
    assert root.run("dpkg", "--verify", "imgblstr") == ""
    for name in ("imgblstr", "imgslave"):
        assert root.run(name, "--version").startswith(f"{name} ")
        assert "SYNOPSIS" in root.run("man", "-P", "cat", name)
        for place in COMPLETIONS.values():
            root.run("test", "-s", place.format(name))
        root.run("bash", "-c", f"source {COMPLETIONS['bash'].format(name)} && complete -p {name}")
    for shown in ("lib/systemd/system/imgslave@.service", "lib/sysctl.d/50-imgblstr.conf", "share/doc/imgblstr/copyright"):
        root.run("test", "-s", f"/usr/{shown}")
    assert_demo_runs(root, "imgblstr")

    root.run("apt-get", "remove", "-y", "imgblstr")
    assert before == root.files(), "nothing of ours is a configuration file, so nothing stays"
    root.run("apt-get", "install", "-y", "--no-install-recommends", "/root/new.deb")
    (root.folder / "var/log/imgslave.log").touch()
    root.run("apt-get", "purge", "-y", "imgblstr")

    assert before == root.files()
    assert not (root.folder / "var/log/imgslave.log").exists()
    assert "imgblstr" not in root.run("dpkg-query", "-W")


def test_the_archives_of_loaded_classes_are_in_use(root, deb):
    """A start without them does the same, only slower."""
    shutil.copy(deb, root.folder / "root/new.deb")
    root.run("apt-get", "install", "-y", "--no-install-recommends", "/root/new.deb")

    for name in ("imgblstr", "imgslave"):
        java = "/usr/lib/imgblstr/runtime/bin/java -XX:+UseSerialGC -Xshare:on -Xlog:class+load:file=/tmp/load"
        words = f"-XX:SharedArchiveFile=/usr/lib/imgblstr/{name}.jsa -jar /proc/self/fd/9/{name}.jar --version"
        root.run("sh", "-c", f"exec 9</usr/lib/imgblstr && {java} {words}")
        loaded = (root.folder / "tmp/load").read_text(encoding="utf-8").splitlines()
        shared = [line for line in loaded if "shared objects file" in line]
        assert len(shared) > 0.8 * len(loaded), f"{len(shared)} of {len(loaded)} classes of {name} come from the archive"
    root.run("apt-get", "purge", "-y", "imgblstr")


@pytest.mark.parametrize("place", ["/opt", "/srv/a folder"])
def test_the_tarball_runs_from_any_folder_without_java(root, place):
    assert root.attempt("which", "java").returncode == 1
    folder = root.folder / place[1:]
    folder.mkdir(parents=True, exist_ok=True)
    tarball = built("imgblstr-*-linux-x86_64.tar.gz")
    run("tar", "-xzf", tarball, "-C", folder)
    name = tarball.name.removesuffix("-linux-x86_64.tar.gz")

    assert root.run(f"{place}/{name}/imgslave", "--version").startswith("imgslave ")
    assert_demo_runs(root, f"{place}/{name}/imgblstr")
    (root.folder / "usr/local/bin/imgblstr").symlink_to(f"{place}/{name}/imgblstr")
    assert root.run("imgblstr", "--version").startswith("imgblstr ")

    (root.folder / "usr/local/bin/imgblstr").unlink()
    shutil.rmtree(folder / name)


def test_everything_is_of_root_and_for_all(deb):
    rights = [line.split()[:2] for line in run("dpkg-deb", "--contents", deb).splitlines()]

    assert {owner for _, owner in rights} == {"root/root"}
    assert {mode for mode, _ in rights} <= {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"}


def test_no_file_names_a_place_of_the_machine_that_built_it(unpacked):
    names = [str(PROJECT), "imgblstr-build-", "/.m2/", "/usr/lib/jvm"]
    found = attempt("grep", "-rlaF", *(word for name in names for word in ("-e", name)), unpacked)

    documents = [line for line in found.stdout.splitlines() if "/usr/share/doc/" not in line]
    assert documents == []


@pytest.mark.tools("lintian")
def test_lintian_finds_no_error(deb):
    said = attempt("lintian", "--fail-on", "error", "--allow-root", deb)

    assert said.returncode == 0, said.stdout
