"""Writes flat.md beside the flat.tsv of a results folder and judges our runs: flat.py FOLDER RATE. Exit code 1: a bar is not met."""

import csv
import os
import statistics
import sys

# Time with so much loss (per cent) over the time without, at most; docs: bench/README.md
BARS = {1: 1.06, 5: 1.15, 10: 1.30}
SHARE_BAR = 0.97
# A datagram of 1472 bytes occupies 1538 on an Ethernet of 1500: headers, FCS, preamble and gap.
DATAGRAM, FRAME = 1472, 1538
UNITS = {"kbit": 1e3, "mbit": 1e6, "gbit": 1e9}


def bits_a_second(rate):
    """Of a rate as tc writes it."""
    unit = next(name for name in UNITS if rate.endswith(name))
    return float(rate[: -len(unit)]) * UNITS[unit]


def median(rows, value):
    values = [value(row) for row in rows if row["seconds"]]
    return statistics.median(values) if values else None


def seconds(row):
    return float(row["seconds"])


def data_rate(row, bits):
    """Bytes a second. The token bucket counts the overhead of frames once for a bundle of segments, a cable for each frame: never
    less time than a cable would need for what was sent."""
    on_a_cable = (int(row["wire"]) + 24 * int(row["datagrams"])) * 8 / bits
    return int(row["mib"]) * 1048576 / max(on_a_cable, float(row["last"]) - float(row["first"]))


def main(folder, rate):
    with open(os.path.join(folder, "flat.tsv")) as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    bits = bits_a_second(rate)
    link = bits / 8 * DATAGRAM / FRAME
    first = rows[0]
    lines = [
        f"{first['slaves']} slaves, {first['mib']} MiB that do not compress, {rate}: {link / 1e6:.2f} MB/s of payload.",
        "",
        "| loss % | program | runs that finished | s | of its time without loss | MB/s | share of link | datagrams |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    is_met = True
    for loss in sorted({int(row["loss"]) for row in rows}):
        for tool in dict.fromkeys(row["tool"] for row in rows):
            cell = [row for row in rows if row["tool"] == tool and int(row["loss"]) == loss]
            base = median([row for row in rows if row["tool"] == tool and row["loss"] == "0"], seconds)
            finished = sum(bool(row["seconds"]) for row in cell)
            if finished == 0:
                lines.append(f"| {loss} | {tool} | 0/{len(cell)} | did not finish | | | | |")
                is_met &= tool != "ours"
                continue
            time, speed = median(cell, seconds), median(cell, lambda row: data_rate(row, bits))
            ratio = time / base if base else None
            datagrams = median(cell, lambda row: int(row["datagrams"]))
            lines.append(
                f"| {loss} | {tool} | {finished}/{len(cell)} | {time:.1f} | {'' if ratio is None else f'{ratio:.3f}'} "
                f"| {speed / 1e6:.2f} | {speed / link:.3f} | {datagrams:.0f} |"
            )
            if tool == "ours":
                is_met &= finished == len(cell)
                is_met &= loss != 0 or speed / link >= SHARE_BAR
                is_met &= loss not in BARS or (ratio is not None and ratio <= BARS[loss])
    lines += ["", f"Bars for ours: share {SHARE_BAR} without loss; time ratio " + ", ".join(f"{bar} at {loss} %" for loss, bar in BARS.items()) + "."]
    text = "\n".join(lines) + "\n"
    with open(os.path.join(folder, "flat.md"), "w") as f:
        f.write(text)
    print(text)
    sys.exit(0 if is_met else 1)


main(sys.argv[1], sys.argv[2])
