"""The judge: whether a session was right, by the bytes on disks and by what others say of them, never by our own word."""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from lab import disks as disk_tools
from lab.machine import attempt, master_program
from lab.soak import compare, explain, volumes
from lab.soak.disk import Region, dump_table
from lab.soak.plan import LOCAL_MODES, UPLOAD_MODES

FALSE_SUCCESS, WRONG_BYTES, HANG, CRASH, CODE, EVENTS, LEFT_OVER, TOOL = (
    "FALSE SUCCESS",
    "wrong bytes",
    "hang",
    "crash",
    "exit code",
    "events",
    "left over",
    "other tool",
)
_CRASHED = re.compile(
    r"OutOfMemoryError|StackOverflowError|Exception in thread|^\s+at [\w.$]+\([\w.]+:\d+\)|A fatal error has been detected"
    r"|SIGSEGV|fault of the program|LEAK:",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Judge:
    """Looks at one session after its end. `problems` is empty when all was right."""

    def __init__(self, session):
        self._session, self._plan, self.problems = session, session.plan, []

    def judge(self) -> list:
        session = self._session
        for device in session.devices.values():
            disk_tools.flush(device)
        if session.master is None:
            self._add(CODE, f"upload without a fault ends with {session.upload.code}")
        else:
            self._codes()
            self._targets()
            self._image()
            self._store()
        self._programs()
        self._source()
        return sorted(self.problems, key=lambda problem: problem.kind != FALSE_SUCCESS)

    def _add(self, kind: str, text: str) -> None:
        self.problems.append(Problem(kind, text))

    # --------------------------------------------------------------------------------------------------- codes and words

    def _codes(self) -> None:
        session, plan = self._session, self._plan
        expected = explain.master_codes(plan, session.slaves)
        if session.master.code not in expected:
            self._add(CODE, f"master ends with {session.master.code}, explained are {sorted(expected)}")
        for number, life in session.slaves.items():
            expected = explain.slave_codes(plan, number, session.joined(life))
            if life.code not in expected:
                self._add(CODE, f"slave {number} ends with {life.code}, explained are {sorted(expected)}")

    def _programs(self) -> None:
        session = self._session
        for name in session.hung:
            self._add(HANG, f"{name} had to be killed")
        for program in session.programs.started:
            if program.name == "foreigner":
                continue
            found = _CRASHED.search(program.said)
            if found or program.code == 1:
                self._add(CRASH, f"{program.name} ends with {program.code}: {found.group(0).strip() if found else ''}")
        for left in session.cwd.iterdir():
            self._add(CRASH, f"{left.name} was left")
        for text in session.programs.broken_events():
            self._add(EVENTS, text[:400])

    def _store(self) -> None:
        session = self._session
        if session.master.code != explain.KILLED:
            for left in session.store.iterdir():
                if left != session.image:
                    self._add(LEFT_OVER, f"{left.name} beside the image")

    def _source(self) -> None:
        if hashlib.sha256(self._session.source.file.read_bytes()).hexdigest() != self._session.source.digest:
            self._add(WRONG_BYTES, "the source has changed")

    # ------------------------------------------------------------------------------------------------------------- bytes

    def _targets(self) -> None:
        session, plan = self._session, self._plan
        checked = False
        for name, target in session.targets.items():
            if name == "local" and plan.mode not in LOCAL_MODES:
                continue
            complete = self._must_be_complete(name)
            if session.period(name):
                if not complete:
                    continue  # what lies where says nothing
                target = _Wrapped(target, session.period(name), session.scratch)
            wrong = self._compare(target, complete, self._may_be_partial(name))
            kind = FALSE_SUCCESS if complete else WRONG_BYTES
            for each in wrong[:3]:
                self._add(kind if each.is_needed else WRONG_BYTES, f"target {name}: {each}")
            if complete and not wrong and not checked:
                checked = True
                self._ask_others(target)
            if name != "local" and not self._joined(name) and not compare.same(target.file, target.before):
                self._add(WRONG_BYTES, f"target {name} was written, and its slave has not joined")

    def _joined(self, number: int) -> bool:
        return any(self._session.joined(life) for life in self._session.lives if f"slave{number}-" in life.program.name)

    def _must_be_complete(self, name) -> bool:
        """A slave that ends with 0 has every byte; so have all that joined when the master ends with 0.

        Where a disk loses what it takes, that is known only to who reads back.
        """
        host = "m" if name == "local" else f"s{name}"
        loses = self._plan.hit("lost-writes", host) or self._plan.hit("wrapped", host)
        if loses and not self._reads_back(name):
            return False
        master_done = self._session.master.code == explain.OK
        if name == "local":
            return master_done
        life = self._session.slaves.get(name)
        return life is not None and (life.code == explain.OK or (master_done and self._joined(name)))

    def _reads_back(self, name) -> bool:
        options = self._plan.master_options if name == "local" else self._plan.targets[name].options
        return "--no-verify" not in options

    def _may_be_partial(self, name) -> bool:
        """Whether the program of this target has said that sectors of the source are lacking."""
        life = self._session.slaves.get(name)
        code = self._session.master.code if life is None else life.code
        return code == explain.INCOMPLETE

    def _compare(self, target, complete: bool, partial: bool) -> list:
        session = self._session
        rule = compare.Rule(
            free=[] if self._plan.all_blocks else session.source.free,
            zero_too=[] if self._plan.all_blocks else session.source.zero_too,
            unreadable=session.lost_ranges if partial else [],
            complete=complete,
            tables=target.tables,
        )
        return compare.wrong(target.file, target.before, session.source.file, target.regions, rule)

    def _image(self) -> None:
        """A file that has the image's name holds the image, however the run has ended."""
        session, plan = self._session, self._plan
        if plan.mode not in UPLOAD_MODES:
            return
        if not session.image.exists():
            if session.master.code == explain.OK:
                self._add(FALSE_SUCCESS, "the master ends with 0, and there is no image")
            return
        target = session.targets["local"]
        words = ["--yes", "--json", "--download", session.image, "--disk", session.devices["local"]]
        if plan.unpack == "export" and plan.is_whole:
            target = _Exported(session)
            words = ["export", session.image, target.file]
        done = session.start("unpack", "-", master_program(), *words)
        code = done.outcome(90)
        disk_tools.flush(session.devices["local"])
        if code not in ({0, explain.INCOMPLETE} if session.bad_ranges else {0}):
            self._add(FALSE_SUCCESS, f"the image cannot be unpacked: {code}: {done.err.strip()[-200:]}")
            return
        for each in self._compare(target, True, code == explain.INCOMPLETE)[:3]:
            self._add(FALSE_SUCCESS, f"image: {each}")

    def _ask_others(self, target) -> None:
        """sfdisk, the checkers of the file systems, and all files."""
        session, plan = self._session, self._plan
        if session.bad_ranges:
            return
        if plan.is_whole and plan.table != "none":
            sector = plan.sector
            tables = [dump_table(session.scratch, file, sector) for file in (session.source.file, target.file)]
            if [_without_end(line) for line in tables[0]] != [_without_end(line) for line in tables[1]]:
                self._add(TOOL, f"sfdisk: {tables[1]}")
        if target.tables and plan.sector == compare.SECTOR:
            told = attempt("sgdisk", "-v", target.file).stdout
            if "No problems found" not in told:
                self._add(TOOL, f"sgdisk: {told[:300]}")
        for each in plan.chosen:
            start = session.source.start_of(each.number)
            region = next(one for one in target.regions if one.start <= start < one.start + one.length)
            fault = self._faults_of(session.source.made[each.number], target.file, start - region.start + region.target)
            if fault:
                self._add(FALSE_SUCCESS, f"target {target.name}, partition {each.number}: {fault[:300]}")

    def _faults_of(self, made, file: Path, at: int) -> str:
        folder = self._session.scratch / "look"
        folder.mkdir()
        try:
            copy = folder / "copy"
            with open(file, "rb") as disk, open(copy, "wb") as out:
                disk.seek(at)
                out.write(disk.read(made.length))
            return volumes.faults(made, copy, folder)
        finally:
            shutil.rmtree(folder)


def _without_end(line: str) -> str:
    """The last sector that a GPT may use is told by sfdisk from the length of the disk."""
    return "" if line.startswith("last-lba") else line


class _Wrapped:
    """A target as who reads it sees it: behind what it really holds comes its beginning again."""

    def __init__(self, target, period: int, scratch):
        self.name, self.regions, self.tables = target.name, target.regions, target.tables
        self.file, self.before = scratch / "wrapped", scratch / "wrapped-before"
        for origin, seen in ((target.file, self.file), (target.before, self.before)):
            content = origin.read_bytes()
            seen.write_bytes((content[:period] * (len(content) // period + 1))[: len(content)])


class _Exported:
    """What `export` has made of an image of a whole disk, where nothing was before."""

    def __init__(self, session):
        self.file, self.before = session.scratch / "exported", session.scratch / "exported-before"
        length = session.source.length
        disk_tools.blank(self.before, length)
        self.regions, self.tables = [Region(0, length, 0, length)], []


