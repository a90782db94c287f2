"""Runs a sender and watches the wire, the machine and the memory while it and its receivers run.

watch.py OUT INTERFACE RECEIVER_PIDS COMMAND...

Writes to the file OUT, as key=value lines: exit (code of the sender), first and last (seconds from its start to the first and to the last data on
the wire), total (to the end of the sender and of all receivers), wire and datagrams (bytes and datagrams it put on the wire), cpu (CPU seconds of the whole
machine from the first data on), warm_cpu and warm_share (the same for the last part of the data, and how much of the data that
was), sender_kib and receiver_kib (peak resident memory; of the largest receiver), sender_cpu and receiver_cpu (CPU seconds that were charged to
the sender and to all receivers together, with their children).
"""

import os
import resource
import subprocess
import sys
import time

QUIET_BYTES = 256 * 1024  # announcements and farewells are less, data is more
TICK = 0.01
WARM = 0.4  # the part of the data that counts as warming up


def wire(interface, what="tx_bytes"):
    with open(f"/sys/class/net/{interface}/statistics/{what}") as f:
        return int(f.read())


def busy():
    with open("/proc/stat") as f:
        user, nice, system, _, _, irq, softirq = map(int, f.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def peak(pid):
    try:
        with open(f"/proc/{pid}/status") as f:
            return next((int(line.split()[1]) for line in f if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def charged(pid):
    """CPU seconds of a process, its children that ended, and those that still run."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            ticks = sum(map(int, f.read().rsplit(")", 1)[1].split()[11:15]))
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            children = f.read().split()
    except OSError:
        return 0
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(charged, children))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def main(out, interface, receivers, command):
    receivers = [int(pid) for pid in receivers.split(",") if pid]
    samples = []
    peaks = {pid: 0 for pid in receivers}
    cpu = {pid: 0 for pid in receivers}
    zero, packets = wire(interface), wire(interface, "tx_packets")
    start = time.monotonic()
    sender = subprocess.Popen(command)
    sender_peak, next_peak = 0, 0.0
    while True:
        now = time.monotonic() - start
        samples.append((now, wire(interface) - zero, busy()))
        if now >= next_peak:
            sender_peak = max(sender_peak, peak(sender.pid))
            peaks = {pid: max(known, peak(pid)) for pid, known in peaks.items()}
            cpu = {pid: max(known, charged(pid)) for pid, known in cpu.items()}
            next_peak = now + 0.1
        if sender.poll() or sender.returncode == 0 and not any(alive(pid) for pid in receivers):
            break
        time.sleep(TICK)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    final = samples[-1][1]
    first = next((s for s in samples if s[1] > QUIET_BYTES), samples[-1])
    last = next((s for s in samples if s[1] >= final - QUIET_BYTES), samples[-1])
    warm = next((s for s in samples if s[1] >= final * WARM), samples[-1])
    lines = [
        f"exit={sender.returncode}",
        f"first={first[0]:.3f}",
        f"last={last[0]:.3f}",
        f"total={samples[-1][0]:.3f}",
        f"wire={final}",
        f"datagrams={wire(interface, 'tx_packets') - packets}",
        f"cpu={samples[-1][2] - first[2]:.2f}",
        f"warm_cpu={last[2] - warm[2]:.2f}",
        f"warm_share={(last[1] - warm[1]) / max(final, 1):.3f}",
        f"sender_kib={sender_peak}",
        f"receiver_kib={max(peaks.values(), default=0)}",
        f"sender_cpu={usage.ru_utime + usage.ru_stime:.2f}",
        f"receiver_cpu={sum(cpu.values()):.2f}",
    ]
    with open(out, "w") as f:
        f.write("\n".join(lines) + "\n")


main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
