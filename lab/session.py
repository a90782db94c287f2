"""One master and its slaves on the LAN. `targets[i]` is what slave i writes to."""

from lab import disks as disk_tools
from lab.machine import master_program, slave_program, wait_for
from lab.programs import Program, Programs


class SlaveDoesNotListen(Exception):
    """A slave has not said `listening` in time."""


class Session:
    """Starts the programs and gives their exit codes. `codes` holds "master" and the numbers of the slaves."""

    def __init__(self, programs: Programs, targets: dict):
        self.programs, self.targets = programs, dict(targets)
        self.codes, self.slaves = {}, {}
        self.master: Program = None

    def slaves_up(self, *options) -> None:
        """Starts a slave for each target and waits until all listen."""
        for number in self.targets:
            self.slave_up(number, *options)
        for number in self.targets:
            if not self.slaves[number].heard_within(60, "^listening"):
                raise SlaveDoesNotListen(f"slave {number}: {self.slaves[number].said[-500:]}")

    def slave_up(self, number: int, *options) -> Program:
        name = f"slave{number}"
        command = [slave_program(), "--yes", "--label", name, *options, self.targets[number]]
        self.slaves[number] = self.programs.start(name, f"s{number}", *command)
        return self.slaves[number]

    def master_up(self, *options) -> Program:
        self.master = self.programs.start("master", "m", master_program(), "--yes", *options)
        return self.master

    def end(self, seconds: float, slave_seconds: float = 30) -> dict:
        """Waits for the master, then for the slaves, and gives the exit codes of all."""
        self.codes = {"master": self.master.outcome(seconds)}
        for number, slave in self.slaves.items():
            self.codes[number] = slave.outcome(slave_seconds)
        return self.codes

    def run(self, seconds: float, *master_options) -> dict:
        """Slaves and master from start to end; gives the exit codes."""
        self.slaves_up()
        self.master_up(*master_options)
        return self.end(seconds)

    def all_end(self, master: int, slaves: int) -> dict:
        """What `codes` must be when all slaves end with the same code."""
        return {"master": master, **{number: slaves for number in self.slaves}}

    def differing(self, source, offset: int = 0, length: int = 0) -> dict:
        """The targets that do not hold what the source holds there, each with the place; empty when all do."""
        return disk_tools.differences(self.targets, source, offset, length)

    def wait_until_sent(self, lan, wire_bytes: int, seconds: float = 60) -> bool:
        """Waits until the master's host has sent so many bytes since the LAN was made."""
        return wait_for(seconds, lambda: lan.wire_bytes("m") >= wire_bytes)
