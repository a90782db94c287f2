"""Scenario sealed: what sealing costs, sealed and open runs in turns, UFTP with AES-256-GCM beside them; and its bars. See bench/README.md.

Alone it judges the raw.tsv of a results folder: seals.py FOLDER. Exit code 1: a bar is not met.
"""

import csv
import statistics
import sys
from pathlib import Path

OURS, OPEN, UFTP = "ours", "ours_open", "uftp_sealed"
RATE, CPU, FIRST = "mbs", "cpu_gib_slave", "first"
# Scenario, slaves, field, program, beside which, relation, least or most.
LEAST, MOST, LATER = "at least, of it", "at most, of it", "at most, s later"
BARS = (
    ("sealed", 1, RATE, OURS, OPEN, LEAST, 0.95),
    ("sealed", 4, RATE, OURS, OPEN, LEAST, 0.95),
    ("sealed_offload", 1, RATE, OURS, OPEN, LEAST, 0.75),
    ("sealed", 1, CPU, OURS, OPEN, MOST, 1.25),
    ("sealed", 4, CPU, OURS, OPEN, MOST, 1.25),
    ("sealed_first", 16, FIRST, OURS, OPEN, LATER, 0.150),
    ("sealed", 1, RATE, OURS, UFTP, LEAST, 1.15),
    ("sealed", 4, RATE, OURS, UFTP, LEAST, 1.15),
)
NAMES = {RATE: "MB/s", CPU: "CPU s per GiB and slave", FIRST: "first data, s"}


def sealed(bench) -> None:
    from bench import setting
    from scenarios import RAW, plain
    from tools import Options

    plain(bench, "sealed", "1gbit", [(1, 512), (4, 1024)], [OURS, OPEN, UFTP], Options(RAW))
    plain(bench, "sealed_offload", "-", [(1, 3072)], [OURS, OPEN], Options(RAW, segments=40), frames="offload")
    plain(bench, "sealed_first", "1gbit", [(16, setting("FIRST_MIB", 32))], [OURS, OPEN], Options(RAW))
    text, is_met = judged(bench.results)
    print(text)
    bench.tell("passed" if is_met else "failed", f"sealed: {'every bar is met' if is_met else 'a bar is not met'}")


def judged(folder) -> tuple:
    """The bars as a table, which goes to sealed.md too, and whether all that were measured are met."""
    with open(Path(folder) / "raw.tsv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    lines = ["| scenario | slaves | what | sealed | beside | | ratio, or s later | bar | met |", "|---|---:|---|---:|---|---:|---:|---:|---|"]
    is_met = True
    for scenario, slaves, field, tool, other, relation, bar in BARS:
        ours, beside = (_median(rows, scenario, slaves, name, field) for name in (tool, other))
        if ours is None or not beside:
            continue
        value = ours - beside if relation == LATER else ours / beside
        met = value >= bar if relation == LEAST else value <= bar
        is_met &= met
        cells = (scenario, slaves, NAMES[field], f"{ours:.3f}", other, f"{beside:.3f}", f"{value:.3f}", f"{relation}: {bar}", "yes" if met else "no")
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    text = "\n".join(lines) + "\n"
    (Path(folder) / "sealed.md").write_text(text, encoding="utf-8")
    return text, is_met and len(lines) > 2


def _median(rows: list, scenario: str, slaves: int, tool: str, field: str):
    """Of the good runs; None when there is none."""
    found = [
        float(row[field])
        for row in rows
        if (row["scenario"], int(row["n"]), row["tool"]) == (scenario, slaves, tool) and row["good"] == "1" and row["identical"] == "yes" and row[field]
    ]
    return statistics.median(found) if found else None


if __name__ == "__main__":
    table, all_met = judged(sys.argv[1])
    print(table)
    sys.exit(0 if all_met else 1)
