"""Scenario flat: independent random loss at each slave, from none to 10 %. See bench/README.md."""

import sys

from bench import BENCH, Bench, append_line, setting, text
from lab.machine import attempt
from scenarios import RAW, identical, numbers
from tools import TOOLS, Options, remove_uftp_targets

SLAVES = setting("FLAT_SLAVES", 16)
MIB_SENT = setting("FLAT_MIB", 128)
RATE = setting("FLAT_RATE", "50mbit")
LIMIT = setting("FLAT_LIMIT", 100)  # seconds after which a program counts as not finishing
FIELDS = "loss tool repetition slaves mib seconds first last datagrams wire".split()


def flat(bench: Bench) -> None:
    bench.plain_disks(SLAVES, MIB_SENT)
    bench.lan_up(SLAVES, RATE)
    limit, bench.limit = bench.limit, LIMIT
    for repetition in range(1, bench.repeat + 1):
        for loss in numbers("FLAT_LOSSES", "0 1 5 10"):  # per cent
            for number in range(1, SLAVES + 1):
                bench.lan.loss(f"s{number}", loss * 10_000)
            for tool in setting("TOOLS", "ours udpcast udpcast_fec uftp").split():
                one_run(bench, loss, tool, repetition)
    bench.limit = limit
    bench.lan_down()
    bench.no_disks()
    judged = attempt(sys.executable, BENCH / "flat.py", bench.results, RATE)
    print(judged.stdout + judged.stderr)
    met = judged.returncode == 0
    bench.tell("passed" if met else "failed", f"flat: {'every bar is met' if met else 'a bar is not met'}")


def one_run(bench: Bench, loss: int, tool: str, repetition: int) -> None:
    bench.dirty(bench.targets.values())
    TOOLS[tool](bench, SLAVES, Options(RAW))
    finished = bench.good and identical(bench, tool, SLAVES) == "yes"
    remove_uftp_targets(bench)
    found = bench.result
    seconds = text(found["total"] - found["first"], 3) if finished else ""
    told = [
        text(found.get(name), digits) for name, digits in (("first", 3), ("last", 3), ("datagrams", 0), ("wire", 0))
    ]
    table = bench.results / "flat.tsv"
    if not table.exists():
        append_line(table, *FIELDS)
    append_line(table, loss, tool, repetition, SLAVES, MIB_SENT, seconds, *told)
    result = f"{seconds} s" if finished else "did not finish"
    bench.note(f"flat {loss} % {tool} #{repetition}: {result}, {told[2] or '-'} datagrams")
    if tool == "ours" and not finished:
        bench.tell("failed", f"flat {loss} % ours #{repetition}")
        bench.show()
