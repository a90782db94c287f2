"""One session of which each program is recorded: an upload, a master and its slaves, an export, a key."""

import io
import random
from dataclasses import replace
from pathlib import Path

from lab import disks as disk_tools
from lab import events
from lab.machine import MIB, master_program, run, shim
from lab.power import journal
from lab.power.case import Case, Files, GrownGpt, Moment, Target
from lab.power.disk import Snapshot
from lab.soak import compare, plan as plans
from lab.soak.disk import Region
from lab.soak.plan import IMAGE_MODES, LOCAL_MODES, UPLOAD_MODES
from lab.soak.session import ENDS, LISTENS, SLAVE_ENDS, Soaked

MODES = (2, 4, 1, 6, 5, 3)  # one seed after the other
MOST_MIB = 40  # of a source disk
MOST_SLAVES = 2
MOST_SECONDS = 2.5
_STORE_MIB = 160
_AWAKE_CUTS = 40
_DONE = r'"event": ?"summary".*"exitCode": ?0\b|^done: '
_SLAVE_DONE = r'"event": ?"slave-result".*"result": ?"complete"|' + _DONE


def plan_of(seed: int):
    """A session of the soak without a fault, small, with the mode that is next; and what is recorded besides."""
    drawn = random.Random(f"imgblstr power {seed}")
    mode = MODES[seed % len(MODES)]
    while True:
        plan = plans.of(drawn.randrange(1 << 40), has_more=False)
        small = sum(each.mib + each.gap for each in plan.volumes) <= MOST_MIB and plan.slaves <= MOST_SLAVES
        if plan.mode == mode and not plan.faults and small and plans.pass_seconds(plan) <= MOST_SECONDS:
            if mode != 4 or may_grow(plan) or drawn.random() < 0.1:
                return plan


def may_grow(plan) -> bool:
    """Whether the last partition can grow on the master's disk, where no other program has to enlarge what is in it."""
    longer = plan.mode == 4 and plan.is_whole and plan.targets["local"].extra > 1
    return longer and plan.table == "gpt" and plan.volumes[-1].kind in ("raw", "mixed", "swap")


class Recorded(Soaked):
    """A session from start to end. `cases` has each program that was recorded; `wrong` what failed before any power cut."""

    def __init__(self, seed: int):
        super().__init__(plan_of(seed))
        self.seed, self.cases, self.wrong = seed, [], []
        self._drawn = random.Random(f"imgblstr power session {seed}")
        self.is_forced = self._drawn.random() < 0.5  # an older file is there, and is replaced
        self.has_links = self._drawn.random() < 0.7  # whether the place of files has hard links
        self.is_ext4 = self._drawn.random() < 0.4  # the place of files; else it is a tmpfs
        self.export, self.key = self.store / "disk.raw", self.store / "room.key"
        self.report = self.store / f"report.{self._drawn.choice(('csv', 'json'))}"
        self._is_recording = True
        self.cut_count, self.half_count = 0, 0

    def run(self) -> None:
        plan = self.plan
        self._library = shim("record", self.scratch.folder)
        self._make_store()
        self.prepare()
        words = ("--report", str(self.report)) if plan.on_network else ()
        words += ("--grow",) if may_grow(plan) else ()
        self.plan = replace(plan, master_options=(*plan.master_options, *words, *self._force()))
        if plan.mode in IMAGE_MODES:
            self._record("upload", [self.image], *self.upload_words(), *self._force())
        self._room()
        if plan.mode != 3 and not self.wrong:
            self._record("export", [self.export], master_program(), "export", self.image, self.export, *self._force())
            self._see_export()
        if not self.wrong:
            keys = [self.key, *(self.key.with_name(self.key.name + end) for end in (".slave", ".pub"))]
            self._record("keygen", keys, master_program(), "keygen", self.key)


    # ------------------------------------------------------------------------------------------------------------ recording

    def _make_store(self) -> None:
        """The place of the files that are written, a file system of its own."""
        if self.is_ext4:
            medium = disk_tools.blank(self.scratch / "medium", _STORE_MIB * MIB)
            run("mkfs.ext4", "-q", "-F", medium)
            run("mount", self.disks.attach(medium), self.store)
        else:
            run("mount", "-t", "tmpfs", "-o", f"size={_STORE_MIB}M", "tmpfs", self.store)
        if self.is_forced:
            for old in (self.image, self.export, self.report):
                old.write_bytes(self._drawn.randbytes(self._drawn.randint(1, 300_000)))

    def _force(self) -> tuple:
        return ("--force",) if self.is_forced else ()

    def _recording(self, name: str, *roots) -> dict:
        """The environment with which a program is recorded. What is on the roots now is noted."""
        self.cases.append(Case(name, list(roots), Snapshot.of(*roots), self.scratch.log / f"{name}.record"))
        places = ":".join(map(str, roots))
        return {
            "LD_PRELOAD": self._library,
            "RECORD_LOG": self.cases[-1].log,
            "RECORD_PLACES": places,
            **({} if self.has_links else {"RECORD_NO_LINKS": 1}),
        }

    def _shims(self, host: str, name) -> dict:
        if not self._is_recording:
            return {}
        if host != "m":
            return self._recording(f"slave{name}", self.devices[name])
        return self._recording("master", self.store, *([self.devices["local"]] if self.plan.mode in LOCAL_MODES else []))

    def _record(self, name: str, files: list, *words) -> None:
        """Runs a program to its end, which writes these files."""
        environment = self._recording(name, self.store)
        program = self.start(name, "-", *words, env=environment)
        case = self.cases[-1]
        if self._went_well(case, program, program.outcome(ENDS)):
            moment = case.promise(r"^key " if name == "keygen" else _DONE)
            case.judges.append(Files(self.store, case.before, {str(file): moment for file in files}))

    def _went_well(self, case: Case, program, code: int) -> bool:
        """Whether a program has ended with 0, and its log tells all that it has done."""
        if code != 0:
            self.wrong.append(f"{case.name} ends with {code}: {program.err.strip()[-300:]}")
            return False
        case.take_records()
        self.wrong += [f"{case.name}: the log misses what happened to {name}" for name in case.missed()]
        return not self.wrong

    def _room(self) -> None:
        """Master and slaves, from start to end."""
        for number in range(1, self.plan.slaves + 1):
            self.slave_up(number)
        for life in self.slaves.values():
            life.program.heard_within(LISTENS, "^listening")
        self.master_up()
        self.master.outcome(ENDS)
        for life in self.slaves.values():
            life.program.outcome(SLAVE_ENDS)
        if self._is_recording:
            self._take_room()

    def _take_room(self) -> None:
        by_name = {case.name: case for case in self.cases}
        programs = {"master": self.master, **{f"slave{number}": life.program for number, life in self.slaves.items()}}
        for name, program in programs.items():
            for device in by_name[name].roots:
                disk_tools.flush(device)
            if not self._went_well(by_name[name], program, program.code):
                return
        master = by_name["master"]
        done = master.promise(_DONE)
        files = {str(self.image): done} if self.plan.mode in UPLOAD_MODES else {}
        files |= {str(self.report): master.end} if self.plan.on_network else {}
        master.judges.append(Files(self.store, master.before, files))
        if self.plan.mode in LOCAL_MODES:
            master.judges.append(self._target("local", done))
        if "--grow" in self.plan.master_options:
            length = self.targets["local"].before.stat().st_size
            master.judges.append(GrownGpt(self.devices["local"], length, self.plan.sector, master.records))
        for number in self.slaves:
            case = by_name[f"slave{number}"]
            case.judges.append(self._target(number, self._known(number, case, master)))

    def _target(self, name, moment: Moment) -> Target:
        tables = self._tables() if name == "local" and "--grow" in self.plan.master_options else ()
        return Target(self.devices[name], self.targets[name], self.source, self.plan.all_blocks, moment, tables)

    def _tables(self) -> tuple:
        """The byte ranges of a GPT that grows: its head, its backup on the source, its new backup."""
        sector, length, end = self.plan.sector, self.source.length, self.targets["local"].before.stat().st_size
        entries = 16384
        return (0, 2 * sector + entries), (length - sector - entries, length), (end - sector - entries, end)

    def _known(self, number: int, case: Case, master: Case) -> Moment:
        """When a slave says that it is complete, or the master says so of it: a cut at the slave then is too late."""
        own = case.promise(_SLAVE_DONE)
        label = rf'"event": ?"slave-result".*"label": ?"slave{number}".*"result": ?"complete"'
        record = journal.said(master.records, label)
        if record is None:
            self.wrong.append(f"the master does not say that slave {number} is complete")
            return own
        told = Moment(journal.moment(case.records, record.time_ns), "the master's word")
        return min(own, told, key=lambda moment: moment.index)

    def _see_export(self) -> None:
        """The image holds the disk: its export is compared with the source."""
        if not self.wrong:
            self.wrong += self._export_faults(self.export)

    # ------------------------------------------------------------------------------------------------------------- again

    def again(self) -> list:
        """The power of the whole room goes at one moment, and all is started once more: what is wrong in the end."""
        self._is_recording = False
        room = [case for case in self.cases if case.name == "master" or case.name.startswith("slave")]
        time_ns = self._moment_of_room(room)
        for case in room:
            self._leave(case, journal.moment(case.records, time_ns))
        words = list(self.plan.master_options)
        if self.image.exists() and self.plan.mode in UPLOAD_MODES and "--force" not in words:
            words.append("--force")
        if self.plan.on_network and self._drawn.random() < 0.5 and "--delta" not in words:
            words.append("--delta")
        self.plan, self.master = replace(self.plan, master_options=tuple(words)), None
        self._room()
        return self._faults_of_room()

    def _moment_of_room(self, room: list) -> int:
        """A time between the first order to a disk and the end."""
        records = [record for case in room for record in case.records if record.count or record.payload]
        first, last = min(record.time_ns for record in records), max(record.time_ns for record in records)
        return self._drawn.randint(first, last)

    def _leave(self, case: Case, index: int) -> None:
        """Puts onto files and disks what a power cut may have left."""
        _, remains = next(case.states([index], f"again {self.seed}"))
        for path in sorted({*Snapshot.of(*case.roots).files, *remains.names}):
            content = remains.content(path)
            if content is None:
                Path(path).unlink()
            elif disk_tools.is_device(path):
                disk_tools.overwrite(path, content, 0)
                disk_tools.flush(path)
            else:
                Path(path).write_bytes(content)

    def _faults_of_room(self) -> list:
        found = [
            f"started again, {program.name} ends with {program.code}: {program.err.strip()[-300:]}"
            for program in [self.master, *(life.program for life in self.slaves.values())]
            if program.code != 0
        ]
        names = [*self.slaves, *(["local"] if self.plan.mode in LOCAL_MODES else [])]
        for name in names if not found else []:
            disk_tools.flush(self.devices[name])
            judge = self._target(name, Moment(0, "it was started again"))
            found += judge.faults(_Real(self.devices[name]), 0)
        return found + (self._image_faults() if self.plan.mode in UPLOAD_MODES and not found else [])

    def _image_faults(self) -> list:
        """What is wrong with the image: it is unpacked, or, when it holds partitions, verified."""
        out = self.scratch / "again.raw"
        words = ["export", self.image, out] if self.plan.is_whole else ["verify", self.image]
        looked = self.start("look", "-", master_program(), *words)
        if looked.outcome(ENDS) != 0:
            return [f"the image is not sound: {looked.err[-300:]}"]
        return self._export_faults(out)

    def _export_faults(self, out: Path) -> list:
        """What is wrong with an export of a whole disk, by the bytes of the source."""
        if not self.plan.is_whole:
            return []
        length, is_all = self.source.length, self.plan.all_blocks
        free, zero_too = ([], []) if is_all else (self.source.free, self.source.zero_too)
        rule = compare.Rule(free=free, zero_too=zero_too, unreadable=[], complete=True)
        with open(out, "rb") as exported, open(self.source.file, "rb") as origin:
            region = Region(0, length, 0, length)
            return [f"{out.name}: {each}" for each in compare.wrong_in(exported, io.BytesIO(bytes(length)), origin, [region], rule)][:2]

    # ------------------------------------------------------------------------------------------------------------ judging

    def judge(self, count: int) -> list:
        """Judges so many power cuts; the programs share them by the length of their logs, and each gets a tenth at least."""
        lengths = [len(case.records) for case in self.cases]
        shares = [max(count / 10, count * length / max(1, sum(lengths))) for length in lengths]
        found = []
        for case, share in zip(self.cases, shares):
            cuts = case.cuts(max(1, round(count * share / sum(shares))), random.Random(f"{self.seed} {case.name}"))
            self.cut_count += len(cuts)
            found += case.judge(cuts, str(self.seed))
        return found

    def unseen(self) -> list:
        """Programs of which the judge finds no fault with the log as it would be without any sync: it would be of no use."""
        found = []
        for case in self.cases:
            cuts, without = [len(case.records)] * _AWAKE_CUTS, journal.without_syncs(case.records)
            if case.had_to_write and not case.judge(cuts, "awake", without):
                found.append(f"{case.name}: nothing is found in the log without its syncs")
        return found

    def halves_taken_for_whole(self) -> list:
        """Half images that `verify` calls sound."""
        files = []
        for number, half in enumerate(self._halves()):
            files.append(self.scratch / f"half{number}")
            files[-1].write_bytes(half)
        if not files:
            return []
        self.half_count += len(files)
        looked = self.start("verify", "-", master_program(), "verify", "--json", *files)
        looked.outcome(ENDS)
        results = [event["result"] for event in events.of_kind(looked.events, "image-result")]
        if len(results) != len(files):
            return [f"verify tells of {len(results)} of {len(files)} halves"]
        return [f"{file.name} is called sound" for file, result in zip(files, results) if result == "sound"]

    def _halves(self) -> list:
        """What partial files of images may hold after power cuts, where that is not the whole image."""
        judges = [judge for case in self.cases for judge in case.judges if isinstance(judge, Files) and judge.has(self.image)]
        return [half for judge in judges for half in judge.halves]


class _Real:
    """What really is on a disk, as if it were left by a power cut."""

    def __init__(self, path):
        self._path = Path(path)

    def content(self, path: str) -> bytes:
        return self._path.read_bytes() if path == str(self._path) else None
