"""What is measured. Each function is one scenario; bench/README.md says what it shows."""

import os
import statistics
import sys
from pathlib import Path

from bench import BENCH, Bench, setting
from lab import disks as disk_tools
from lab.disks import difference, partition_range, unmount, write_table
from lab.machine import MIB, master_program, run, slave_program
from lab.samples import SampleDisk
from tools import TOOLS, NotListening, Options, our_slaves, remove_uftp_targets, udpcast, uftp_target

RAW = ("--codec", "none", "--all-blocks")  # for bytes that do not compress
CODE = "acid-acrobat-actress-acetone-acquire"
SYSTEM_MIB = setting("SYSTEM_MIB", 2048)
SPARSE_MIB = setting("SPARSE_MIB", 5120)


def numbers(name: str, default: str) -> list:
    return [int(word) for word in setting(name, default).split()]


# ------------------------------------------------------------------------------------------------------- runs of tools


def identical(bench: Bench, tool: str, slaves: int) -> str:
    """Whether each target is the source."""
    if tool == "blaster":
        return "-"
    targets = [uftp_target(bench, i) if tool.startswith("uftp") else bench.targets[i] for i in range(1, slaves + 1)]
    return "no" if any(difference(target, bench.source) for target in targets) else "yes"


def runs(bench: Bench, scenario: str, slaves: int, mib: int, tools: list, options: Options, sample=None) -> None:
    """Interleaved repetitions."""
    for repetition in range(1, bench.repeat + 1):
        for tool in setting("TOOLS", " ".join(tools)).split():
            targets = [bench.targets[i] for i in range(1, slaves + 1)]
            if tool != "blaster":
                bench.dirty(targets)
            if tool == "clonezilla":
                for target in targets:
                    table_to(bench.source, target)
            TOOLS[tool](bench, slaves, options)
            if tool in ("clonezilla", "ours_used"):
                same = files_whole(bench, sample, slaves)
            else:
                same = identical(bench, tool, slaves)
            if same == "no":
                bench.tell("failed", f"{scenario} N={slaves} {tool} #{repetition}: a target differs")
            bench.record(scenario, slaves, tool, repetition, same, mib)
            remove_uftp_targets(bench)


def plain(
    bench: Bench, scenario: str, rate: str, pairs: list, tools: list, options: Options = Options(), **lan
) -> None:
    """Files of bytes that do not compress. A pair is a number of slaves and MiB."""
    for slaves, fitting_mib in pairs:
        if slaves not in numbers("COUNTS", "1 2 4 8 16"):
            continue
        mib = setting("SIZE", fitting_mib)
        bench.plain_disks(slaves, mib)
        bench.lan_up(slaves, rate, **lan)
        runs(bench, scenario, slaves, mib, tools, with_blasted(options, mib))
        bench.lan_down()
        bench.no_disks()


def with_blasted(options: Options, mib: int) -> Options:
    return Options(options.master, options.slave, options.datagram, options.segments, mib)


ALL = ["ours", "udpcast", "uftp", "blaster"]


def wire(bench):
    plain(bench, "wire", "1gbit", [(1, 512), (2, 384), (4, 256), (8, 192), (16, 128)], ALL, Options(RAW))


def free(bench):
    plain(bench, "free", "-", [(1, 768), (4, 384)], ALL, Options(RAW))


def offload(bench):
    plain(bench, "offload", "-", [(1, 3072), (4, 1536)], ALL, Options(RAW, segments=40), frames="offload")


def jumbo(bench):
    plain(bench, "jumbo", "-", [(1, 2048), (4, 768)], ALL, Options(RAW, datagram=8972), mtu=9000)


def room(bench):
    """What a room gets: the sender starts the moment the last receiver listens, programs as they are unless told, whole
    runs.
    """
    plain(bench, "room", "1gbit", [(2, 512), (4, 512), (8, 256)], ["ours", "uftp"])
    plain(bench, "room", "50mbit", [(16, 64)], ["ours", "uftp"])


def verify(bench):
    """What reading back costs: mode 3 at 1 Gbit/s with and without."""
    plain(bench, "verify", "1gbit", [(1, 1024), (4, 512)], ["ours", "ours_unverified"], Options(RAW))


# ------------------------------------------------------------------------------------------------------- system disks


def system(bench):
    system_disks(bench, "system", "1gbit", [1, 4], ["ours_all", "ours_used", "clonezilla", "udpcast", "zstd_udpcast"])


def slow(bench):
    system_disks(bench, "slow", "100mbit", [1], ["ours_all", "ours_used"])


def system_source(bench: Bench) -> SampleDisk:
    """The sample disk as the bench's source, with partition devices."""
    sample = SampleDisk(bench.work, bench.work / "source", 512, SYSTEM_MIB)
    bench.source = bench.disks.attach(sample.file)
    run("partx", "-u", bench.source)
    return sample


def system_disks(bench: Bench, scenario: str, rate: str, counts: list, tools: list) -> None:
    sample = system_source(bench)
    for slaves in counts:
        if slaves not in numbers("COUNTS", "1 4"):
            continue
        files = [disk_tools.blank(bench.work / f"target{i}", SYSTEM_MIB * MIB) for i in range(1, slaves + 1)]
        bench.targets = {i: bench.disks.attach(file) for i, file in enumerate(files, 1)}
        bench.lan_up(slaves, rate)
        chosen = setting("SYSTEM_TOOLS", " ".join(tools)).split()
        runs(bench, scenario, slaves, SYSTEM_MIB, chosen, Options(), sample)
        bench.lan_down()
        for device in bench.targets.values():
            bench.disks.detach(device)
        for file in files:
            file.unlink()
    bench.disks.detach(bench.source)
    sample.file.unlink()


def table_to(source, target) -> None:
    """Clonezilla restores into a table that is there."""
    for first in (0, SYSTEM_MIB - 1):
        place = [f"skip={first}", f"seek={first}", "count=1", "bs=1M", "conv=notrunc", "status=none"]
        run("dd", f"if={source}", f"of={target}", *place)
    run("sync", target)
    disk_tools.flush(target)
    run("partx", "-u", target)


def files_whole(bench: Bench, sample: SampleDisk, slaves: int) -> str:
    """Every file of partitions 1 to 4 of the last target.

    partclone leaves out the second boot sector of NTFS, at which fsck stumbles.
    """
    disk_tools.flush(bench.targets[slaves])
    for number in range(1, 5):
        fault = sample.faults(bench.work / f"target{slaves}", number, files_only=True)
        if fault:
            print(fault, file=sys.stderr)
            return "no"
    return "yes"


# ------------------------------------------------------------------------------------------------------- sparse disks


def sparse(bench):
    """A disk of 1 TiB beside one of 10 GiB with the same 5 GiB in it, both sparse files with a GPT and ext4."""
    sparse_disks(bench, "sparse")


def sparse_device(bench):
    """The same through loop devices, where nobody says what is a hole."""
    sparse_disks(bench, "sparse_device")


def sparse_disks(bench: Bench, scenario: str) -> None:
    content = sparse_content(bench.work / "content")
    sizes = {"10G": 10 << 30, "1T": 1 << 40}
    files = {name: sparse_disk(bench, bench.work / f"source.{name}", length, content) for name, length in sizes.items()}
    content.unlink()
    totals = {name: [] for name in sizes}
    bench.lan_up(1, "1gbit")
    for repetition in range(1, bench.repeat + 1):
        for name, length in sizes.items():
            bench.targets = {1: disk_tools.blank(bench.work / "target1", length)}
            bench.source = files[name]
            if scenario == "sparse_device":
                bench.source = bench.disks.attach(files[name], 512, 0, length, "-r")
            TOOLS["ours"](bench, 1, Options())
            totals[name].append(bench.result.get("total", 0))
            bench.record(scenario, 1, f"ours {name}", repetition, "-", SPARSE_MIB)
            if scenario == "sparse_device":
                bench.disks.detach(bench.source)
    bench.lan_down()
    bench.note(f"1 TiB to 10 GiB: {statistics.median(totals['1T']) / max(statistics.median(totals['10G']), 1e-9):.3f}")
    for path in [*files.values(), bench.work / "target1"]:
        path.unlink()


def sparse_content(path: Path) -> Path:
    """Files of this machine and noise, in turns."""
    large = run("find", "/usr", "-xdev", "-type", "f", "-size", "+48M", "-print", "-quit").strip()
    with open(large, "rb") as file:
        piece = file.read(48 * MIB)
    with open(path, "wb") as content:
        for _ in range(0, SPARSE_MIB, 64):
            content.write(piece)
            content.write(os.urandom(16 * MIB))
    return path


def sparse_disk(bench: Bench, path: Path, length: int, content: Path) -> Path:
    disk_tools.blank(path, length)
    write_table(path, "start=1MiB, type=L")
    device = bench.disks.attach(path, 512, *partition_range(path, 512, 1))
    run("mkfs.ext4", "-q", "-F", "-E", "nodiscard", device)
    place = bench.work / "mnt"
    place.mkdir(exist_ok=True)
    run("mount", "-t", "ext4", device, place)
    run("cp", content, place / "content")
    unmount(place)
    bench.disks.detach(device)
    run("sync", path)  # else the first runs are beside the writing of what was cached
    return path


# ---------------------------------------------------------------------------------------------------------- the modes


def modes(bench):
    """Each mode beside dd of the same disk, and mode 3 beside udpcast, with four slaves at 1 Gbit/s."""
    modes_beside_others(bench, "modes", 4)


def halves(bench):
    """Each mode of one machine beside zstd, and the modes of both beside their halves."""
    modes_beside_others(bench, "halves", 1)


def modes_beside_others(bench: Bench, scenario: str, slaves: int) -> None:
    sample = system_source(bench)
    local_file = disk_tools.blank(bench.work / "local", SYSTEM_MIB * MIB)
    local = bench.disks.attach(local_file)
    files = {i: disk_tools.blank(bench.work / f"target{i}", SYSTEM_MIB * MIB) for i in range(1, slaves + 1)}
    bench.targets = files
    bench.dirty([local, *files.values()])
    bench.lan_up(slaves, "1gbit")
    for repetition in range(1, bench.repeat + 1):
        others_alone(bench, scenario, repetition, local)
        each_mode(bench, scenario, repetition, slaves, local)
        udpcast(bench, slaves, Options())
        bench.record(scenario, slaves, "udpcast", repetition, identical(bench, "udpcast", slaves), SYSTEM_MIB)
    bench.lan_down()
    for device in (local, bench.source):
        bench.disks.detach(device)
    for path in (local_file, sample.file, *files.values()):
        path.unlink()


def others_alone(bench: Bench, scenario: str, repetition: int, local: str) -> None:
    source, raw, packed = bench.source, bench.work / "dd.raw", bench.work / "zstd.raw"

    def timed(tool, *command):
        bench.timed(scenario, tool, repetition, SYSTEM_MIB, *command)

    timed("dd disk to file", "dd", f"if={source}", f"of={raw}", "bs=1M", "conv=fsync", "status=none")
    timed("dd file to disk", "dd", f"if={raw}", f"of={local}", "bs=1M", "conv=fsync", "status=none")
    raw.unlink()
    pack = f"zstd -1 -T0 -qc <'{source}' >'{packed}' && sync '{packed}'"
    timed("zstd -1 -T0 disk to file", "sh", "-c", pack)
    unpack = f"zstd -dqc '{packed}' | dd of='{local}' bs=1M iflag=fullblock conv=fsync status=none"
    timed("zstd -d file to disk", "sh", "-c", unpack)
    packed.unlink()
    disk_tools.flush(source)  # A disk that is imaged is read once; dd had it cached.
    timed("zstd -1 -T0 disk to file, not cached", "sh", "-c", pack)
    packed.unlink()


def each_mode(bench: Bench, scenario: str, repetition: int, slaves: int, local: str) -> None:
    image, second = bench.work / "image", bench.work / "image.2"
    quiet = [master_program(), "--quiet", "--yes"]

    def timed(tool, *words):
        bench.timed(scenario, tool, repetition, SYSTEM_MIB, *quiet, *words)

    def session(tool, *words):
        try:
            receivers = our_slaves(bench, slaves, Options())
        except NotListening:
            bench.tell("failed", f"{scenario} {tool}: slaves do not listen")
            return
        bench.measured(receivers, master_program(), "--yes", "--slaves", slaves, "--broadcast", *words)
        bench.record(scenario, slaves, tool, repetition, "-", SYSTEM_MIB)

    timed("mode 1, used blocks", "--upload", image, "--disk", bench.source)
    image.unlink(missing_ok=True)
    timed("mode 1", "--all-blocks", "--upload", image, "--disk", bench.source)
    session("mode 3", "--all-blocks", "--disk", bench.source)
    session("mode 2", "--all-blocks", "--upload", second, "--disk", bench.source)
    timed("mode 4", "--download", image, "--disk", local)
    session("mode 5", "--download", image, "--disk", local)
    session("mode 6", "--download", image)
    for path in (image, second):
        path.unlink(missing_ok=True)


def upload(bench):
    """Mode 1 of the system disk beside partclone | zstd -3 of its partitions to files, and the sizes of both at that
    level.
    """
    sample = system_source(bench)
    folder = bench.work / "saved"
    folder.mkdir()
    sizes = {}

    def timed(tool, repetition, *command):
        bench.timed("upload", tool, repetition, SYSTEM_MIB, *command)
        sizes[tool] = sum(path.stat().st_size for path in folder.iterdir())
        for path in folder.iterdir():
            path.unlink()

    ours = [master_program(), "--quiet", "--yes", "--upload", folder / "image", "--disk", bench.source]
    for repetition in range(1, bench.repeat + 1):
        timed(
            "partclone and zstd -3", repetition, sys.executable, BENCH / "clonezilla.py", "save", folder, bench.source
        )
        timed("mode 1", repetition, *ours)
        timed("mode 1, zstd:3", repetition, *ours, "--codec", "zstd:3")
        timed("mode 1, not verified", repetition, *ours, "--no-verify")
    ratio = sizes["mode 1, zstd:3"] / max(sizes["partclone and zstd -3"], 1)
    bench.note(f"image to the sum of partclone and zstd -3: {ratio:.4f}")
    bench.disks.detach(bench.source)
    sample.file.unlink()
    folder.rmdir()


# -------------------------------------------------------------------------------------------------------------- starts


def start(bench):
    """How long the programs take to begin: JVM, classes, network. Nothing is sent to anybody."""
    disk, target = (disk_tools.blank(bench.work / name, 64 * MIB) for name in ("source", "target1"))
    master, slave = master_program(), slave_program()
    broadcast = ["--broadcast", "--slaves", 1, "--disk", disk]
    bench.lan_up(1)
    for repetition in range(1, 2 * bench.repeat):
        for what, event in (
            ("imgslave --version", ["exit", slave, "--version"]),
            ("imgblstr --plan", ["exit", master, "--plan", *broadcast]),
            ("imgslave listens", ["line", "listening", slave, "--yes", target]),
            ("imgslave listens, code", ["line", "listening", slave, "--yes", "--code", CODE, target]),
            ("imgslave listens, open", ["line", "listening", slave, "--yes", "--open", target]),
            ("imgblstr announces itself", ["datagram", "239.255.73.77:18765", master, "--yes", *broadcast]),
            ("imgblstr announces itself, code", ["datagram", "239.255.73.77:18765", master, "--yes", "--code", CODE, *broadcast]),
            ("imgblstr announces itself, open", ["datagram", "239.255.73.77:18765", master, "--yes", "--open", *broadcast]),
        ):
            bench.begin_programs()
            until = bench.programs.run("until", "s1", sys.executable, BENCH / "until.py", *event, seconds=60)
            bench.started(what, repetition, until)
    bench.lan_down()
    bench.no_disks()
