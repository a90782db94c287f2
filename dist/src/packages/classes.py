"""The lists of classes that the programs load, one for each, for their archives of loaded classes. docs/packages.md says what they are for."""

import os
import pty
import re
import shutil
import subprocess
from collections import Counter
from itertools import accumulate
from pathlib import Path

from dist.src.packages.program import LISTS, PROGRAMS, TARGET, BuildFailed, jdk, run

SESSION_SECONDS = 60
MIB = 1 << 20
# Of those kinds of file systems that can be made here.
FILE_SYSTEMS = {
    "mkfs.ext4": ("32M", ["-q", "-F"]),
    "mkntfs": ("32M", ["-q", "-Q", "-F"]),
    "mkfs.xfs": ("320M", ["-q", "-f"]),
    "mkfs.fat": ("32M", []),
}
KEYS = (["--key-file", "room.key"], ["--key-file", "room.key.slave"])
CODE = ["--code", "acid-acrobat-actress-acetone-acquire"]
OPEN = (["--open"], ["--open"])
# Classes and lambdas that are made anew in each run; and what only Java 24 and newer understands.
NOT_KEPT = re.compile(r"^#|\$Proxy\d|^@cp ")
NUMBER_OF_A_CLASS = re.compile(r" id: \d+$")


class Rehearsal:
    """Runs the programs by a JDK in a folder for scratch, and keeps what each of them loads."""

    def __init__(self, folder: Path, java: Path):
        self.folder = folder
        self.runs = 0
        self.environment = {**os.environ, "JAVA_HOME": str(java), "TMPDIR": str(folder)}
        seed = os.getpid()
        group = f"239.255.{seed // 250 % 250}.{1 + seed % 250}:{20000 + seed % 12000}"
        self.session = ["--yes", "--interface", "lo", "--group", group, "--wait", "20s"]

    def begin(self, name, words, **streams):
        self.runs += 1
        option = f"-XX:DumpLoadedClassList={self.folder}/{name}-{self.runs}.classes"
        environment = {**self.environment, f"{name.upper()}_OPTS": option}
        return subprocess.Popen([TARGET / name, *words], cwd=self.folder, env=environment, **streams)

    def piped(self, name, *words):
        """Begins a program without a terminal; what it says becomes a file."""
        self.runs += 1
        with (self.folder / f"{self.runs}.said").open("wb") as said:
            return self.begin(name, words, stdin=subprocess.DEVNULL, stdout=said, stderr=said)

    def shown(self, name, *words):
        """Begins a program on a terminal that nobody looks at; gives it and the terminal's other end."""
        ours, its = pty.openpty()
        try:
            return self.begin(name, words, stdin=its, stdout=its, stderr=its, start_new_session=True), ours
        finally:
            os.close(its)

    def both(self, *words, secrets=KEYS):
        """A session without terminals: a master with these words, and a slave. `secrets`: options of the master, and of the slave."""
        slave = self.piped("imgslave", *self.session, *secrets[1], "target")
        end_well(slave, self.piped("imgblstr", *self.session, *secrets[0], "--slaves", "1", "--broadcast", *words))

    def both_shown(self, *words):
        """A session whose programs each have a terminal, with a join code."""
        slave, its_end = self.shown("imgslave", *self.session, *CODE, "target")
        master, other_end = self.shown("imgblstr", *self.session, *CODE, "--slaves", "1", "--broadcast", *words)
        readers = [subprocess.Popen(["cat"], stdin=end, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for end in (its_end, other_end)]
        os.close(its_end)
        os.close(other_end)
        end_well(slave, master)
        for reader in readers:
            reader.wait()

    def alone(self, *words):
        """The master without a slave."""
        end_well(self.piped("imgblstr", *words))


def write(folder: Path, name: str) -> None:
    """Makes the list of a program of what all runs have loaded."""
    most = Counter()
    for file in folder.glob(f"*/{name}-*.classes"):
        most |= Counter(NUMBER_OF_A_CLASS.sub("", line) for line in file.read_text(encoding="ascii").splitlines() if not NOT_KEPT.search(line))
    # A lambda that stands at several places of a class is archived once for each of them; anything else is named once.
    lines = [line for line, count in sorted(most.items()) for _ in range(count if line.startswith("@lambda-proxy") else 1)]
    (LISTS / f"{name}.classes").write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


def end_well(*programs) -> None:
    codes = [program.wait(timeout=SESSION_SECONDS) for program in programs]
    if any(codes):
        raise BuildFailed(f"{' and '.join(str(program.args) for program in programs)} ended with {codes}")


def write_partitioned(disk: Path, volumes: list, sfdisk: str) -> None:
    """A GPT disk with a partition for each volume."""
    starts = list(accumulate((len(volume) for volume in volumes), initial=MIB))
    with disk.open("wb") as file:
        for start, volume in zip(starts, volumes):
            file.seek(start)
            file.write(volume)
        file.truncate(starts[-1] + MIB)
    rows = "".join(f"start={start // 512}, size={len(volume) // 512}, type=linux\n" for start, volume in zip(starts, volumes))
    subprocess.run([sfdisk, "-q", disk], input=f"label: gpt\n{rows}", text=True, check=True)


def renew(folder: Path, javas: list) -> None:
    """Makes the lists anew, of what the programs load by each of these JDKs. A JDK leaves out what only another one has."""
    run("mvn", "-q", "package", "-Dmaven.test.skip=true", "-DskipArchives", cwd=TARGET.parents[1], env={**os.environ, "JAVA_HOME": str(jdk())})
    for number, java in enumerate(javas):
        place = folder / str(number)
        place.mkdir()
        run_all(Rehearsal(place, java))
    for name in PROGRAMS:
        write(folder, name)


def run_all(rehearsal: Rehearsal) -> None:
    """All modes and commands on loopback, with a terminal and without, a few megabytes each."""
    folder = rehearsal.folder
    (folder / "disk").write_bytes((TARGET / "imgblstr.jar").read_bytes()[: 4 << 20])
    (folder / "target").write_bytes(bytes(4 << 20))
    disk = ["--disk", "disk"]
    rehearsal.alone("keygen", "room.key")
    rehearsal.both("--upload", "image", *disk)
    rehearsal.both(*disk, secrets=OPEN)
    rehearsal.both_shown(*disk)
    rehearsal.both("--download", "image")
    rehearsal.alone("--yes", "--upload", "image", "--force", *disk)
    rehearsal.alone("--yes", "--download", "image", *disk)
    for words in (["verify", "image"], ["info", "image"], ["export", "--force", "image", "target"], ["disks"], ["--version"], ["--help"]):
        rehearsal.alone(*words)
    end_well(rehearsal.piped("imgslave", "--help"), rehearsal.piped("imgslave", "disks"))
    tools = os.environ["PATH"] + ":/usr/sbin:/sbin"
    volumes = []
    for maker, (size, options) in FILE_SYSTEMS.items():
        if shutil.which(maker, path=tools):
            run("truncate", "-s", "0", folder / "volume")
            run("truncate", "-s", size, folder / "volume")
            run(shutil.which(maker, path=tools), *options, folder / "volume")
            rehearsal.alone("--plan", *rehearsal.session, "--broadcast", "--slaves", "1", "--disk", "volume")
            volumes.append((folder / "volume").read_bytes())
    if shutil.which("sfdisk", path=tools):
        write_partitioned(folder / "partitioned", volumes, shutil.which("sfdisk", path=tools))
        shutil.copyfile(folder / "partitioned", folder / "target")
        rehearsal.alone("--yes", "--upload", "image", "--force", "--disk", "partitioned")
        rehearsal.alone("--yes", "--download", "image", "--disk", "target")
        rehearsal.both("--disk", "partitioned")
