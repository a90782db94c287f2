"""Seeds that run in processes of their own, some at a time: what the commands of the soak and of the power cuts share."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Told:
    """What the process of one seed told: its first line, a line for each problem, and how long it took."""

    first: str
    wrong: list
    seconds: float


def run_apart(program: Path, *words, running: set = None) -> Told:
    """Runs a command in a process of its own, which is in the set `running` meanwhile. Exit code 1 stands for problems that it has told."""
    began = time.monotonic()
    running = set() if running is None else running
    command = [sys.executable, program, *map(str, words)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        running.add(process)
        out, err = process.communicate()
        running.discard(process)
    told = out.splitlines()
    wrong = told[1:]
    if process.returncode not in (0, 1) or (process.returncode == 1 and not wrong) or err.strip():
        wrong.append(f"{program.parent.name}/{program.name} itself failed with {process.returncode}: {err.strip()[-1500:]}")
    return Told(told[0] if told else "", wrong, time.monotonic() - began)


def run_all(seeds, one, jobs: int, minutes, tell) -> list:
    """What `one(seed, running)` gave for each seed, told by `tell` in their order. No seed begins after so many minutes; SIGTERM ends all
    processes.
    """
    began, running, results = time.monotonic(), set(), []

    def begin(seed: int):
        is_late = minutes is not None and time.monotonic() - began > minutes * 60
        return None if is_late else one(seed, running)

    def end(*_) -> None:
        for process in list(running):
            process.terminate()
        sys.exit(143)

    signal.signal(signal.SIGTERM, end)
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for result in filter(None, pool.map(begin, seeds)):
            results.append(result)
            tell(result)
    return results
