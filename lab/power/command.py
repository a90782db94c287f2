"""The command: records sessions, one process for each, and judges power cuts at random points of them.

acceptance/power [--cuts N] [--each K] [--seed S] [--jobs J] [--minutes M] [--show]
"""

import argparse
import os
import random
import signal
import sys
from dataclasses import dataclass

from lab import machine
from lab.machine import PROJECT
from lab.power.session import Recorded, plan_of
from lab.seeds import run_all, run_apart
from lab.soak import volumes

KEPT = PROJECT / "target/power"  # what failing seeds leave
TOOLS = (*volumes.TOOLS, "nft", "tc", "losetup", "gcc")
EACH = 100  # power cuts of one recorded session


def main(words: list) -> int:
    asked = _arguments(words)
    if asked.one is not None:
        return _run_here(asked.one, asked.cuts, asked.again)
    first = asked.seed if asked.seed is not None else random.randrange(1, 1 << 31)
    seeds = range(first, first + -(-asked.cuts // asked.each))
    if asked.show:
        for seed in seeds:
            print(f"seed {seed}: {plan_of(seed)}")
        return 0
    lacking = machine.lacking(TOOLS)
    if os.geteuid() != 0 or lacking:
        sys.exit(f"acceptance/power: needs root and {', '.join(lacking or TOOLS)}")
    return _run_all(seeds, asked)


def _arguments(words: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="acceptance/power", description="Judges power cuts at any point of real runs.")
    parser.add_argument("--cuts", type=int, default=200, metavar="N", help="how many power cuts in all (default: 200)")
    parser.add_argument("--each", type=int, default=EACH, metavar="K", help=f"how many of one session (default: {EACH})")
    parser.add_argument("--seed", type=int, default=None, metavar="S", help="the first seed (default: any)")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="how many sessions at a time (default: 1)")
    parser.add_argument("--minutes", type=float, metavar="M", help="begin no more sessions after so many minutes")
    parser.add_argument("--show", action="store_true", help="say what the seeds decide, and run nothing")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--again", type=int, default=1, help=argparse.SUPPRESS)
    return parser.parse_args(words)


# ------------------------------------------------------------------------------------------------------ one seed, here


def _run_here(seed: int, cuts: int, again: int) -> int:
    """Runs one seed in this process. Standard output has a line with counts, then one for each problem."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    machine.own_mounts()
    session = Recorded(seed)
    problems = ["it did not come to its end"]
    try:
        session.run()
        problems = list(session.wrong)
        if not problems:
            problems += session.judge(cuts)
            problems += session.unseen()
            problems += session.halves_taken_for_whole()
            problems += session.again() if again else []
        records = sum(len(case.records or []) for case in session.cases)
        print(f"{session.cut_count} {len(session.cases)} {records} {session.half_count} {again}")
        for problem in problems:
            print(problem.replace("\n", " "))
        return 1 if problems else 0
    finally:
        if problems:
            session.keep_logs(KEPT / f"seed-{seed}")
        session.remove(False)


# ----------------------------------------------------------------------------------------------------------- all seeds


@dataclass(frozen=True)
class Result:
    """How one seed went: what was wrong; power cuts, programs, records, half files that were verified, rooms started again."""

    seed: int
    wrong: list
    counts: tuple
    seconds: float


def run_seed(seed: int, cuts: int, again: bool = True, running: set = None) -> Result:
    """Runs one seed in a process of its own, which is in the set `running` meanwhile."""
    words = ("--one", seed, "--cuts", cuts, "--again", int(again))
    told = run_apart(PROJECT / "acceptance/power", *words, running=running)
    counts = tuple(map(int, told.first.split())) if told.first else (0,) * 5
    return Result(seed, told.wrong, counts, told.seconds)


def _run_all(seeds, asked: argparse.Namespace) -> int:
    def one(seed: int, running: set) -> Result:
        return run_seed(seed, min(asked.each, asked.cuts), True, running)

    results = run_all(seeds, one, asked.jobs, asked.minutes, _tell)
    cuts, programs, records, halves, again = (sum(column) for column in zip(*(result.counts for result in results)))
    failed = [result.seed for result in results if result.wrong]
    print(
        f"{cuts} power cuts in {len(results)} sessions, {programs} programs and {records} records; {halves} half images verified, "
        f"{again} rooms started again; {len(failed)} sessions failed" + (f": {' '.join(map(str, failed))}" if failed else "")
    )
    return 1 if failed else 0


def _tell(result: Result) -> None:
    word = "FAILED" if result.wrong else "right"
    print(f"seed {result.seed}: {word} in {result.seconds:.1f} s, {result.counts[0]} cuts: {plan_of(result.seed)}", flush=True)
    for line in result.wrong[:12]:
        print(f"    {line}", flush=True)
    if result.wrong:
        print(f"    logs: {KEPT}/seed-{result.seed}; again: acceptance/power --seed {result.seed} --cuts {EACH}", flush=True)
