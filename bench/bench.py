"""One bench: its settings, its results, and how one run of a program is measured."""

import os
import sys
import time
from pathlib import Path

from lab import disks as disk_tools
from lab.disks import Disks
from lab.lan import Lan
from lab.machine import MIB, attempt
from lab.programs import LATE, Program, Programs
from lab.samples import random_file

BENCH = Path(__file__).resolve().parent
FIELDS = (
    "scenario n tool repetition good identical mib mbs first total wire cpu_gib_slave sender_mib receiver_mib"
    " sender_cpu_gib receiver_cpu_gib"
).split()


def setting(name: str, default):
    """A number or a text of the environment, of the kind of its default."""
    return type(default)(os.environ.get(name) or default)


class Bench:
    """What all scenarios share. `targets[i]` is what slave i writes to; `result` and `good` tell of the last run."""

    def __init__(self, work):
        self.work, self.disks = work, Disks(work)
        self.repeat = setting("REPEAT", 5)
        self.limit = setting("LIMIT", 300)  # seconds for one run
        self.results = Path(setting("RESULTS", str(BENCH / "results" / time.strftime("%Y%m%d-%H%M%S"))))
        self.count = {"passed": 0, "failed": 0, "skipped": 0}
        self.lan, self.programs = None, Programs(work.log)
        self.source, self.targets = None, {}
        self.result, self.good = {}, False
        self.results.mkdir(parents=True, exist_ok=True)
        if not (self.results / "raw.tsv").exists():
            self._line(*FIELDS)

    # ------------------------------------------------------------------------------------------------------ what is
    # said

    def note(self, text: str) -> None:
        print(f"      {text}", flush=True)

    def tell(self, kind: str, text: str) -> None:
        """Counts what has passed, failed or was skipped."""
        self.count[kind] += 1
        print(f"{ {'passed': 'pass', 'failed': 'FAIL', 'skipped': 'skip'}[kind] }  {text}", flush=True)

    def show(self) -> None:
        """The last words of all programs that ran since the last measurement began."""
        print("\n".join(f"      {line}" for line in self.programs.report(6).splitlines()))

    # ------------------------------------------------------------------------------------------------------ LAN and
    # disks

    def lan_up(self, slaves: int, rate: str = "-", mtu: int = 0, frames: str = "") -> None:
        self.lan = Lan(slaves, mtu or setting("MTU", 1500), frames or setting("WIRE", "wire"))
        self.begin_programs()
        if rate != "-":
            self.lan.rate("m", rate)

    def lan_down(self) -> None:
        self.programs.stop()
        if self.lan:
            self.lan.down()
            self.lan = None

    def plain_disks(self, slaves: int, mib: int) -> None:
        """Files beside each other in memory; they are touched before the first run, because fresh pages are slow."""
        self.source = self.work / "source"
        if not self.source.exists() or self.source.stat().st_size != mib * MIB:
            random_file(self.source, mib)
        self.targets = {i: self.work / f"target{i}" for i in range(1, slaves + 1)}
        for target in self.targets.values():
            with open(target, "ab") as file:
                file.truncate(mib * MIB)

    def no_disks(self) -> None:
        for path in [self.work / "source", self.work / "local", *self.work.folder.glob("target*")]:
            path.unlink(missing_ok=True)

    def dirty(self, paths) -> None:
        disk_tools.dirty(paths, self.work.junk())

    # --------------------------------------------------------------------------------------------------------- one run

    def begin_programs(self) -> None:
        self.programs.stop()
        self.programs = Programs(self.work.log, self.lan)

    def measured(self, receivers: list, *command, host: str = "m", interface: str = "eth0", limit: int = 0) -> Program:
        """Runs a sender to its end, and then its receivers to theirs; sets `result` and `good`."""
        out = self.work / "measured"
        out.unlink(missing_ok=True)
        pids = ",".join(str(receiver.pid) for receiver in receivers)
        watch = [sys.executable, BENCH / "watch.py", out, interface, pids]
        sender = self.programs.start("sender", host, *watch, *command)
        codes = [sender.outcome(limit or self.limit)]
        deadline = time.monotonic() + (0 if codes[0] == LATE else 20)
        codes += [receiver.outcome(max(0.0, deadline - time.monotonic())) for receiver in receivers]
        if any(codes) and self.lan:
            self._end_all("m")  # what was ended late leaves its children behind
        text = out.read_text(encoding="ascii") if out.exists() else ""
        self.result = {name: float(value) for name, value in (line.split("=") for line in text.splitlines())}
        self.good = not any(codes) and self.result.get("exit") == 0
        return sender

    def _end_all(self, host: str) -> None:
        for pid in attempt("ip", "netns", "pids", self.lan.space(host)).stdout.split():
            attempt("kill", "-9", pid)

    # ---------------------------------------------------------------------------------------------------------- results

    def record(self, scenario: str, slaves: int, tool: str, repetition: int, identical: str, mib: float) -> None:
        """One line of raw.tsv about the last run, and one on the terminal."""
        found, share = self.result, self.result.get("warm_share", 0)
        rate, sent_mib = self._rate(mib), mib
        if tool == "blaster":
            rate, sent_mib = f"{found.get('blasted_rate', 0):.1f}", found.get("blasted_bytes", 0) / MIB
        warm = ""
        if sent_mib * share > 0:
            warm = f"{found.get('warm_cpu', 0) / (sent_mib / 1024 * share) / slaves:.2f}"
        self._line(
            *(scenario, slaves, tool, repetition, int(self.good), identical, mib, rate),
            *(text(found.get("first"), 3), text(found.get("total"), 3), text(found.get("wire"), 0), warm),
            *(int(found.get("sender_kib", 0)) // 1024, int(found.get("receiver_kib", 0)) // 1024),
            *(per_gib(found.get("sender_cpu", 0), mib), per_gib(found.get("receiver_cpu", 0), slaves * mib)),
        )
        self.note(
            f"{scenario} N={slaves} {tool} #{repetition}: good={int(self.good)} identical={identical}"
            f" {rate or '-'} MB/s,"
            f" first data {text(found.get('first'), 3) or '-'} s, total {text(found.get('total'), 3) or '-'} s,"
            f" CPU {warm or '-'} s/GiB/slave"
        )
        if not self.good:
            self.tell("failed", f"{scenario} N={slaves} {tool} #{repetition}")
            self.show()

    def timed(self, scenario: str, tool: str, repetition: int, mib: int, *command) -> None:
        """A command on this machine alone."""
        self.begin_programs()
        self.measured([], *command, host="-", interface="lo")
        found, total = self.result, self.result.get("total", 0)
        rate = f"{mib * 1.048576 / total:.1f}" if total else ""
        memory = int(found.get("sender_kib", 0)) // 1024
        cpu = per_gib(found.get("sender_cpu", 0), mib)
        self._line(
            *(scenario, 0, tool, repetition, int(self.good), "-", mib, rate),
            *("", text(total, 3), "", "", memory, 0, cpu, ""),
        )
        self.note(f"{scenario} {tool} #{repetition}: good={int(self.good)} total {text(total, 3)} s")
        if not self.good:
            self.tell("failed", f"{scenario} {tool} #{repetition}")
            self.show()

    def started(self, what: str, repetition: int, program: Program) -> None:
        """One line of raw.tsv about a program that until.py has started."""
        seconds = program.out.strip()
        self._line("start", 0, what, repetition, int(program.code == 0), "-", 0, "", "", seconds, "", "", 0, 0, "", "")
        if program.code != 0:
            self.tell("failed", f"start: {what}")
            self.show()

    def _rate(self, mib: float) -> str:
        seconds = self.result.get("last", 0) - self.result.get("first", 0)
        return f"{mib * 1.048576 / seconds:.1f}" if seconds > 0 else ""

    def _line(self, *fields) -> None:
        append_line(self.results / "raw.tsv", *fields)


def append_line(path: Path, *fields) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write("\t".join(str(field) for field in fields) + "\n")


def text(value, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def per_gib(seconds: float, mib: float) -> str:
    return f"{seconds * 1024 / mib:.2f}" if seconds > 0 and mib > 0 else ""
