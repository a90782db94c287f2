"""When the faults of a session happen, and what is done then."""

import itertools
import signal
import time

from lab.soak import orders, wire


class Timeline:
    """The faults of one session in the order of time. Moments count from the first data."""

    def __init__(self, session):
        self._session, self._plan, self._due, self._began = session, session.plan, [], None
        self._count, self._other_told = itertools.count(), False
        self.happened = [each for each in self._plan.faults if each.kind not in _MOMENTS]
        self._steady = {"loss": self._loss, "duplicates": self._duplicates, "reorder": self._reorder}

    def before(self) -> None:
        """What lasts for the whole session."""
        for fault in self._plan.faults:
            if fault.kind in self._steady:
                self._steady[fault.kind](fault)
            if fault.kind == "foreign":
                self._session.foreigner_up(fault.amount)

    def listening(self) -> None:
        """A second master may be there before the first."""
        fault = self._plan.fault("second-master")
        if fault and fault.at == 0:
            self.happened.append(fault)
            self._session.other_master_up()
            self._session.other.heard_within(30, "waiting for")

    def follow(self, seconds: float) -> None:
        """Does what is due until the master has ended; then what undoes a fault."""
        for fault in self._plan.faults:
            if fault.kind in _MOMENTS and not (fault.kind == "second-master" and fault.at == 0):
                _MOMENTS[fault.kind](self, fault)
        began, master = time.monotonic(), self._session.master
        while master.is_running and time.monotonic() < began + seconds:
            self._look_for_start()
            self._end_early_other(began)
            self._do_what_is_due()
            time.sleep(0.02)
        self._undo()
        self._session.wait_for_master(1 if master.is_running else 10)

    def after(self) -> None:
        """The session is over."""
        if self._session.other and self._session.other.is_running:
            self._end_other()

    def _end_early_other(self, began: float) -> None:
        """Who was there before the first master leaves after its time, as nothing flows while both are there."""
        fault = self._plan.fault("second-master")
        if fault and fault.at == 0 and time.monotonic() > began + fault.seconds and self._session.other.is_running:
            self._end_other()

    # ---------------------------------------------------------------------------------------------------------- the order

    def _add(self, at: float, action, undoes: bool = False) -> None:
        self._due.append((at, next(self._count), action, undoes))
        self._due.sort(key=lambda due: due[:2])

    def _look_for_start(self) -> None:
        if self._began is None and self._has_begun():
            self._began = time.monotonic()

    def _has_begun(self) -> bool:
        said = self._session.master.out
        return '"event":"started"' in said.replace(" ", "") or (not self._plan.on_network and '"plan"' in said)

    def _do_what_is_due(self) -> None:
        while self._due and self._is_due(self._due[0][0]):
            self._due.pop(0)[2]()

    def _is_due(self, at: float) -> bool:
        return self._began is not None and time.monotonic() - self._began >= at

    def _undo(self) -> None:
        ends = [action for _, _, action, undoes in self._due if undoes]
        self._due = []
        for end in ends:
            end()

    # --------------------------------------------------------------------------------------------------------- the faults

    def _programs(self, victim: str):
        session = self._session
        return session.master if victim == "m" else session.slaves[int(victim[1:])].program

    def _signal(self, victim: str, number: signal.Signals) -> None:
        program = self._programs(victim)
        if program.is_running:
            program.signal(number)

    def _hosts(self, victim: str) -> list:
        return ["m", *(f"s{n}" for n in range(1, self._plan.last_slave + 1))] if victim == "all" else [victim]

    def _loss(self, fault) -> None:
        for host in self._hosts(fault.victim):
            self._session.lan.loss(host, fault.amount)

    def _duplicates(self, fault) -> None:
        wire.duplicate(self._session.lan, fault.victim, fault.amount)

    def _reorder(self, fault) -> None:
        wire.reorder(self._session.lan, fault.victim, fault.amount)

    def _kill(self, fault) -> None:
        self._begin(fault, lambda: self._signal(fault.victim, signal.SIGKILL))

    def _interrupt(self, fault) -> None:
        number = signal.SIGTERM if int(fault.at * 100) % 2 else signal.SIGINT
        self._begin(fault, lambda: self._signal(fault.victim, number))

    def _stop(self, fault) -> None:
        self._for_a_while(
            fault,
            lambda: self._signal(fault.victim, signal.SIGSTOP),
            lambda: self._signal(fault.victim, signal.SIGCONT),
        )

    def _order(self, *words, **more) -> None:
        orders.give(self._session.master, *words, **more)

    def _pause(self, fault) -> None:
        self._for_a_while(fault, lambda: self._order("pause"), lambda: self._order("resume"))

    def _rate(self, fault) -> None:
        self._begin(fault, lambda: self._order("rate", bits=fault.amount))

    def _kick(self, fault) -> None:
        self._begin(fault, lambda: self._order("kick", slave=f"slave{fault.victim[1:]}"))

    def _ask(self, fault) -> None:
        self._begin(fault, lambda: orders.ask_often(self._session.master, fault.amount))

    def _begin(self, fault, action, later: float = 0.0) -> None:
        """Does something at the moment of a fault, or so much later, and notes that it has happened."""

        def noted() -> None:
            action()
            self.happened += [] if fault in self.happened else [fault]

        self._add(fault.at + later, noted)

    def _for_a_while(self, fault, begin, end, later: float = 0.0, seconds: float = None) -> None:
        """What begins is ended, also when the session is over before."""

        def both() -> None:
            begin()
            self._add(fault.at + later + (fault.seconds if seconds is None else seconds), end, True)

        self._begin(fault, both, later)

    def _restart(self, fault) -> None:
        number = int(fault.victim[1:])

        def again() -> None:
            self._session.slaves[number].program.outcome(10)
            self._session.slave_up(number)

        def kill() -> None:
            self._signal(fault.victim, signal.SIGKILL)
            self._add(fault.at + fault.seconds, again)

        self._begin(fault, kill)

    def _bursts(self, fault) -> None:
        lan, length = self._session.lan, fault.seconds / fault.amount
        for number in range(fault.amount):
            self._for_a_while(
                fault,
                lambda: wire.silence(lan, fault.victim),
                lambda: wire.end_silence(lan, fault.victim),
                2 * number * length,
                length,
            )

    def _address(self, fault) -> wire.Address:
        number = 1 if fault.victim == "m" else 10 + int(fault.victim[1:])
        return wire.Address(self._session.lan, fault.victim, number)

    def _move(self, fault) -> None:
        address = self._address(fault)
        self._for_a_while(fault, address.lose, lambda: address.get(fault.amount))

    def _link(self, fault) -> None:
        address = self._address(fault)
        self._for_a_while(fault, lambda: address.link("down"), lambda: address.link("up"))

    def _late(self, fault) -> None:
        self._begin(fault, lambda: self._session.slave_up(int(fault.victim[1:])))

    def _other(self, fault) -> None:
        self._begin(fault, self._session.other_master_up)
        self._add(fault.at + fault.seconds, self._end_other)

    def _end_other(self) -> None:
        other = self._session.other
        if other.is_running and not self._other_told:
            self._other_told = True
            other.signal(signal.SIGINT)


_MOMENTS = {
    "kill-master": Timeline._kill,
    "kill-slave": Timeline._kill,
    "interrupt-master": Timeline._interrupt,
    "interrupt-slave": Timeline._interrupt,
    "stop-master": Timeline._stop,
    "stop-slave": Timeline._stop,
    "restart-slave": Timeline._restart,
    "bursts": Timeline._bursts,
    "address": Timeline._move,
    "link": Timeline._link,
    "late": Timeline._late,
    "pause": Timeline._pause,
    "rate": Timeline._rate,
    "kick-slave": Timeline._kick,
    "status": Timeline._ask,
    "second-master": Timeline._other,
}
