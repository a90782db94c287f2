"""What the scenario faults needs to know of events and of disks; see troubles.py.

faults.py add FOLDER FAULT LOGS THE_ONE DATAGRAMS WIRE MIB EXTRA OUTCOME SETTLED   adds lines to faults.tsv and eta.tsv
faults.py done FILE                                                        bytes that a slave's disk had at its last event
faults.py age SOURCE TARGET FIRST STEP                                     copies, but for every STEP-th track from FIRST on
faults.py judge FOLDER                                                     writes faults.md; exit code 1 when a bar is not met
"""

import collections
import csv
import datetime
import glob
import json
import os
import statistics
import sys

import eta

TRACK = 256 * 1024
FIELDS = ["fault", "others", "one", "datagrams", "wire", "mib", "extra", "outcome"]


def events(path):
    found = []
    with open(path) as f:
        for line in f:
            try:
                found.append(json.loads(line))
            except ValueError:
                pass  # cut off when the program was killed
    return found


def moment(event):
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


def first(found, name):
    return next((moment(event) for event in found if event["event"] == name), None)


def add(folder, fault, logs, one, datagrams, wire, mib, extra, outcome, settled):
    master = events(os.path.join(logs, "master.out"))
    start = first(master, "started")
    if fault == "late":
        extra = missed_by(master, f"slave{one}")
    others, the_one = 0.0, ""
    for path in glob.glob(os.path.join(logs, "slave*.out")):
        end = first(events(path), "slave-result")
        if end is None or end < start:
            continue  # killed, or the log of an earlier run
        if os.path.basename(path) == f"slave{one}.out":
            the_one = f"{end - start:.2f}"
        else:
            others = max(others, end - start)
    path = os.path.join(folder, "faults.tsv")
    is_new = not os.path.exists(path)
    with open(path, "a") as f:
        writer = csv.writer(f, delimiter="\t", lineterminator="\n")
        if is_new:
            writer.writerow(FIELDS)
        writer.writerow([fault, f"{others:.2f}", the_one, datagrams, wire, mib, extra, outcome])
    eta.add(folder, fault, logs, events, moment, float(settled))
    print(f"      {fault}: others {others:.2f} s, the one {the_one or '-'} s, {datagrams} datagrams, {int(wire) / 1e6:.1f} MB, {outcome}")


def missed_by(master, label):
    """Wire bytes that were sent before a slave joined."""
    sent = 0
    for event in master:
        if event["event"] == "slave-joined" and event["label"] == label:
            break
        sent = event["wireBytes"] if event["event"] == "progress" else sent
    return sent


def done(path):
    print(max((event["bytesDone"] for event in events(path) if event["event"] == "progress"), default=0))


def age(source, target, first_track, step):
    with open(source, "rb") as old, open(target, "r+b") as new:
        track = 0
        while block := old.read(TRACK):
            if track % step == first_track % step:
                block = bytes(b ^ 0x55 for b in block[:512]) + block[512:]
            new.write(block)
            track += 1


def judge(folder):
    with open(os.path.join(folder, "faults.tsv")) as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    runs = collections.OrderedDict()
    for row in rows:
        runs.setdefault(row["fault"], []).append(row)

    def median(fault, field):
        values = [float(row[field]) for row in runs.get(fault, []) if row[field]]
        return statistics.median(values) if values else None

    def of(fault, field, base):
        value, whole = median(fault, field), median(base, field)
        return value / whole if value is not None and whole else None

    lines = ["| fault | measured | bar | met |", "|---|---:|---:|---|"]
    is_met = True

    def bar(fault, text, value, limit, unit=""):
        nonlocal is_met
        if fault not in runs or value is None:
            return
        met = value <= limit and all(row["outcome"] == "right" for row in runs[fault])
        is_met &= met
        lines.append(f"| {fault}: {text} | {value:.3f}{unit} | {limit:.3f}{unit} | {'yes' if met else 'no'} |")

    def late_by(fault, base="alone"):
        value, whole = median(fault, "others"), median(base, "others")
        return value - whole if value is not None and whole is not None else None

    for fault in ("catchup", "stopped"):
        bar(fault, "time of the others, of their time alone", of(fault, "others", "alone"), 1.10)
    one = median("wait", "one")
    if one:
        bar("wait", "the slow one ends after the others by", abs(one - median("wait", "others")), 2.0, " s")
    bar("drop", "time of the others, of their time alone", of("drop", "others", "alone"), 1.10)
    bar("killed", "the others later than without it by", late_by("killed"), 3.0, " s")
    bar("late", "time of the others, of their time alone", of("late", "others", "alone"), 1.05)
    if median("late", "extra") and median("alone", "wire"):
        missed = median("late", "extra") / median("alone", "wire")
        bar("late", f"datagrams, of one pass (it missed {missed:.3f})", of("late", "datagrams", "alone"), 1.05 + missed)
    extra, pass_sent = of("rebooted", "datagrams", "all"), median("rebooted", "extra")
    if extra:
        lacked = pass_sent / (median("rebooted", "mib") * 1048576)
        bar("rebooted", f"datagrams beyond one pass, of one pass (it lacked {lacked:.3f})", extra - 1, lacked * 1.05)
    for fault in ("delta", "union"):
        bar(fault, "bytes, of a full run", of(fault, "wire", "all"), 0.08)
    ends, are_ends_met = eta.table(folder)
    is_met &= are_ends_met
    text = "\n".join(lines) + "\n\nAnnounced ends after the first third of the time, bar 15 %:\n\n" + ends
    with open(os.path.join(folder, "faults.md"), "w") as f:
        f.write(text)
    print(text)
    sys.exit(0 if is_met else 1)


command, *rest = sys.argv[1:]
if command == "add":
    add(*rest)
elif command == "done":
    done(rest[0])
elif command == "age":
    age(rest[0], rest[1], int(rest[2]), int(rest[3]))
else:
    judge(rest[0])
