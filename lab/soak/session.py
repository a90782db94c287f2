"""One session of a plan: everything is made, the programs run, faults happen at their moments, and all is looked at."""

import os
import random
import re
import resource
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lab.disks import Disks
from lab.lan import Lan
from lab.machine import PROJECT, master_program, run, shim, slave_program, wait_for
from lab.programs import LATE, Program, Programs
from lab.scratch import Scratch
from lab.soak.disk import Source, TargetDisk
from lab.soak.plan import IMAGE_MODES, SOURCE_MODES
from lab.soak.timeline import Timeline

LISTENS = 90  # seconds in which a slave must listen
ENDS = 150  # seconds in which a master must end
SLAVE_ENDS = 50  # seconds after the master in which a slave that has joined must end: 30 without a word, and some more
LONE_ENDS = 2  # seconds after the master in which a slave that has not joined may yet say something
_GROUP = "239.255.73.77"
_PORT = 18765
_OTHER_MIB = 1  # fits every target
_PAGE = 4096

# A namespace of the network hides control groups: the group of the memory is shown there, so that programs see the limit.
_IN_GROUP = """
mount -t tmpfs groups /sys/fs/cgroup && mkdir /sys/fs/cgroup/memory &&
mount -t cgroup -o memory groups /sys/fs/cgroup/memory || exit 99
echo $$ > "/sys/fs/cgroup/memory/$0/cgroup.procs" && exec "$@"
"""


@dataclass
class Life:
    """One start of a slave."""

    program: Program

    @property
    def code(self):
        return self.program.code

    def has_joined(self, session: str) -> bool:
        """Whether a master has confirmed it for the session of this id."""
        pattern = rf'"event": ?"slave-joined".*"session": ?"{session}"'
        return bool(session) and re.search(pattern, self.program.out) is not None


class Soaked:
    """A session from start to end. `remove` takes everything away again."""

    def __init__(self, plan):
        self.plan = plan
        self.scratch = Scratch(700 + sum(each.mib for each in plan.volumes) * (2 * len(plan.targets) + 3))
        self.disks, self.lan, self.programs = Disks(self.scratch), None, None
        self.slaves, self.lives, self.master, self.other, self.upload = {}, [], None, None, None
        self.said, self.timeline = [], None
        self.cwd = self.scratch / "cwd"
        self.store = self.scratch / "store"
        self.image = self.store / "soak.img"
        for folder in (self.cwd, self.store):
            folder.mkdir()
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def remove(self, keep: bool) -> None:
        if self.programs:
            self.programs.stop()
        if self.lan:
            self.lan.down()
        self.disks.remove()
        self.scratch.remove(keep)

    # ------------------------------------------------------------------------------------------------------- the session

    def prepare(self) -> None:
        """Network, source and targets."""
        plan = self.plan
        if plan.on_network:
            self.lan = Lan(plan.last_slave + 1)
        self.programs = Programs(self.scratch.log, self.lan)
        self.source = Source(plan, self.scratch)
        self.targets = {name: TargetDisk(name, plan, self.source, self.scratch) for name in plan.targets}
        self._small_places()
        self.devices = {name: self._device(name) for name in self.targets}
        self.source_path = self._attached(self.source.file) if plan.source_device else self.source.file

    def run(self) -> None:
        self.prepare()
        plan = self.plan
        if plan.mode in IMAGE_MODES:
            self.upload = self.start("upload", "-", *self.upload_words())
            if self.upload.outcome(ENDS) != 0:
                return
        self.timeline = timeline = Timeline(self)
        timeline.before()
        for number in range(1, plan.slaves + 1):
            self.slave_up(number)
        for number, life in self.slaves.items():
            life.program.heard_within(LISTENS, "^listening")
        timeline.listening()
        self.master_up()
        timeline.follow(ENDS)
        self._end_slaves()
        timeline.after()

    def start(self, name: str, host: str, *words, memory: int = 0, env: dict = None) -> Program:
        """Starts a program in a folder of its own, where a core or a log of the JVM would be found."""
        command = ["env", "-C", self.cwd, *(f"{key}={value}" for key, value in (env or {}).items()), *words]
        if memory:
            group = self.disks.memory_group(memory)
            command = ["sh", "-c", _IN_GROUP, group.name, *command]
        self.said.append(f"{name} on {host}: {' '.join(map(str, words))}")
        return self.programs.start(name, host, *command)

    def slave_up(self, number: int) -> None:
        target, life = self.plan.targets[number], len(self.lives)
        wait = ["--wait", "20s" if self.master else "120s"]
        words = [slave_program(), "--yes", "--json", "--label", f"slave{number}", *wait, *target.options]
        host = f"s{number}"
        program = self.start(
            f"slave{number}-{life}",
            host,
            *words,
            self.devices[number],
            memory=self._memory(host),
            env=self._shims(host, number),
        )
        self.slaves[number] = Life(program)
        self.lives.append(self.slaves[number])
        fault = self.plan.fault("slow-disk")
        if fault and fault.victim == f"s{number}":
            self._slow(number, fault.amount)

    def master_up(self) -> None:
        plan = self.plan
        words = [master_program(), "--yes", "--json"]
        if plan.mode in SOURCE_MODES:
            words += ["--upload", self.image] if plan.mode != 3 else []
            words += ["--disk", self.source_path, *self._source_words()]
        else:
            words += ["--download", self.image]
            words += ["--disk", self.devices["local"]] if plan.mode != 6 else []
        if plan.on_network:
            words += ["--broadcast", "--slaves", plan.slaves, "--wait", "60s"]
        host = "m" if plan.on_network else "-"
        self.master = self.start(
            "master", host, *words, *plan.master_options, memory=self._memory("m"), env=self._shims("m", "local")
        )

    def upload_words(self) -> list:
        words = [master_program(), "--yes", "--json", "--upload", self.image, "--disk", self.source_path]
        return [*words, *self._source_words()]

    def _source_words(self) -> list:
        plan = self.plan
        words = ["--partition", ",".join(map(str, plan.partitions))] if plan.partitions else []
        words += ["--all-blocks"] if plan.all_blocks else []
        return words + (["--codec", plan.codec] if plan.codec else [])

    def joined(self, life: Life) -> bool:
        """Whether a life of a slave has joined this session, and not that of the other master."""
        found = re.search('"session": ?"([0-9a-f]*[1-9a-f][0-9a-f]*)"', self.master.out)
        return life.has_joined(found.group(1) if found else "")

    def _end_slaves(self) -> None:
        """Slaves end by themselves; one that has not joined this session is interrupted."""
        deadline = time.monotonic() + LONE_ENDS
        for life in self.slaves.values():
            if not self.joined(life):
                wait_for(max(0.0, deadline - time.monotonic()), lambda one=life: not one.program.is_running)
                if life.program.is_running and not self.joined(life):
                    life.program.signal(signal.SIGINT)
        deadline = time.monotonic() + SLAVE_ENDS
        for life in self.slaves.values():
            self._outcome(life.program, max(1.0, deadline - time.monotonic()))

    def wait_for_master(self, seconds: float) -> None:
        self._outcome(self.master, seconds)

    @staticmethod
    def _outcome(program: Program, seconds: float) -> None:
        """A program that hangs is asked for its threads before it is killed."""
        if not wait_for(seconds, lambda: not program.is_running):
            program.signal(signal.SIGCONT)
            program.signal(signal.SIGQUIT)
            time.sleep(1)
            program.outcome(0.1)
        else:
            program.outcome(5)

    @property
    def hung(self) -> list:
        """The programs that had to be ended."""
        programs = [self.upload, self.master, *(life.program for life in self.lives)]
        return [each.name for each in programs if each and each.code == LATE]

    # ------------------------------------------------------------------------------------------------------------ places

    def _attached(self, file: Path) -> str:
        return self.disks.attach(file, self.plan.sector)

    def _device(self, name):
        target = self.targets[name]
        return self._attached(target.file) if target.target.device else target.file

    def _slow(self, number: int, bytes_a_second: int) -> None:
        group = self.disks.throttle(self.devices[number], bytes_a_second)
        if group:
            (group / "cgroup.procs").write_text(str(self.slaves[number].program.pid))

    def _memory(self, host: str) -> int:
        fault = self.plan.fault("memory")
        return fault.amount if fault and fault.victim == host else 0

    def _small_places(self) -> None:
        """A store with too little room for the image, and a target on a place that fills up."""
        full = self.plan.fault("full-image")
        if full:
            self._mount_small(self.store, full.amount)
        bad = self.plan.fault("bad-target")
        if bad:
            name = "local" if bad.victim == "m" else int(bad.victim[1:])
            place = self.scratch / "small-place"
            place.mkdir()
            self._mount_small(place, bad.amount)
            moved = place / "target"
            run("cp", "--sparse=always", self.targets[name].before, moved)
            self.targets[name].file.unlink()
            self.targets[name].file = moved

    @staticmethod
    def _mount_small(place: Path, mib: int) -> None:
        run("mount", "-t", "tmpfs", "-o", f"size={mib}M", "tmpfs", place)

    def _shims(self, host: str, name) -> dict:
        """What makes the disks of a program fail: the source of the master, the target of anybody."""
        found, libraries = {}, []
        if host == "m" and self.bad_ranges:
            found |= {"BADREAD_DISK": self.source_path, "BADREAD_BYTES": _places(self.bad_ranges)}
            libraries.append(shim("badread", self.scratch.folder))
        how = {"lost-writes": "lose", "failed-writes": "fail"}
        for fault in self.plan.faults:
            if fault.kind in how and fault.victim == host:
                length = self.targets[name].file.stat().st_size
                ranges = _drawn_ranges(f"writes {self.plan.seed}", fault.amount, length, self.plan.sector)
                found |= {"BADWRITE_DISK": self.devices[name], "BADWRITE_BYTES": _places(ranges)}
                found["BADWRITE_HOW"] = how[fault.kind]
                libraries.append(shim("badwrite", self.scratch.folder))
            if fault.kind == "wrapped" and fault.victim == host:
                found |= {"WRAP_DISK": self.devices[name], "WRAP_BYTES": self.period(name)}
                libraries.append(shim("wrap", self.scratch.folder))
            if fault.kind == "clock" and fault.victim == host:
                found |= {"CLOCK_AFTER": round(fault.at * 1000), "CLOCK_JUMP": fault.amount}
                libraries.append(shim("clock", self.scratch.folder))
        return {**found, "LD_PRELOAD": " ".join(map(str, libraries))} if libraries else {}

    def period(self, name) -> int:
        """How many bytes a target that wraps really holds; 0 when it does not wrap."""
        fault, host = self.plan.fault("wrapped"), "m" if name == "local" else f"s{name}"
        if fault is None or fault.victim != host:
            return 0
        length = self.targets[name].before.stat().st_size
        return max(1, length * fault.amount // 1000 // _PAGE) * _PAGE

    @property
    def bad_ranges(self) -> list:
        """Byte ranges of the source that cannot be read."""
        fault = self.plan.fault("bad-source")
        return _drawn_ranges(f"bad {self.plan.seed}", fault.amount, self.source.length, self.plan.sector) if fault else []

    @property
    def lost_ranges(self) -> list:
        """What of the source may be lost: of a file, which is read through the page cache, whole pages."""
        page = self.plan.sector if self.plan.source_device else _PAGE
        return [(start // page * page, -(-end // page) * page) for start, end in self.bad_ranges]

    def other_master_up(self) -> None:
        """A second master on the same group, that never starts."""
        disk = self.scratch / "other"
        with open(disk, "wb") as file:
            file.write(os.urandom(_OTHER_MIB << 20))
        words = [master_program(), "--yes", "--json", "--broadcast", "--disk", disk, "--slaves", 9, "--wait", "120s"]
        words += ["--sector-size", self.plan.sector]
        self.other = self.start("other", self.foreign_host, *words)

    @property
    def foreign_host(self) -> str:
        return f"s{self.plan.last_slave + 1}"

    def foreigner_up(self, a_second: int) -> None:
        script = PROJECT / "lab/soak/foreigner.py"
        self.start("foreigner", self.foreign_host, sys.executable, script, _GROUP, _PORT, self.plan.seed, a_second)

    @property
    def happened(self) -> list:
        """The faults that came before the session was over."""
        return self.timeline.happened if self.timeline else []

    def keep_logs(self, folder: Path) -> None:
        """Copies what the programs have said, and how they were started."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.scratch.log, folder)
        (folder / "commands").write_text("\n".join([str(self.plan), *self.said, ""]), encoding="utf-8")


def _drawn_ranges(seed: str, count: int, length: int, sector: int) -> list:
    """Byte ranges of a disk, of one to 300 sectors each."""
    drawn, sectors, found = random.Random(seed), length // sector, []
    for _ in range(count):
        first = drawn.randrange(sectors)
        end = min(first + drawn.choice((1, 1, 2, 8, 300)), sectors)
        found.append((first * sector, end * sector))
    return sorted(found)


def _places(ranges: list) -> str:
    return ",".join(f"{start}:{end - start}" for start, end in ranges)
