"""Which exit codes the faults of a session explain. What no fault explains must be 0."""

from lab.soak.plan import SPOILT_TARGETS

OK, INCOMPLETE, DEVICE, NOBODY, LOST, INTERRUPTED, KILLED = 0, 3, 12, 13, 14, 130, 137

# Of everything on the wire, and of programs that stop for a while, nothing is explained: all must end with 0.
_OF_A_SLAVE = {
    "kill-slave": ({KILLED}, {INCOMPLETE, LOST}),
    "interrupt-slave": ({INTERRUPTED}, {INCOMPLETE, LOST}),
    "kick-slave": ({INTERRUPTED, LOST}, {INCOMPLETE, LOST}),
    "wrapped": ({DEVICE}, {INCOMPLETE, LOST}),
    "bad-target": ({DEVICE}, {INCOMPLETE, LOST}),
    "lost-writes": ({DEVICE}, {INCOMPLETE, LOST}),
    "failed-writes": ({DEVICE}, {INCOMPLETE, LOST}),
}  # codes of the slave, and of the master
_OF_THE_MASTER = {
    "kill-master": ({KILLED}, {LOST}),
    "interrupt-master": ({INTERRUPTED}, {LOST}),
    "bad-source": ({INCOMPLETE}, {INCOMPLETE}),
}  # codes of the master, and of all slaves


def master_codes(plan, lives: dict) -> set:
    """The codes with which the master may end. `lives` tells of each slave's last life: its code, and whether it joined."""
    found = {OK}
    for fault in plan.faults:
        if fault.kind in _OF_A_SLAVE and fault.victim != "m":
            found |= _OF_A_SLAVE[fault.kind][1]
        if fault.kind in _OF_THE_MASTER:
            found |= _OF_THE_MASTER[fault.kind][0]
    restarted = plan.fault("restart-slave")
    if restarted and lives[int(restarted.victim[1:])].code != OK:
        found |= {INCOMPLETE, LOST}
    if plan.fault("full-image"):
        found.add(DEVICE if plan.mode == 1 else INCOMPLETE)
    if any(plan.hit(kind, "m") for kind in SPOILT_TARGETS):
        found |= {DEVICE, INCOMPLETE}
    if plan.slow == "drop":
        found |= {INCOMPLETE, LOST}
    return found


def slave_codes(plan, number: int, joined: bool) -> set:
    """The codes with which the last life of a slave may end."""
    name, found = f"s{number}", {OK}
    for fault in plan.faults:
        if fault.kind in _OF_A_SLAVE and fault.victim == name:
            found |= _OF_A_SLAVE[fault.kind][0]
        if fault.kind in _OF_THE_MASTER:
            found |= _OF_THE_MASTER[fault.kind][1]
    if any(plan.hit(kind, "m") for kind in SPOILT_TARGETS):
        found.add(LOST)
    if plan.slow == "drop":
        found.add(INCOMPLETE)
    if plan.hit("restart-slave", name):
        found.add(KILLED)  # the session was over before it was started again
    late = plan.hit("late", name) or plan.hit("restart-slave", name)
    if not joined and (late or plan.fault("kill-master") or plan.fault("interrupt-master")):
        found |= {NOBODY, INTERRUPTED}  # the session was over before this slave could hear of it
    return found
