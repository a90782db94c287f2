"""The command: runs seeds, one process for each, and tells of them.

acceptance/soak [--runs N] [--seed S] [--jobs J] [--only KIND] [--out FILE] [--show]
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab import machine
from lab.machine import PROJECT, run
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
        return _run_here(asked.one)
    seeds = chosen(asked.seed, asked.runs, asked.only)
    if asked.show:
        for seed in seeds:
            print(f"seed {seed}: {plans.of(seed)}")
        return 0
    lacking = machine.lacking(TOOLS)
    if os.geteuid() != 0 or lacking:
        sys.exit(f"acceptance/soak: needs root and {', '.join(lacking or TOOLS)}")
    return _run_all(seeds, asked.jobs, asked.out)


def _arguments(words: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="acceptance/soak", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="how many sessions (default: 10)")
    parser.add_argument("--seed", type=int, default=None, metavar="S", help="the first seed (default: any)")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="how many at a time (default: 1)")
    kinds = [*plans.ALL_KINDS, NO_FAULT]
    parser.add_argument("--only", choices=kinds, metavar="KIND", help=f"seeds with this fault: {', '.join(kinds)}")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a line for each run is added to this table (TSV)")
    parser.add_argument("--show", action="store_true", help="say what the seeds decide, and run nothing")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
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


def _run_here(seed: int) -> int:
    """Runs one seed in this process; what is wrong stands on standard output, a line each."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    machine.own_mounts()
    session, keep = Soaked(plans.of(seed)), False
    try:
        session.run()
        problems = Judge(session).judge()
        keep = any(problem.kind in (FALSE_SUCCESS, WRONG_BYTES) for problem in problems)
        if problems:
            session.keep_logs(KEPT / f"seed-{seed}")
        for problem in problems:
            print(str(problem).replace("\n", " "))
        return 1 if problems else 0
    except BaseException:
        session.keep_logs(KEPT / f"seed-{seed}")
        raise
    finally:
        session.remove(keep)


# ----------------------------------------------------------------------------------------------------------- all seeds


def run_seed(seed: int) -> tuple:
    """Runs one seed in a process of its own: what is wrong, and the seconds that it took."""
    began = time.monotonic()
    command = [sys.executable, PROJECT / "acceptance/soak", "--one", str(seed)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    wrong = done.stdout.strip().splitlines()
    if done.returncode not in (0, 1) or (done.returncode == 1 and not wrong) or done.stderr.strip():
        wrong.append(f"the soak itself failed: {done.stderr.strip()[-1500:]}")
    return wrong, time.monotonic() - began


def _run_all(seeds: list, jobs: int, out) -> int:
    failed, began = [], time.monotonic()
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for seed, (wrong, seconds) in zip(seeds, pool.map(run_seed, seeds)):
            result = "FAILED" if wrong else "right"
            what = str(plans.of(seed))
            print(f"seed {seed}: {result} in {seconds:.1f} s: {what}", flush=True)
            for line in wrong:
                print(f"    {line}", flush=True)
            if wrong:
                failed.append(seed)
                print(f"    logs: {KEPT}/seed-{seed}; again: acceptance/soak --runs 1 --seed {seed}", flush=True)
            if out:
                _add_row(out, seed, what, result, seconds, wrong)
    hours = (time.monotonic() - began) / 3600
    print(
        f"{len(seeds)} sessions, {len(failed)} failed, {len(seeds) / hours:.0f} an hour"
        + (f"; failed: {' '.join(map(str, failed))}" if failed else "")
    )
    return 1 if failed else 0


def _add_row(out: Path, seed: int, what: str, result: str, seconds: float, wrong: list) -> None:
    is_new = not out.exists()
    version = run("git", "-C", PROJECT, "rev-parse", "--short", "HEAD").strip() if (PROJECT / ".git").exists() else ""
    with open(out, "a", encoding="utf-8") as table:
        if is_new:
            table.write("seed\tresult\tseconds\tversion\twhat\twrong\n")
        table.write(f"{seed}\t{result}\t{seconds:.1f}\t{version}\t{what}\t{' | '.join(wrong)}\n")
