"""How far the announced ends of a run were from its true end: the arithmetic of etaSeconds in progress events.

The error of one event is the distance between the end that it announced (its time and etaSeconds) and the true end, as a part of the
whole time from the start of data to the end; a second is no error, because ends are told in whole seconds. Events count after the first
third of that time, and two seconds after the last thing that nobody could foresee: a slave that came, left, was stopped or was killed. The end of a
slave is the moment when it has every byte, for what the session does then is not its own work.
"""

import csv
import glob
import os
import statistics

FIELDS = ["fault", "program", "events", "without", "median", "worst"]
FIRST_PART = 1 / 3
BAR = 0.15
ROUNDING = 1.0  # seconds
GRACE = 2.0  # seconds in which a slave that came, or came back, says where it is


def end_of(found, moment):
    """When a program had done its work; None when it did not come to that."""
    results = [event for event in found if event["event"] == "slave-result"]
    if any(event["result"] != "complete" for event in results):
        return None  # it was dropped: its work has no end
    ends = [moment(event) for event in found if event["event"] in ("slave-result", "summary")]
    has_all = [
        moment(event)
        for event in found
        if event["event"] == "progress" and event["bytesDone"] == event["bytesTotal"] and len(event["slaves"]) == 1
    ]
    return min([*has_all, max(ends)]) if ends else None


def errors(found, moment, start, end, settled):
    """Errors of a program's events, and how many said no time. `moment`: the time of an event in seconds."""
    if end is None or start is None or end <= start:
        return [], 0
    whole = end - start
    first = max(start + FIRST_PART * whole, settled)
    later = [event for event in found if event["event"] == "progress" and first <= moment(event) < end]
    told = [abs(moment(event) + event["etaSeconds"] - end) for event in later if event["etaSeconds"] is not None]
    return [max(0, error - ROUNDING) / whole for error in told], len(later) - len(told)


def add(folder, fault, logs, read, moment, settled):
    """Adds two lines to eta.tsv: the master, and all slaves together. `read`: the events of a file; `settled`: when the bench did its last."""
    master = read(os.path.join(logs, "master.out"))
    start = next((moment(event) for event in master if event["event"] == "started"), None)
    end = next((moment(event) for event in master if event["event"] == "summary"), None)
    came_or_left = [
        moment(event)
        for event in master
        if event["event"] in ("slave-joined", "slave-left")
        or (event["event"] == "slave-result" and event["result"] != "complete")
    ]
    settled = GRACE + max([settled, *(time for time in came_or_left if end is not None and time < end - BAR * (end - start))])
    rows = [("master", [errors(master, moment, start, end, settled)])]
    paths = sorted(glob.glob(os.path.join(logs, "slave*.out")))
    rows.append(("slaves", [errors(found, moment, start, end_of(found, moment), settled) for found in map(read, paths)]))
    path = os.path.join(folder, "eta.tsv")
    is_new = not os.path.exists(path)
    with open(path, "a", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        if is_new:
            writer.writerow(FIELDS)
        for program, parts in rows:
            all_errors = [error for found, _ in parts for error in found]
            without = sum(count for _, count in parts)
            median = f"{statistics.median(all_errors):.3f}" if all_errors else ""
            worst = f"{max(all_errors):.3f}" if all_errors else ""
            writer.writerow([fault, program, len(all_errors), without, median, worst])


def table(folder):
    """The table of eta.tsv, medians over its runs, and whether the bar is met everywhere."""
    with open(os.path.join(folder, "eta.tsv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    lines = ["| fault | program | events | without an end | median error | worst | met |", "|---|---|---:|---:|---:|---:|---|"]
    is_met = True
    for fault, program in dict.fromkeys((row["fault"], row["program"]) for row in rows):
        runs = [row for row in rows if (row["fault"], row["program"]) == (fault, program)]

        def middle(field, runs=runs):
            values = [float(row[field]) for row in runs if row[field]]
            return statistics.median(values) if values else None

        worst, median = middle("worst"), middle("median")
        met = worst is not None and worst <= BAR
        is_met &= met
        told = ["-" if value is None else f"{100 * value:.0f} %" for value in (median, worst)]
        lines.append(
            f"| {fault} | {program} | {middle('events'):.0f} | {middle('without'):.0f} | {told[0]} | {told[1]} | {'yes' if met else 'no'} |"
        )
    return "\n".join(lines) + "\n", is_met
