"""What dist/build does without root and without building: versions, dependencies, licences, packing; and how the start scripts find their Java."""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from dist.src.live import cpio, debian, firmware, modules
from dist.src.packages import archive, deb, program
from lab.machine import PROJECT, master_program, run, slave_program

PACKAGES = PROJECT / "dist/src/packages"
LIBRARY = re.compile(r"`[\w.-]+:([\w.-]+)`")

# Of a list of loaded classes this part may be wrong: each wrong one only starts slower.
STALE = 1 / 30

STAND_IN = """#!/bin/sh
for word; do printf '%s\\n' "$word"; done
"""


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        (("0.1.0-SNAPSHOT", 1_700_000_000), ("0.1.0-SNAPSHOT", 1_700_000_001)),
        (("0.1.0-SNAPSHOT", 1_900_000_000), ("0.1.0", 1_700_000_000)),
        (("0.1.0-rc1", 1_900_000_000), ("0.1.0", 1_700_000_000)),
        (("0.1.0", 1_900_000_000), ("0.2.0-SNAPSHOT", 1_700_000_000)),
    ],
)
def test_a_later_build_has_a_higher_version(lower, higher):
    versions = deb.debian_version(*lower), deb.debian_version(*higher)

    assert subprocess.run(["dpkg", "--compare-versions", versions[0], "lt", versions[1]], check=False).returncode == 0


def test_libraries_of_the_system_become_dependencies():
    assert deb.depends(["libc.so.6", "libz.so.1"], "2.34") == "libc6 (>= 2.34), zlib1g"


def test_a_library_that_nobody_has_named_fails_the_build():
    with pytest.raises(program.BuildFailed, match="libnew.so.7"):
        deb.depends(["libc.so.6", "libnew.so.7"], "2.34")


def test_the_runtime_holds_what_jdeps_finds_but_for_what_is_never_loaded():
    found = program.modules("java.base,java.desktop,java.naming\n")

    assert "java.naming" in found and "java.desktop" not in found and set(program.BY_NAME) <= set(found)


def test_each_library_has_its_licence_in_the_file_of_licences():
    """dependencies.md is held against the libraries by the build."""
    table = (PROJECT / "docs/dependencies.md").read_text(encoding="utf-8").split("\n| for the build")[0]
    told = re.findall(r"^Files: ([a-z0-9-]+)(\*?)$", (PACKAGES / "debian/copyright").read_text(encoding="utf-8"), re.M)
    libraries = set(LIBRARY.findall(table))

    assert len(libraries) > 10
    untold = {name for name in libraries if not any(name == own or (star and name.startswith(own)) for own, star in told)}
    assert untold == set()
    assert [own for own, star in told if not any(name == own or (star and name.startswith(own)) for name in libraries)] == []


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_the_scripts_of_the_package_are_shell(script):
    run("sh", "-n", PACKAGES / "debian" / script)


def test_the_limit_for_receive_buffers_is_what_the_programs_ask_for():
    asked = re.search(r"rmem_max=(\d+)", (PROJECT / "protocol/src/main/java/org/imgblstr/protocol/session/DropWatch.java").read_text())

    assert f"net.core.rmem_max = {asked[1]}\n" in (PACKAGES / "debian/50-imgblstr.conf").read_text(encoding="ascii")


def test_the_same_folder_gives_the_same_bytes(tmp_path):
    """With other dates and rights, in another order and another place."""
    packed = []
    for place, names, umask in (("one", "ab", 0o022), ("an other", "ba", 0o077)):
        before = os.umask(umask)
        folder = tmp_path / place / "imgblstr-1"
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text(f"the file {name}")
        (folder / "a").chmod(0o755 & ~umask)
        (folder / "link").symlink_to("a")
        os.utime(folder / names[0], (1, 1))
        os.umask(before)
        archive.pack(folder, tmp_path / f"{place}.tar.gz", 1_700_000_000)
        packed.append((tmp_path / f"{place}.tar.gz").read_bytes())

    assert packed[0] == packed[1]
    listed = run("tar", "-tvf", tmp_path / "one.tar.gz", "--utc")
    assert re.search(r"^-rwxr-xr-x root/root .* imgblstr-1/a$", listed, re.M)
    assert re.search(r"^-rw-r--r-- root/root .* imgblstr-1/b$", listed, re.M)


def jar(name):
    return Path(master_program()).parent / f"{name}.jar"


def listed_classes(name):
    return set(re.findall(r"^(org/imgblstr/\S+)$", (program.LISTS / f"{name}.classes").read_text(encoding="ascii"), re.M))


@pytest.mark.parametrize("name", program.PROGRAMS)
def test_the_list_of_loaded_classes_names_classes_that_are_there(name):
    listed = listed_classes(name)
    with zipfile.ZipFile(jar(name)) as entries:
        there = {entry.removesuffix(".class") for entry in entries.namelist()}

    assert len(listed) > 100
    assert len(listed - there) < len(listed) * STALE, f"make the lists anew with dist/build classes: {sorted(listed - there)}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("imgblstr", ["--plan", "--yes", "--interface", "lo", "--slaves", "1", "--broadcast", "--disk", "disk"]),
        ("imgslave", ["--version"]),
    ],
)
def test_the_list_of_loaded_classes_holds_what_a_start_loads(name, words, tmp_path):
    (tmp_path / "disk").write_bytes(bytes(1 << 22))
    run("java", f"-Xlog:class+load:file={tmp_path}/loaded", "-jar", jar(name).resolve(), *words, cwd=tmp_path)
    told = re.findall(r"\] (org\.imgblstr\.\S+) source: file:", (tmp_path / "loaded").read_text(encoding="utf-8"))
    loaded = {one.replace(".", "/") for one in told}

    assert len(loaded) > 30
    assert len(loaded - listed_classes(name)) < len(loaded) * STALE, (
        f"make the lists anew with dist/build classes: {sorted(loaded - listed_classes(name))}"
    )


def test_the_same_folder_gives_the_same_initial_ram_disk(tmp_path):
    for name, order in (("one", "ab"), ("two", "ba")):
        folder = tmp_path / name
        (folder / "sub").mkdir(parents=True)
        for letter in order:
            (folder / f"sub/{letter}").write_text(letter * 5, encoding="ascii")
        (folder / "sub/a").chmod(0o700)
        (folder / "sub/b").chmod(0o600)
        (folder / "link").symlink_to("sub/a")
        cpio.pack(folder, tmp_path / f"{name}.img", 1_700_000_000)

    assert (tmp_path / "one.img").read_bytes() == (tmp_path / "two.img").read_bytes()


@pytest.mark.skipif(shutil.which("busybox") is None, reason="needs busybox, which unpacks it")
def test_the_initial_ram_disk_can_be_unpacked(tmp_path):
    (tmp_path / "in/sub").mkdir(parents=True)
    (tmp_path / "in/sub/file").write_text("content", encoding="ascii")
    (tmp_path / "in/run").write_text("#!/bin/sh\n", encoding="ascii")
    (tmp_path / "in/run").chmod(0o700)
    (tmp_path / "in/link").symlink_to("sub/file")
    cpio.pack(tmp_path / "in", tmp_path / "img", 1_700_000_000)

    listed = run("sh", "-c", 'TZ=UTC busybox cpio -tv <"$1"', "-", tmp_path / "img").splitlines()

    assert [line.split()[0] for line in listed] == ["drwxr-xr-x", "crw-------", "lrwxrwxrwx", "-rwxr-xr-x", "drwxr-xr-x", "-rw-r--r--"]
    assert all("0/0" in line and "2023-11-14" in line for line in listed)
    run("sh", "-c", 'mkdir "$1/out" && cd "$1/out" && busybox cpio -id run link sub sub/file <"$1/img"', "-", tmp_path)
    assert (tmp_path / "out/link").read_text(encoding="ascii") == "content"


def test_a_module_brings_what_it_needs_and_no_other(tmp_path):
    (tmp_path / "modules.dep").write_text(
        "kernel/drivers/net/ethernet/intel/e1000.ko: kernel/lib/a.ko\n"
        "kernel/drivers/scsi/sd_mod.ko.xz:\n"
        "kernel/crypto/crc-t10.ko:\n"
        "kernel/drivers/net/wireless/wifi.ko: kernel/lib/b.ko\n"
        "kernel/drivers/block/nbd.ko:\n"
        "kernel/lib/a.ko: kernel/lib/c.ko\nkernel/lib/b.ko:\nkernel/lib/c.ko:\n",
        encoding="ascii",
    )
    (tmp_path / "modules.softdep").write_text("# aliases\nsoftdep sd_mod pre: crc-t10 gone post: b\n", encoding="ascii")

    found = [modules.name(path) for path in modules.chosen(modules.needs(tmp_path))]

    assert sorted(found) == ["a", "b", "c", "crc_t10", "e1000", "sd_mod"]


def test_a_package_without_a_known_licence_fails_the_build():
    package = object.__new__(debian.Package)
    package.name = "linux-image-6.1.0-57-amd64"
    assert package.licence == "GPL-2.0-only"

    package.name = "new-package"
    with pytest.raises(program.BuildFailed, match="new-package"):
        assert package.licence


def test_the_firmware_that_modules_name_gets_in_and_no_other(tmp_path):
    unpacked, root = tmp_path / "unpacked", tmp_path / "root"
    folder = root / "usr/lib/modules/6.1/kernel"
    folder.mkdir(parents=True)
    (folder / "card.ko").write_bytes(b"\x7fELF\0\0firmware=maker/one.bin\0firmware=maker/two.bin\0license=GPL\0")
    (folder / "other.ko").write_bytes(b"\1\2\3\4firmware=gone.bin\0alias=x\0")
    (folder / "evil.ko").write_bytes(b"\0firmware=../../../precious\0firmware=/etc/passwd\0")
    (folder / "plain.ko").write_bytes(b"\0my_firmware=maker/three.bin\0license=GPL\0")
    files = unpacked / firmware.FOLDER
    (files / "maker").mkdir(parents=True)
    (files / "maker/one-1.2.bin").write_bytes(b"one")
    (files / "maker/one.bin").symlink_to("one-1.2.bin")
    (files / "maker/three.bin").write_bytes(b"three")
    (unpacked / "precious").write_bytes(b"outside")

    firmware.install(firmware.named(root), unpacked, root)

    assert firmware.named(root)["card"] == ["maker/one.bin", "maker/two.bin"] and not {"plain", "evil"} & set(firmware.named(root))
    assert [str(file.relative_to(root / firmware.FOLDER)) for file in (root / firmware.FOLDER).rglob("*.bin")] == ["maker/one.bin"]
    assert (root / firmware.FOLDER / "maker/one.bin").read_bytes() == b"one" and not (root / firmware.FOLDER / "maker/one.bin").is_symlink()
    assert firmware.lacking(root) == ["other"]
    assert firmware.told(root) == "1 files of firmware; drivers without any of theirs: other"
    advice = firmware.advice(["firmware-bnx2"], root)
    assert "firmware-bnx2x" in advice and "firmware-bnx2," not in advice and "drivers other" in advice and "\n" not in advice


@pytest.mark.skipif(shutil.which("dpkg-scanpackages") is None, reason="needs dpkg-scanpackages of dpkg-dev, which makes a source of apt")
def test_the_firmware_is_taken_where_apt_knows_its_package(tmp_path, monkeypatch):
    """A source of apt in a folder, with one package of firmware."""
    source, made = tmp_path / "source", tmp_path / "made"
    source.mkdir()
    (made / "DEBIAN").mkdir(parents=True)
    (made / "lib/firmware/bnx2").mkdir(parents=True)
    (made / "DEBIAN/control").write_text(
        "Package: firmware-bnx2\nVersion: 1\nArchitecture: all\nMaintainer: lab <lab@localhost>\nDescription: firmware\n", encoding="ascii"
    )
    (made / "lib/firmware/bnx2/a.fw").write_bytes(b"firmware")
    run("dpkg-deb", "--root-owner-group", "-b", made, source / "firmware-bnx2_1_all.deb")
    (source / "Packages").write_text(run("dpkg-scanpackages", "-m", ".", cwd=source), encoding="ascii")
    for folder in ("lists/partial", "cache/archives/partial"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "sources.list").write_text(f"deb [trusted=yes] file:{source} ./\n", encoding="ascii")
    (tmp_path / "status").touch()
    places = {"Etc::sourceparts": "-", "Etc::sourcelist": "sources.list", "State::lists": "lists", "State::status": "status", "Cache": "cache"}
    settings = "".join(f'Dir::{name} "{place if place == "-" else tmp_path / place}";\n' for name, place in places.items())
    (tmp_path / "apt.conf").write_text(f'{settings}APT::Sandbox::User "root";\n', encoding="ascii")
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    run("apt-get", "-q", "update")

    names = debian.known(firmware.PACKAGES)
    packages = debian.fetch(names, tmp_path / "downloads")
    debian.unpack(packages, tmp_path / "unpacked")
    firmware.install({"bnx2": ["bnx2/a.fw"]}, tmp_path / "unpacked", tmp_path / "root")

    assert names == ["firmware-bnx2"]
    assert "of its makers" in packages[0].line()
    assert (tmp_path / "root" / firmware.FOLDER / "bnx2/a.fw").read_bytes() == b"firmware"


class Program:
    """A start script in a folder of its own, with a stand-in for Java that tells its arguments."""

    def __init__(self, folder, script):
        self.folder, self.name = folder, Path(script).name
        folder.mkdir(parents=True)
        (folder / self.name).write_text(Path(script).read_text(encoding="utf-8"), encoding="utf-8")
        (folder / self.name).chmod(0o755)

    def java(self, place="runtime"):
        file = self.folder / place / "bin/java"
        file.parent.mkdir(parents=True)
        file.write_text(STAND_IN, encoding="ascii")
        file.chmod(0o755)
        return file.parent.parent

    def words(self, *command, **environment):
        environment = {"PATH": os.environ["PATH"], **environment}
        return run(*(command or [self.folder / self.name]), "x y", env=environment, cwd="/").splitlines()


@pytest.fixture(params=[master_program, slave_program], ids=["imgblstr", "imgslave"])
def started(request, tmp_path):
    return Program(tmp_path / "a folder", request.param())


def test_a_start_script_takes_the_runtime_beside_it_before_any_other(started):
    started.java()

    words = started.words(JAVA_HOME="/nowhere", PATH="/usr/bin:/bin")

    assert words[-3:] == ["-jar", str(started.folder / f"{started.name}.jar"), "x y"]


def test_a_start_script_finds_its_folder_through_links(started, tmp_path):
    started.java()
    (tmp_path / "first").symlink_to(f"a folder/{started.name}")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / started.name).symlink_to("../first")

    expected = started.words()

    assert started.words(tmp_path / "bin" / started.name) == expected
    assert started.words(started.name, PATH=f"{tmp_path}/bin:/usr/bin:/bin") == expected


def test_the_archive_of_loaded_classes_is_used_with_the_runtime_beside_it_in_any_folder(started):
    started.java()
    (started.folder / f"{started.name}.jar").touch()
    (started.folder / f"{started.name}.jsa").touch()

    words = started.words()

    assert f"-XX:SharedArchiveFile={started.folder}/{started.name}.jsa" in words
    assert words[-3:] == ["-jar", f"/proc/self/fd/9/{started.name}.jar", "x y"]


def test_the_archive_of_another_java_is_left_alone(started):
    home = started.java("jdk")
    (started.folder / f"{started.name}.jsa").touch()
    (started.folder / f"{started.name}.jsa.for").write_text("/another/bin/java\n", encoding="ascii")

    assert not any("SharedArchiveFile" in word for word in started.words(JAVA_HOME=str(home)))

    (started.folder / f"{started.name}.jsa.for").write_text(f"{home}/bin/java\n", encoding="ascii")
    assert any("SharedArchiveFile" in word for word in started.words(JAVA_HOME=str(home)))


def test_options_for_the_jvm_are_a_list_of_words(started):
    started.java()

    words = started.words(**{f"{started.name.upper()}_OPTS": "-XX:One=1 -Dtwo=2"})

    assert words.index("-Dtwo=2") == words.index("-XX:One=1") + 1


@pytest.mark.parametrize(("version", "knows"), [("17.0.21", False), ("21.0.9", False), ("25.0.3", True), ("29", False)])
def test_a_java_that_knows_the_option_lets_netty_have_its_fast_way_to_memory(started, version, knows):
    (started.java() / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n', encoding="ascii")

    assert ("--sun-misc-unsafe-memory-access=allow" in started.words()) == knows
