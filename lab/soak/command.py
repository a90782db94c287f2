"""The command: runs seeds, one process for each, and tells of them.

acceptance/soak [--runs N] [--seed S] [--jobs J] [--minutes M] [--only KIND] [--out FILE] [--show]
"""

import argparse
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lab import machine
from lab.machine import PROJECT, run
from lab.seeds import run_all, run_apart
from lab.soak import plan as plans
from lab.soak import volumes
from lab.soak.judge import FALSE_SUCCESS, WRONG_BYTES, Judge
from lab.soak.session import Soaked

KEPT = PROJECT / "target/soak"  # what failing seeds leave
TOOLS = (*volumes.TOOLS, "nft", "tc", "losetup", "gcc")
NO_FAULT = "none"


def main(words: list) -> int:
    asked = _arguments(words)
    if asked.one is not None:
        return _run_here(asked.one, asked.kept)
    seeds = chosen(asked.seed, asked.runs, asked.only)
    if asked.show:
        for seed in seeds:
            print(f"seed {seed}: {plans.of(seed)}")
        return 0
    lacking = machine.lacking(TOOLS)
    if os.geteuid() != 0 or lacking:
        sys.exit(f"acceptance/soak: needs root and {', '.join(lacking or TOOLS)}")
    return _run_all(seeds, asked)


def _arguments(words: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="acceptance/soak", description="Runs random sessions, and judges them.")
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="how many sessions (default: 10)")
    parser.add_argument("--seed", type=int, default=None, metavar="S", help="the first seed (default: any)")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="how many at a time (default: 1)")
    kinds = [*plans.ALL_KINDS, NO_FAULT]
    parser.add_argument("--only", choices=kinds, metavar="KIND", help=f"seeds with this fault: {', '.join(kinds)}")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a line for each run is added to this table (TSV)")
    parser.add_argument("--show", action="store_true", help="say what the seeds decide, and run nothing")
    parser.add_argument("--minutes", type=float, metavar="M", help="begin no more sessions after so many minutes")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--kept", type=Path, default=KEPT, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def chosen(first, runs: int, only) -> list:
    """The seeds from the first one on; with a kind of fault, those that have it."""
    seed, found = first if first is not None else random.randrange(1, 1 << 31), []
    while len(found) < runs:
        kinds = [fault.kind for fault in plans.of(seed).faults] or [NO_FAULT]
        if only is None or only in kinds:
            found.append(seed)
        seed += 1
    return found


# ------------------------------------------------------------------------------------------------------ one seed, here


def _run_here(seed: int, kept: Path) -> int:
    """Runs one seed in this process. Standard output has a line with the faults that happened, then one for each problem."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    machine.own_mounts()
    session, keep = Soaked(plans.of(seed)), False
    try:
        session.run()
        problems = Judge(session).judge()
        keep = any(problem.kind in (FALSE_SUCCESS, WRONG_BYTES) for problem in problems)
        if problems:
            session.keep_logs(kept / f"seed-{seed}")
        print(" ".join(fault.kind for fault in session.happened))
        for problem in problems:
            print(str(problem).replace("\n", " "))
        return 1 if problems else 0
    except BaseException:
        session.keep_logs(kept / f"seed-{seed}")
        raise
    finally:
        session.remove(keep)


# ----------------------------------------------------------------------------------------------------------- all seeds


@dataclass(frozen=True)
class Result:
    """How one seed went: what was wrong, the kinds of faults that have happened before the session was over, seconds."""

    seed: int
    wrong: list
    happened: list
    seconds: float

    @property
    def word(self) -> str:
        return "FAILED" if self.wrong else "right"


def run_seed(seed: int, running: set = None, kept: Path = KEPT) -> Result:
    """Runs one seed in a process of its own, which is in the set `running` meanwhile. A failure leaves logs in `kept`."""
    told = run_apart(PROJECT / "acceptance/soak", "--one", seed, "--kept", kept, running=running)
    return Result(seed, told.wrong, told.first.split(), told.seconds)


def _run_all(seeds: list, asked: argparse.Namespace) -> int:
    began = time.monotonic()

    def tell(result: Result) -> None:
        _tell(result)
        if asked.out:
            _add_row(asked.out, result)

    results = run_all(seeds, run_seed, asked.jobs, asked.minutes, tell)
    failed = [result.seed for result in results if result.wrong]
    hours = (time.monotonic() - began) / 3600
    print(
        f"{len(results)} sessions, {len(failed)} failed, {len(results) / hours:.0f} an hour"
        + (f"; failed: {' '.join(map(str, failed))}" if failed else "")
    )
    return 1 if failed else 0


def _tell(result: Result) -> None:
    plan = plans.of(result.seed)
    missed = [fault.kind for fault in plan.faults if fault.kind not in result.happened]
    late = f"; over before {' and '.join(missed)}" if missed else ""
    print(f"seed {result.seed}: {result.word} in {result.seconds:.1f} s: {plan}{late}", flush=True)
    for line in result.wrong:
        print(f"    {line}", flush=True)
    if result.wrong:
        print(f"    logs: {KEPT}/seed-{result.seed}; again: acceptance/soak --runs 1 --seed {result.seed}", flush=True)


def _add_row(out: Path, result: Result) -> None:
    is_new = not out.exists()
    version = run("git", "-C", PROJECT, "rev-parse", "--short", "HEAD").strip() if (PROJECT / ".git").exists() else ""
    with open(out, "a", encoding="utf-8") as table:
        if is_new:
            table.write("seed\tresult\tseconds\tversion\twhat\thappened\twrong\n")
        row = [result.seed, result.word, f"{result.seconds:.1f}", version, plans.of(result.seed)]
        table.write("\t".join(map(str, [*row, " ".join(result.happened), " | ".join(result.wrong)])) + "\n")
