"""Writes report.md and plot.svg beside the raw.tsv of a results folder: report.py FOLDER."""

import collections
import csv
import datetime
import os
import platform
import statistics
import sys

from plot import Picture

TITLES = {
    "start": "From the command to its first result",
    "wire": "1 Gbit/s link, wire-like veth, bytes that do not compress",
    "free": "No rate limit, wire-like veth, bytes that do not compress",
    "offload": "veth with segmentation offload, bytes that do not compress",
    "jumbo": "9000-byte frames, bytes that do not compress",
    "system": "System disk of 2 GiB, 1 Gbit/s",
    "modes": "Each mode beside dd and udpcast, system disk of 2 GiB, 1 Gbit/s",
    "halves": "Modes beside zstd and beside their halves, system disk of 2 GiB, 1 Gbit/s",
    "verify": "Cost of reading back, 1 Gbit/s",
    "slow": "System disk of 2 GiB, 100 Mbit/s",
    "sealed": "Sealed and open in turns, 1 Gbit/s, bytes that do not compress",
    "sealed_offload": "Sealed and open in turns, veth with segmentation offload, bytes that do not compress",
    "sealed_first": "Sealed and open in turns, 16 slaves, 1 Gbit/s: first data",
    "flat": "Time by independent loss at each slave",
}


def number(text):
    return float(text) if text else None


def median(rows, field):
    values = [number(row.get(field)) for row in rows if row["good"] == "1" and row["identical"] != "no"]
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def shown(value, digits=1):
    return "" if value is None else f"{value:.{digits}f}"


def machine():
    with open("/proc/cpuinfo") as f:
        cpu = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) // 1048576
    return f"{os.cpu_count()} cores of {cpu}, {memory} GiB, kernel {platform.release()}"


def table(cells):
    peer = "udpcast" if any(tool == "udpcast" for _, tool in cells) else None
    lines = [
        "| slaves | program | runs | MB/s | of udpcast | of blaster | total s | first data s | CPU s per GiB and slave | of master, per GiB "
        "| of a slave, per GiB | master MiB | slave MiB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (n, tool), rows in cells.items():
        good = sum(row["good"] == "1" and row["identical"] != "no" for row in rows)
        rate, beside = median(rows, "mbs"), median(cells.get((n, peer), []), "mbs")
        ceiling = median(cells.get((n, "blaster"), []), "mbs")
        ratio = rate / beside if rate and beside else None
        share = rate / ceiling if rate and ceiling else None
        lines.append(
            f"| {n} | {tool} | {good}/{len(rows)} | {shown(rate)} | {shown(ratio, 2)} | {shown(share, 2)} | {shown(median(rows, 'total'), 2)} "
            f"| {shown(median(rows, 'first'), 2)} | {shown(median(rows, 'cpu_gib_slave'), 2)} "
            f"| {shown(median(rows, 'sender_cpu_gib'), 2)} | {shown(median(rows, 'receiver_cpu_gib'), 2)} "
            f"| {shown(median(rows, 'sender_mib'), 0)} | {shown(median(rows, 'receiver_mib'), 0)} |"
        )
    return lines


def plot(scenarios, losses, path):
    """Rates by number of slaves, as lines where there are three numbers or more; starts in seconds; time by loss."""
    picture = Picture()
    for scenario, cells in scenarios.items():
        field, unit = ("total", "s") if scenario == "start" else ("mbs", "MB/s")
        values = {(n, tool): median(rows, field) for (n, tool), rows in cells.items()}
        values = {key: value for key, value in values.items() if value is not None}
        title = TITLES.get(scenario, scenario)
        if len({n for n, _ in values}) > 2:
            picture.lines(title, unit, "slaves", {(int(n), tool): value for (n, tool), value in values.items()})
        elif values:
            picture.bars(title, unit, {(slaves(n), tool): value for (n, tool), value in values.items()})
    if losses:
        picture.lines(TITLES["flat"], "s", "loss %", losses)
    picture.write(path)


def slaves(n):
    return {"0": "alone", "1": "1 slave"}.get(n, f"{n} slaves")


def times_by_loss(path):
    """(loss, program) -> median of the seconds of the runs that finished; empty when that scenario did not run."""
    if not os.path.exists(path):
        return {}
    seconds = collections.OrderedDict()
    with open(path) as f:
        for row in csv.DictReader(f, delimiter="\t"):
            if row["seconds"]:
                seconds.setdefault((float(row["loss"]), row["tool"]), []).append(float(row["seconds"]))
    return {key: statistics.median(values) for key, values in seconds.items()}


def main(folder):
    scenarios = collections.OrderedDict()
    with open(os.path.join(folder, "raw.tsv")) as f:
        for row in csv.DictReader(f, delimiter="\t"):
            cells = scenarios.setdefault(row["scenario"], collections.OrderedDict())
            cells.setdefault((row["n"], row["tool"]), []).append(row)
    with open(os.path.join(folder, "report.md"), "w") as f:
        f.write(f"# Measured {datetime.date.today()}\n\n{machine()}. Medians; the columns are explained in bench/README.md.\n")
        for scenario, cells in scenarios.items():
            f.write(f"\n## {TITLES.get(scenario, scenario)}\n\n" + "\n".join(table(cells)) + "\n")
        f.write("\n![Rates](plot.svg)\n")
    plot(scenarios, times_by_loss(os.path.join(folder, "flat.tsv")), os.path.join(folder, "plot.svg"))


main(sys.argv[1])
