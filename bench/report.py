"""Writes report.md and plot.svg beside the raw.tsv of a results folder: report.py FOLDER."""

import collections
import csv
import datetime
import html
import os
import platform
import statistics
import sys

TITLES = {
    "wire": "1 Gbit/s link, wire-like veth, bytes that do not compress",
    "free": "No rate limit, wire-like veth, bytes that do not compress",
    "offload": "veth with segmentation offload, bytes that do not compress",
    "jumbo": "9000-byte frames, bytes that do not compress",
    "system": "System disk of 2 GiB, 1 Gbit/s",
    "modes": "Each mode beside dd and udpcast, system disk of 2 GiB, 1 Gbit/s",
    "halves": "Modes beside zstd and beside their halves, system disk of 2 GiB, 1 Gbit/s",
    "verify": "Cost of reading back, 1 Gbit/s",
    "slow": "System disk of 2 GiB, 100 Mbit/s",
}
COLOURS = ["#1b6ca8", "#d1495b", "#edae49", "#66a182", "#7d5ba6", "#888888", "#2e4057", "#c06014", "#009fb7", "#a0a0d0", "#555555"]


def number(text):
    return float(text) if text else None


def median(rows, field):
    values = [number(row[field]) for row in rows if row["good"] == "1" and row["identical"] != "no"]
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
        "| slaves | program | runs | MB/s | of udpcast | total s | first data s | CPU s per GiB and slave | master MiB | slave MiB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (n, tool), rows in cells.items():
        good = sum(row["good"] == "1" and row["identical"] != "no" for row in rows)
        rate, beside = median(rows, "mbs"), median(cells.get((n, peer), []), "mbs")
        ratio = rate / beside if rate and beside else None
        lines.append(
            f"| {n} | {tool} | {good}/{len(rows)} | {shown(rate)} | {shown(ratio, 2)} | {shown(median(rows, 'total'), 2)} "
            f"| {shown(median(rows, 'first'), 2)} | {shown(median(rows, 'cpu_gib_slave'), 2)} "
            f"| {shown(median(rows, 'sender_mib'), 0)} | {shown(median(rows, 'receiver_mib'), 0)} |"
        )
    return lines


def plot(scenarios, path):
    """Bars of the median rate, a row of groups for each scenario."""
    width, bar, height, parts, top = 900, 26, 190, [], 0
    for scenario, cells in scenarios.items():
        tools = list(dict.fromkeys(tool for _, tool in cells))
        groups = list(dict.fromkeys(n for n, _ in cells))
        values = {key: median(rows, "mbs") or 0 for key, rows in cells.items()}
        peak = max(values.values(), default=0) or 1
        parts.append(f'<text x="10" y="{top + 20}" font-size="14" font-weight="bold">{html.escape(TITLES.get(scenario, scenario))}, MB/s</text>')
        for i, tool in enumerate(tools):
            x, y = 10 + i % 5 * 175, top + 40 + i // 5 * 16
            parts.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{COLOURS[i % len(COLOURS)]}"/>')
            parts.append(f'<text x="{x + 14}" y="{y}" font-size="11">{html.escape(tool)}</text>')
        base = top + 60 + (len(tools) - 1) // 5 * 16 + 120
        x = 20
        for n in groups:
            begin = x
            for i, tool in enumerate(tools):
                if (n, tool) not in values:
                    continue
                tall = 105 * values[n, tool] / peak
                parts.append(f'<rect x="{x}" y="{base - tall:.1f}" width="{bar - 4}" height="{tall:.1f}" fill="{COLOURS[i % len(COLOURS)]}"/>')
                parts.append(f'<text x="{x + 11}" y="{base - tall - 3:.1f}" font-size="9" text-anchor="middle">{values[n, tool]:.0f}</text>')
                x += bar
            label = f"{n} slave{'s' if n != '1' else ''}" if n != "0" else "alone"
            parts.append(f'<text x="{(begin + x) / 2:.0f}" y="{base + 14}" font-size="11" text-anchor="middle">{label}</text>')
            x += 30
        width = max(width, x)
        top = base + 40
    with open(path, "w") as f:
        f.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{max(top, height)}" font-family="sans-serif">'
            f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
        )


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
    plot(scenarios, os.path.join(folder, "plot.svg"))


main(sys.argv[1])
