"""Programs in the background: their exit codes, what they say, their events, their memory."""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import jsonschema

from lab import events, keys
from lab.machine import wait_for

LATE = 124  # exit code of a program that had to be ended because it was not over in time


class Program:
    """One program. Its output lies in files, so that a program which says much never waits for a reader."""

    def __init__(self, name: str, command: list, log: Path, env: dict = None):
        self.name, self._log, self._code = name, log, None
        self.tells_events = "--json" in command
        self._watcher, self._peak_kib, self._read_bytes = None, 0, 0
        with open(log / f"{name}.out", "wb") as out, open(log / f"{name}.err", "wb") as err:
            # Who started us may have set SIGINT to be ignored, and a JVM inherits that: env gives the signal back.
            words = ["env", "--default-signal=INT,QUIT", *command]
            self._process = subprocess.Popen(
                [os.fspath(word) if isinstance(word, os.PathLike) else str(word) for word in words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**os.environ, **env} if env else None,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def outcome(self, seconds: float) -> int:
        """Waits for the end and gives the exit code: 128 + n after signal n, LATE when it was not over in time and had
        to be killed.
        """
        try:
            code = self._process.wait(seconds)
            self._code = code if code >= 0 else 128 - code
        except subprocess.TimeoutExpired:
            self.stop()
            self._code = LATE
        self._end_watch()
        return self._code

    @property
    def code(self):
        """The exit code that `outcome` gave; None before."""
        return self._code

    def stop(self) -> None:
        """Kills the program when it still runs."""
        if self.is_running:
            self._process.kill()
            self._process.wait()
        self._end_watch()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    @property
    def out(self) -> str:
        return self._text("out")

    @property
    def err(self) -> str:
        return self._text("err")

    @property
    def said(self) -> str:
        """All that it wrote, stderr first."""
        return self.err + self.out

    def says(self, pattern: str) -> bool:
        """Whether a line of its stderr matches a regular expression."""
        return re.search(pattern, self.err, re.MULTILINE) is not None

    @property
    def listens(self) -> bool:
        return self.says("^listening")

    def heard_within(self, seconds: float, pattern: str) -> bool:
        """Waits until a line of its stderr matches, or the program has ended; True when the line is there."""
        wait_for(seconds, lambda: self.says(pattern) or not self.is_running)
        return self.says(pattern)

    @property
    def events(self) -> list:
        """Its events so far; each was held against the schema."""
        return events.read(self.out)

    def watch(self) -> "Program":
        """Notes peak memory and bytes read ten times a second until the program ends."""
        self._watcher = threading.Thread(target=self._look, daemon=True)
        self._watcher.start()
        return self

    @property
    def peak_mib(self) -> int:
        """The most memory that was resident at a time."""
        return self._peak_kib // 1024

    @property
    def read_bytes(self) -> int:
        """Bytes that it has read, whatever they lay on."""
        return self._read_bytes

    def _look(self) -> None:
        while self.is_running:
            try:
                status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8", errors="replace")
                io = Path(f"/proc/{self.pid}/io").read_text(encoding="ascii")
            except OSError:
                return
            peak, read = re.search(r"VmHWM:\s+(\d+)", status), re.search(r"rchar: (\d+)", io)
            self._peak_kib = int(peak.group(1)) if peak else self._peak_kib
            self._read_bytes = int(read.group(1)) if read and peak else self._read_bytes
            time.sleep(0.1)

    def _end_watch(self) -> None:
        if self._watcher:
            self._watcher.join()
            self._watcher = None

    def _text(self, ending: str) -> str:
        return (self._log / f"{self.name}.{ending}").read_text(encoding="utf-8", errors="surrogateescape")


class Programs:
    """The programs of one test. Those that still run at its end are killed."""

    def __init__(self, log: Path, lan=None):
        self._log, self._lan, self._started = log, lan, []

    def start(self, name: str, host: str, *command, env: dict = None, asks: bool = False) -> Program:
        """Starts a program on a host of the LAN, or on this machine when the host is "-". Its session is sealed by the key of this run, unless its words
        say otherwise, or it is to ask for a secret, or to lack one.
        """
        words = list(command) if asks else keys.sealed(command, env)
        words = words if host == "-" else self._lan.command(host, *words)
        program = Program(name, words, self._log, env)
        self._started.append(program)
        return program

    def run(self, name: str, host: str, *command, seconds: float = 120, env: dict = None) -> Program:
        """Runs a program to its end, which must come within so many seconds."""
        program = self.start(name, host, *command, env=env)
        program.outcome(seconds)
        return program

    @property
    def started(self) -> tuple:
        """All programs, in the order in which they were started."""
        return tuple(self._started)

    def stop(self) -> None:
        for program in self._started:
            program.stop()

    def broken_events(self) -> list:
        """What does not fit the schema of all that the programs with --json have told."""
        broken = []
        for program in self._started:
            try:
                if program.tells_events:
                    events.read(program.out)
            except (ValueError, jsonschema.ValidationError) as fault:
                broken.append(f"{program.name}: {fault}")
        return broken

    def report(self, lines: int = 8) -> str:
        """The last lines of each program, for whoever has to find out why a test failed."""
        if not self._log.exists():  # the end of a module has removed it
            return ""
        parts = []
        for program in self._started:
            state = "still runs" if program.is_running else f"exit code {program.code}"
            parts += [f"{program.name}: {state}"] + [
                f"  {program.name}| {line}" for line in program.said.splitlines()[-lines:]
            ]
        return "\n".join(parts)
