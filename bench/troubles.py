"""Scenario faults: one slave of eight is slow, stopped, killed, late or rebooted; and disks that hold most of the image
already.

See bench/README.md. Times are those of the events that the programs print with --json: a slave's, from the master's
start of data to the slave's own end, when its disk is verified.
"""

import signal
import sys
import time

from bench import BENCH, Bench, setting
from lab.disks import difference
from lab.machine import MIB, run, wait_for
from lab.session import Session, SlaveDoesNotListen

SLAVES = setting("FAULT_SLAVES", 8)
MIB_SENT = setting("FAULT_MIB", 256)
RATE = setting("FAULT_RATE", "100mbit")
SLOW_DISK = setting("SLOW_DISK", 1_250_000)  # bytes a second: 10 % of the link
ALL = "alone all catchup wait drop stopped killed late rebooted delta union"


def faults(bench: Bench) -> None:
    bench.plain_disks(SLAVES, MIB_SENT)
    bench.lan_up(SLAVES, RATE)
    for _ in range(bench.repeat):
        for name in setting("FAULTS", ALL).split():
            FAULTS[name](Fault(bench, name))
    bench.lan_down()
    bench.no_disks()
    command = [sys.executable, BENCH / "faults.py", "judge", bench.results]
    judged = bench.programs.run("judge", "-", *command, seconds=60)
    print(judged.said)
    met = judged.code == 0
    bench.tell("passed" if met else "failed", f"faults: {'every bar is met' if met else 'a bar is not met'}")


class Fault:
    """One session with a fault. The last slave is the one that has it."""

    def __init__(self, bench: Bench, name: str):
        bench.begin_programs()
        self.bench, self.name = bench, name
        self.session = Session(bench.programs, bench.targets)
        self.settled = 0.0  # when the last thing was done to a slave, in seconds since 1970

    def begin(self, slaves: int) -> None:
        """Slaves 1 to this one listen, their disks full of junk. They begin one after the other."""
        targets = dict(self.session.targets)
        self.bench.dirty([targets[i] for i in range(1, slaves + 1)])
        for i in range(1, slaves + 1):
            if not self.session.slave_up(i, "--json").heard_within(30, "^listening"):
                raise SlaveDoesNotListen(f"slave {i}")
        self.wire_before, self.datagrams_before = self.bench.lan.wire_bytes("m"), self.bench.lan.wire_frames("m")

    def master(self, slaves: int, *options) -> None:
        words = ["--broadcast", "--json", "--codec", "none", "--all-blocks", "--disk", self.bench.source]
        self.session.master_up(*words, "--slaves", slaves, *options)

    def to_part(self, percent: int) -> None:
        """Waits until so much of one pass is on the wire."""
        goal = self.wire_before + MIB_SENT * MIB // 100 * percent
        wait_for(60, lambda: self.bench.lan.wire_bytes("m") >= goal)

    @property
    def the_one(self):
        return self.session.slaves[SLAVES]

    def end(self, seconds: int, codes: dict, one: int = 0, extra="") -> None:
        """Waits, compares, and has a line of faults.tsv written."""
        bench, session = self.bench, self.session
        found = session.end(seconds, 40)
        wrong = [f"{name} {code}" for name, code in found.items() if code != codes.get(name, 0)]
        for number in session.slaves:
            if codes.get(number, 0) == 0 and difference(session.targets[number], bench.source):
                wrong.append(f"slave {number} differs")
        datagrams = bench.lan.wire_frames("m") - self.datagrams_before
        sent = bench.lan.wire_bytes("m") - self.wire_before
        told = [
            bench.results,
            self.name,
            bench.work.log,
            one,
            datagrams,
            sent,
            MIB_SENT,
            extra,
            " ".join(wrong) or "right",
            self.settled,
        ]
        print(run(sys.executable, BENCH / "faults.py", "add", *told), end="")
        if wrong:
            bench.tell("failed", f"{self.name}: {wrong}")
            bench.show()


def alone(fault):
    fault.begin(SLAVES - 1)
    fault.master(SLAVES - 1)
    fault.end(120, {})


def everybody(fault):
    fault.begin(SLAVES)
    fault.master(SLAVES)
    fault.end(120, {})


def slow_disk(fault):
    """The last slave writes to a throttled loop device; the name of the fault is what --slow gets."""
    bench, code = fault.bench, 3 if fault.name == "drop" else 0
    device = bench.disks.attach(bench.targets[SLAVES])
    group = bench.disks.throttle(device, SLOW_DISK)
    if group is None:
        bench.tell("skipped", f"{fault.name}: no cgroup for throttling disks")
    else:
        fault.session.targets[SLAVES] = device
        fault.begin(SLAVES)
        (group / "cgroup.procs").write_text(str(fault.the_one.pid))
        fault.master(SLAVES, "--slow", fault.name)
        fault.end(500, {"master": code, SLAVES: code}, SLAVES)
        bench.disks.unthrottle(group)
    bench.disks.detach(device)


def stopped(fault):
    fault.begin(SLAVES)
    fault.master(SLAVES)
    fault.to_part(25)
    fault.the_one.signal(signal.SIGSTOP)
    time.sleep(20)
    fault.the_one.signal(signal.SIGCONT)
    fault.settled = time.time()
    fault.end(200, {}, SLAVES)


def killed(fault):
    fault.begin(SLAVES)
    fault.master(SLAVES)
    fault.to_part(50)
    fault.the_one.signal(signal.SIGKILL)
    fault.settled = time.time()
    fault.end(120, {"master": 3, SLAVES: 137}, SLAVES)


def late(fault):
    fault.begin(SLAVES - 1)
    fault.master(SLAVES - 1)
    fault.to_part(50)
    fault.session.slave_up(SLAVES, "--json")
    fault.end(200, {}, SLAVES)


def rebooted(fault):
    fault.begin(SLAVES)
    fault.master(SLAVES)
    fault.to_part(70)
    fault.the_one.stop()
    done = int(run(sys.executable, BENCH / "faults.py", "done", fault.bench.work.log / f"slave{SLAVES}.out"))
    fault.session.slave_up(SLAVES, "--json")
    fault.end(200, {}, SLAVES, MIB_SENT * MIB - done)


def stale(shift: int, step: int):
    """Slave i holds the source but for the tracks i * shift, i * shift + step, ..."""

    def session(fault):
        fault.begin(SLAVES)
        for i in range(1, SLAVES + 1):
            run(
                sys.executable,
                BENCH / "faults.py",
                "age",
                fault.bench.source,
                fault.session.targets[i],
                i * shift,
                step,
            )
        fault.master(SLAVES, "--delta")
        fault.end(200, {})

    return session


FAULTS = {
    "alone": alone,
    "all": everybody,
    "catchup": slow_disk,
    "wait": slow_disk,
    "drop": slow_disk,
    "stopped": stopped,
    "killed": killed,
    "late": late,
    "rebooted": rebooted,
    "delta": stale(0, 20),  # one track of 20 is stale, the same at each slave
    "union": stale(20, 160),  # each has its own share of them
}
