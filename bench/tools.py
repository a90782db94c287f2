"""The programs that are compared. Each function sends the bench's source to its first N slaves and leaves the result
there.

A tool gets the bench, the number of slaves, and the options of its scenario.
"""

import os
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bench import BENCH, Bench, setting
from lab.machine import master_program, slave_program

GROUP = "239.77.1.1"
UDP_RECEIVER = f"udp-receiver --interface eth0 --nokbd --no-progress --mcast-rdv-address {GROUP}"
UDP_SENDER = f"udp-sender --interface eth0 --nokbd --no-progress --mcast-rdv-address {GROUP}"


@dataclass(frozen=True)
class Options:
    """What a scenario tells the programs."""

    master: tuple = ()  # options of imgblstr
    slave: tuple = ()  # options of imgslave
    datagram: int = 1472  # payload that the frames of this LAN carry
    segments: int = 1  # datagrams that a bare blaster gives to one system call
    blasted_mib: int = 0  # what the bare blaster sends


class NotListening(Exception):
    """A slave has not said `listening` in time."""


def our_slaves(bench: Bench, slaves: int, options: Options) -> list:
    """Slaves that listen; no more than four begin at a time."""
    bench.begin_programs()
    started = []
    for i in range(1, slaves + 1):
        command = [slave_program(), "--yes", "--label", f"slave{i}", *options.slave, bench.targets[i]]
        started.append(bench.programs.start(f"r{i}", f"s{i}", *command))
        if i % 4 == 0 or i == slaves:
            for slave in started:
                if not slave.heard_within(60, "^listening"):
                    raise NotListening(f"{slave.name}: {slave.said[-300:]}")
    return started


def ours(bench: Bench, slaves: int, options: Options) -> None:
    """Mode 3 of the whole disk, verified."""
    try:
        receivers = our_slaves(bench, slaves, options)
    except NotListening:
        bench.good, bench.result = False, {}
        return
    words = ["--yes", "--broadcast", "--disk", bench.source, "--slaves", slaves, *options.master]
    bench.measured(receivers, master_program(), *words)


def ours_all(bench: Bench, slaves: int, options: Options) -> None:
    ours(bench, slaves, replace(options, master=("--all-blocks",)))


def ours_used(bench: Bench, slaves: int, options: Options) -> None:
    ours(bench, slaves, replace(options, master=()))


def ours_unverified(bench: Bench, slaves: int, options: Options) -> None:
    ours(bench, slaves, replace(options, slave=("--no-verify",)))


def ours_open(bench: Bench, slaves: int, options: Options) -> None:
    """The same without sealing."""
    ours(bench, slaves, replace(options, master=(*options.master, "--open"), slave=(*options.slave, "--open")))


def _udpcast_receivers(bench: Bench, slaves: int, pipeline: str) -> list:
    """udp-receiver would cut its file to nothing first; written through stdout, the memory of the target stays."""
    bench.begin_programs()
    command = ["bash", "-c", f"set -o pipefail; {pipeline}", "bash"]
    started = [bench.programs.start(f"r{i}", f"s{i}", *command, bench.targets[i]) for i in range(1, slaves + 1)]
    time.sleep(0.5)
    return started


def udpcast(bench: Bench, slaves: int, options: Options, sender_options: tuple = ()) -> None:
    receivers = _udpcast_receivers(bench, slaves, f'exec {UDP_RECEIVER} 1<>"$1"')
    words = [*UDP_SENDER.split(), *sender_options, "--min-receivers", slaves, "--file", bench.source]
    bench.measured(receivers, *words)


def udpcast_fec(bench: Bench, slaves: int, options: Options) -> None:
    """16 of 144 packets are parity, spread over 8 stripes, as its manual suggests for lossy networks."""
    udpcast(bench, slaves, options, ("--fec", "8x16/128"))


def zstd_udpcast(bench: Bench, slaves: int, options: Options) -> None:
    """The whole disk through zstd -1, as the scripts on the web do it."""
    receivers = _udpcast_receivers(bench, slaves, f'{UDP_RECEIVER} | zstd -dqc 1<>"$1"')
    pipeline = f"set -o pipefail; zstd -1 -T0 -qc <'{bench.source}' | {UDP_SENDER} --min-receivers {slaves}"
    bench.measured(receivers, "bash", "-c", pipeline)


def clonezilla(bench: Bench, slaves: int, options: Options) -> None:
    """Clonezilla's way: used blocks of a partition through zstd -3, a partition after the other.

    Its partition tables and its waits between partitions are left out.
    """
    bench.begin_programs()
    command = [sys.executable, BENCH / "clonezilla.py"]
    receivers = [
        bench.programs.start(f"r{i}", f"s{i}", *command, "receive", GROUP, bench.targets[i])
        for i in range(1, slaves + 1)
    ]
    time.sleep(0.5)
    bench.measured(receivers, *command, "send", GROUP, bench.source, slaves)


def uftp_sealed(bench: Bench, slaves: int, options: Options) -> None:
    """With the cipher that ours has, and keys of this session alone."""
    uftp(bench, slaves, options, ("-Y", "aes256-gcm", "-h", "sha256", "-e", "ecdh_rsa"))


def uftp(bench: Bench, slaves: int, options: Options, sealing: tuple = ()) -> None:
    """uftpd does not end by itself, and makes a new file each time."""
    bench.begin_programs()
    names = {i: f"0x{0x0A4D0000 + i:08X}" for i in range(1, slaves + 1)}
    daemons = {}
    for i, name in names.items():
        uftp_target(bench, i).parent.mkdir(exist_ok=True)
        words = [
            "-d",
            "-t",
            "-I",
            "eth0",
            "-U",
            name,
            "-D",
            uftp_target(bench, i).parent,
            "-B",
            8388608,
            "-M",
            "239.77.2.1",
        ]
        daemons[i] = bench.programs.start(f"u{i}", f"s{i}", "uftpd", *words)
    time.sleep(0.5)
    rate, length = setting("UFTP_KBIT", "-1"), options.datagram - 172
    words = ["-I", "eth0", "-R", rate, "-B", 8388608, "-b", length, "-M", "239.77.2.1", "-P", "239.77.3.x", *sealing]
    bench.measured([], "uftp", *words, "-H", ",".join(names.values()), bench.source)
    used = [_used_by(daemon.pid) for daemon in daemons.values()]
    bench.result["receiver_cpu"] = sum(seconds for seconds, _ in used)
    bench.result["receiver_kib"] = max(kib for _, kib in used)
    for daemon in daemons.values():
        daemon.stop()


def uftp_target(bench: Bench, number: int) -> Path:
    """Where UFTP puts what slave `number` receives."""
    return bench.work / f"uftp{number}" / Path(bench.source).name


def remove_uftp_targets(bench: Bench) -> None:
    for folder in bench.work.folder.glob("uftp*"):
        shutil.rmtree(folder)


def _used_by(pid: int) -> tuple:
    """Processor seconds and peak memory in KiB of a process."""
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[13:15]
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0, 0
    kib = next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), kib


def blaster(bench: Bench, slaves: int, options: Options) -> None:
    """The ceiling: nothing is repaired, nothing is written. What arrived at the slaves (mean) in the time that it took
    counts.
    """
    bench.begin_programs()
    program, group = bench.work / "blast", ("239.77.4.1", 7777)
    receivers = [
        bench.programs.start(f"r{i}", f"s{i}", program, "recv", *group, f"10.77.0.{10 + i}")
        for i in range(1, slaves + 1)
    ]
    for receiver in receivers:
        receiver.heard_within(10, "^listening")
    words = [options.blasted_mib, options.datagram, options.segments]
    bench.measured(receivers, program, "send", *group, "10.77.0.1", *words)
    arrived = [receiver.out.split() for receiver in receivers]
    arrived = [(float(words[0]), float(words[1])) for words in arrived if len(words) >= 2]
    if arrived:
        bench.result["blasted_rate"] = sum(count / seconds / 1e6 for count, seconds in arrived) / len(arrived)
        bench.result["blasted_bytes"] = sum(count for count, _ in arrived) / len(arrived)


TOOLS = {
    tool.__name__: tool
    for tool in (
        ours,
        ours_all,
        ours_used,
        ours_unverified,
        ours_open,
        udpcast,
        udpcast_fec,
        zstd_udpcast,
        clonezilla,
        uftp,
        uftp_sealed,
        blaster,
    )
}
