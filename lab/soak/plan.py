"""What a seed decides: everything about one session but the time it takes."""

import random
from dataclasses import dataclass, field, replace

SOURCE_MODES = (1, 2, 3)  # read a disk
IMAGE_MODES = (4, 5, 6)  # read an image file, which a run without faults makes before
NETWORK_MODES = (2, 3, 5, 6)
UPLOAD_MODES = (1, 2)
LOCAL_MODES = (4, 5)  # write a disk of the master

MOST_MIB = 96  # of a source disk
SEEDS_WITH_MORE = 1000  # from this one on, seeds also decide what came later; those below decide what they always did
MIB = 1 << 20


@dataclass(frozen=True)
class Volume:
    """One partition and its content. `gap` and `mib` are MiB; `stale` says whether free space holds old bytes."""

    number: int
    kind: str
    mib: int
    gap: int
    stale: bool
    logical: bool = False
    flavour: int = 0


@dataclass(frozen=True)
class Target:
    """What is written: a file or a loop device on it, longer than the source by `extra` MiB (or shorter), with `before` on it."""

    device: bool
    extra: int
    before: str  # noise, blank, stale: the source with another byte here and there
    table: str  # for partitions: none, gpt, mbr
    options: tuple = ()


@dataclass(frozen=True)
class Fault:
    """What happens at a moment: so many seconds after the data has begun to flow (`at`), for so many `seconds`."""

    kind: str
    victim: str = ""  # m, s1, s2, ...
    at: float = 0.0
    seconds: float = 0.0
    amount: int = 0

    def __str__(self) -> str:
        words = [self.kind, self.victim, f"@{self.at:.2f}s"]
        words += [f"for {self.seconds:.2f}s"] if self.seconds else []
        words += [f"amount {self.amount}"] if self.amount else []
        return " ".join(word for word in words if word)


@dataclass(frozen=True)
class Plan:
    """One session."""

    seed: int
    mode: int
    sector: int
    table: str  # gpt, mbr, none
    volumes: tuple
    tail: int  # MiB behind the last partition
    gap_noise: bool
    source_device: bool
    partitions: tuple  # numbers of the imaged partitions; none: the whole disk
    all_blocks: bool
    codec: str
    master_options: tuple
    slaves: int
    targets: dict = field(default_factory=dict)  # of slaves by number, and of the master as "local"
    has_more: bool = False  # whether it may have what came later: XFS, Btrfs, shorter targets
    unpack: str = "restore"  # how an image file is looked into: restore (mode 4) or export
    faults: tuple = ()

    @property
    def on_network(self) -> bool:
        return self.mode in NETWORK_MODES

    @property
    def is_whole(self) -> bool:
        return not self.partitions

    @property
    def chosen(self) -> tuple:
        """The volumes that are imaged."""
        return tuple(each for each in self.volumes if self.is_whole or each.number in self.partitions)

    @property
    def slow(self) -> str:
        return option(self.master_options, "--slow")

    def fault(self, kind: str):
        """The fault of a kind; None when the session has none."""
        return next((each for each in self.faults if each.kind == kind), None)

    def hit(self, kind: str, victim: str) -> bool:
        return any(each.kind == kind and each.victim == victim for each in self.faults)

    @property
    def last_slave(self) -> int:
        """The number of the slave that comes late, or else of the last."""
        return self.slaves + (1 if self.fault("late") else 0)

    def __str__(self) -> str:
        disk = "+".join(f"{each.kind}{each.mib}{'*' if each.logical else ''}" for each in self.volumes)
        words = [f"mode {self.mode}", f"{self.table}/{self.sector} {disk}"]
        words += [f"partitions {','.join(map(str, self.partitions))}"] if self.partitions else []
        words += ["all blocks" if self.all_blocks else "used blocks"]
        words += [f"codec {self.codec}"] if self.codec else []
        words += [f"{self.slaves} slaves"] if self.on_network else []
        words += [" ".join(self.master_options)] if self.master_options else []
        words += ["targets " + "/".join(sorted({each.before for each in self.targets.values()}))] if self.targets else []
        words += [str(each) for each in self.faults] or ["no fault"]
        return "; ".join(words)


def option(words: tuple, name: str) -> str:
    """The value behind a word of a command line; empty when the word is not there."""
    return str(words[words.index(name) + 1]) if name in words else ""


def of(seed: int, has_more: bool = None) -> Plan:
    """The session of a seed, the same each time. `has_more`: whether the seed also decides what came later."""
    drawn = random.Random(f"imgblstr soak {seed}")
    mode = drawn.choices((1, 2, 3, 4, 5, 6), (1, 3, 5, 1, 3, 3))[0]
    sector = 4096 if drawn.random() < 0.12 else 512
    table = drawn.choices(("gpt", "mbr", "none"), (5, 3, 2))[0]
    more = random.Random(f"imgblstr soak more {seed}")  # a source of its own: what it draws changes no other choice
    has_more = seed >= SEEDS_WITH_MORE if has_more is None else has_more
    volumes = _with_large_kinds(more, _volumes(drawn, table, sector), has_more)
    plan = Plan(
        seed=seed,
        mode=mode,
        sector=sector,
        table=table,
        volumes=volumes,
        tail=drawn.choice((1, 1, 2, 4)) if table != "none" else 0,
        gap_noise=drawn.random() < 0.3,
        source_device=sector == 4096 or drawn.random() < 0.3,
        partitions=_partitions(drawn, table, volumes),
        all_blocks=drawn.random() < 0.3,
        codec=drawn.choice(("", "", "rle", "zstd", "zstd:1", "zstd:9", "none")),
        master_options=(),
        slaves=drawn.choice((1, 1, 2, 2, 3, 4, 5)) if mode in NETWORK_MODES else 0,
        unpack=drawn.choice(("restore", "export")),
        has_more=has_more,
    )
    plan = replace(plan, master_options=_master_options(drawn, plan))
    plan = replace(plan, faults=_faults(drawn, plan))
    if has_more:
        plan = replace(plan, faults=(*plan.faults, *_more_faults(more, plan)))
    return replace(plan, targets=_targets(drawn, plan))


def _volumes(drawn: random.Random, table: str, sector: int) -> tuple:
    kinds = ("ext4", "fat", "ntfs", "swap", "raw", "mixed") if sector == 512 else ("ext4", "swap", "raw", "mixed")
    count = 1 if table == "none" else drawn.choice((1, 2, 2, 3, 3, 4))
    logical = table == "mbr" and count > 1 and drawn.random() < 0.4
    left, found = MOST_MIB - 8, []
    for number in range(1, count + 1):
        kind = drawn.choice(kinds)
        least = {"swap": 2, "raw": 3, "mixed": 4}.get(kind, 10)
        if table == "none":
            least = max(16, least)
        most = min(32, left - 12 * (count - number))
        mib = drawn.randint(least, max(least, most))
        behind = logical and number > 1
        gap = drawn.choice((1, 1, 1, 2, 3)) if table != "none" else 0
        found.append(
            Volume(
                number=number + 3 if behind else number,
                kind=kind,
                mib=mib,
                gap=gap,
                stale=drawn.random() < 0.7,
                logical=behind,
                flavour=drawn.randrange(1 << 16),
            )
        )
        left -= mib + gap
    return tuple(found)


def _with_large_kinds(drawn: random.Random, volumes: tuple, has_more: bool) -> tuple:
    """Now and then one of the volumes is of a kind that needs more room."""
    if not has_more or drawn.random() >= 0.2:
        return volumes
    at, (kind, mib) = drawn.randrange(len(volumes)), drawn.choice((("xfs", 32), ("xfs", 40), ("btrfs", 48)))
    return tuple(replace(each, kind=kind, mib=mib) if number == at else each for number, each in enumerate(volumes))


def _partitions(drawn: random.Random, table: str, volumes: tuple) -> tuple:
    numbers = [each.number for each in volumes]
    if table == "none" or drawn.random() < 0.65:
        return ()
    return tuple(sorted(drawn.sample(numbers, drawn.randint(1, len(numbers)))))


def _verify(drawn: random.Random) -> tuple:
    return drawn.choice(((), (), (), ("--verify", "full"), ("--no-verify",)))


def _master_options(drawn: random.Random, plan: Plan) -> tuple:
    words = []
    if plan.on_network:
        words += ["--rate", drawn.choice(("40M", "80M", "120M", "200M", "400M", "auto"))]
        words += drawn.choice(([], [], [], ["--slow", "wait"], ["--slow", "catchup"], ["--slow", "drop"]))
        words += ["--delta"] if drawn.random() < 0.2 else []
    words += _verify(drawn) if plan.mode in UPLOAD_MODES + LOCAL_MODES else ()
    return tuple(words)


def _targets(drawn: random.Random, plan: Plan) -> dict:
    names = list(range(1, plan.last_slave + 1)) if plan.on_network else []
    names += ["local"] if plan.mode in LOCAL_MODES + UPLOAD_MODES else []  # of uploads: what the image is unpacked to
    return {name: _target(drawn, plan, name) for name in names}


def _target(drawn: random.Random, plan: Plan, name) -> Target:
    victim = "m" if name == "local" else f"s{name}"
    needs_device = plan.hit("slow-disk", victim)
    table = "none"
    if plan.partitions:
        both = ("gpt", "mbr") if max(plan.partitions) <= 4 else ("gpt",)  # logical partitions have no gaps in their numbers
        table = drawn.choice(both) if len(plan.partitions) > 1 or drawn.random() < 0.6 else "none"
    before = drawn.choice(("noise", "noise", "noise", "blank", "stale"))
    if "--delta" in plan.master_options:
        before = drawn.choice(("stale", "stale", "noise", "blank"))
    if plan.hit("memory", victim):
        before = "noise"  # memory of a file that grows in /dev/shm counts as that of who writes it
    options = list(_verify(drawn))
    options += ["--discard"] if drawn.random() < 0.15 else []
    options += ["--window", 24] if drawn.random() < 0.2 else []
    device, longer = needs_device or drawn.random() < 0.3, drawn.choice((0, 0, 1, 3, 8))
    return Target(
        device=device,
        extra=_shorter(plan, name) or longer,
        before="blank" if plan.hit("bad-target", victim) else before,
        table=table,
        options=() if name == "local" else tuple(options),
    )


def _shorter(plan: Plan, name) -> int:
    """By how many MiB less than the source a target has, where nothing lies behind the last partition; mostly 0."""
    drawn = random.Random(f"shorter {plan.seed} {name}")
    may_be = plan.has_more and plan.is_whole and plan.table != "none" and not plan.all_blocks and not plan.gap_noise and plan.tail > 1
    return -drawn.randint(1, plan.tail - 1) if may_be and drawn.random() < 0.4 else 0


# --------------------------------------------------------------------------------------------------------------- faults

BAD_TARGETS = ("bad-target", "lost-writes", "failed-writes")
SPOILT_TARGETS = (*BAD_TARGETS, "wrapped")
FATAL = ("kill-slave", "restart-slave", "interrupt-slave", "kick-slave", *SPOILT_TARGETS, "memory")  # one of them for a slave is enough
STOPS_MASTER = ("kill-master", "interrupt-master", "full-image")
SLAVE_KINDS = ("kill-slave", "restart-slave", "interrupt-slave", "stop-slave", "slow-disk", "memory", *BAD_TARGETS)
ORDER_KINDS = ("pause", "rate", "status", "kick-slave")
WIRE_KINDS = ("loss", "bursts", "duplicates", "reorder", "foreign", "second-master", "link", "address", "late")


def kinds_of(plan: Plan) -> tuple:
    """The faults that a session of this mode can have."""
    found = ["kill-master", "interrupt-master", "stop-master"]
    if plan.on_network:
        found += [*SLAVE_KINDS, *WIRE_KINDS]
    if plan.mode in UPLOAD_MODES:
        found.append("full-image")
    if plan.mode in SOURCE_MODES:
        found.append("bad-source")
    if plan.mode == 4:
        found += BAD_TARGETS
    return tuple(found)


ALL_KINDS = ("kill-master", "interrupt-master", "stop-master", *SLAVE_KINDS, *WIRE_KINDS, "full-image", "bad-source")
ALL_KINDS += (*ORDER_KINDS, "wrapped", "clock")


def _more_faults(drawn: random.Random, plan: Plan) -> tuple:
    """Orders to the running session, clocks that jump, disks that wrap: besides the others, where they go together."""
    found = []
    for kind, share in (("order", 0.25), ("wrapped", 0.07), ("clock", 0.07)):
        fault = _other_fault(drawn, plan, drawn.choice(ORDER_KINDS) if kind == "order" else kind)
        fits = plan.on_network or kind == "clock" or (kind == "wrapped" and plan.mode == 4)
        if drawn.random() < share and fits and not any(_contradicts(fault, other) for other in (*plan.faults, *found)):
            found.append(fault)
    return tuple(found)


def _other_fault(drawn: random.Random, plan: Plan, kind: str) -> Fault:
    slave = f"s{drawn.randint(1, max(1, plan.slaves))}"
    at = round(drawn.random() * 1.1 * pass_seconds(plan), 2)
    seconds = round(drawn.uniform(0.2, 4.0), 2)
    amounts = {
        "rate": drawn.choice((0, 20, 60, 150, 400)) * 1_000_000,
        "status": drawn.choice((5, 50)),
        "wrapped": drawn.randint(200, 800),
        "clock": drawn.choice((-86_400, -61, -2, 2, 61, 86_400, 400_000_000)),
    }
    victims = {"kick-slave": slave, "wrapped": _written(drawn, plan, slave), "clock": drawn.choice(("m", slave))}
    victim = victims.get(kind, "m") if plan.on_network else "m"
    return Fault(kind, victim, 0 if kind == "wrapped" else at, seconds if kind == "pause" else 0, amounts.get(kind, 0))


def _faults(drawn: random.Random, plan: Plan) -> tuple:
    count = drawn.choices((0, 1, 2, 3), (20, 40, 25, 15))[0]
    found = []
    for _ in range(20):  # not every mode has so many faults that go together
        fault = _fault(drawn, plan, drawn.choice(kinds_of(plan)))
        if len(found) < count and not any(_contradicts(fault, other) for other in found):
            found.append(fault)
    return tuple(found)


def _contradicts(one: Fault, other: Fault) -> bool:
    if one.kind == other.kind:
        return True
    if {one.kind, other.kind} <= set(STOPS_MASTER):
        return True
    if {one.kind, other.kind} == {"full-image", "bad-source"}:
        return True
    return one.victim == other.victim and {one.kind, other.kind} <= {*FATAL, "stop-slave", "slow-disk"}


def pass_seconds(plan: Plan) -> float:
    """About how long the data flows."""
    rate = option(plan.master_options, "--rate")
    if not rate:
        return 1.5
    mib = sum(each.mib for each in plan.chosen) * (1 if plan.all_blocks else 0.6)
    return max(0.6, mib * MIB * 8 / (400e6 if rate == "auto" else float(rate[:-1]) * 1e6))


def _fault(drawn: random.Random, plan: Plan, kind: str) -> Fault:
    slave = f"s{drawn.randint(1, max(1, plan.slaves))}"
    anyone = drawn.choice(("m", slave, slave)) if plan.on_network else "m"
    at = round(drawn.random() * 1.1 * pass_seconds(plan), 2)
    short = round(drawn.uniform(0.4, 5.0), 2)
    brief = round(drawn.uniform(0.2, 2.5), 2)
    return {
        "kill-master": lambda: Fault(kind, "m", at),
        "interrupt-master": lambda: Fault(kind, "m", at),
        "stop-master": lambda: Fault(kind, "m", at, short),
        "kill-slave": lambda: Fault(kind, slave, at),
        "interrupt-slave": lambda: Fault(kind, slave, at),
        "restart-slave": lambda: Fault(kind, slave, at, brief),
        "stop-slave": lambda: Fault(kind, slave, at, short),
        "bad-target": lambda: Fault(kind, _written(drawn, plan, slave), 0, 0, drawn.randint(1, 6)),
        "lost-writes": lambda: Fault(kind, _written(drawn, plan, slave), 0, 0, drawn.randint(1, 4)),
        "failed-writes": lambda: Fault(kind, _written(drawn, plan, slave), 0, 0, drawn.randint(1, 4)),
        "slow-disk": lambda: Fault(kind, slave, 0, 0, drawn.choice((6, 10, 16)) * 1_000_000),
        "memory": lambda: _memory(drawn, plan, slave),
        "loss": lambda: Fault(kind, drawn.choice(("all", anyone)), 0, 0, drawn.choice((1, 10, 30, 100, 150)) * 1000),
        "bursts": lambda: Fault(kind, anyone, at, brief, drawn.randint(1, 4)),
        "duplicates": lambda: Fault(kind, slave, 0, 0, drawn.choice((10, 100, 500))),
        "reorder": lambda: Fault(kind, slave, 0, 0, drawn.choice((20, 100, 300))),
        "foreign": lambda: Fault(kind, "x", 0, 0, drawn.choice((50, 200))),
        "second-master": lambda: Fault(kind, "x", at * drawn.choice((0, 1)), short),
        "link": lambda: Fault(kind, anyone, at, brief),
        "address": lambda: Fault(kind, anyone, at, brief, drawn.choice((0, 100))),
        "late": lambda: Fault(kind, f"s{plan.slaves + 1}", at),
        "full-image": lambda: Fault(kind, "m", 0, 0, drawn.randint(1, 4)),
        "bad-source": lambda: Fault(kind, "m", 0, 0, drawn.randint(1, 4)),
    }[kind]()


def _written(drawn: random.Random, plan: Plan, slave: str) -> str:
    """A slave, or the master where it has a disk of its own."""
    return "m" if plan.mode in LOCAL_MODES and (not plan.on_network or drawn.random() < 0.4) else slave


def _memory(drawn: random.Random, plan: Plan, slave: str) -> Fault:
    if plan.mode in (3, 6) and drawn.random() < 0.4:
        return Fault("memory", "m", 0, 0, drawn.choice((200, 240)))
    return Fault("memory", slave, 0, 0, drawn.choice((170, 200)))
