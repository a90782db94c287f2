"""The live screen in a real terminal (tmux): a session of four slaves that is acted on by keys, and a terminal that is as it was after any end."""

import itertools
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest

from lab import keys
from lab.disks import blank, difference
from lab.machine import MIB, master_program, slave_program, wait_for
from lab.samples import random_file

pytestmark = [pytest.mark.root, pytest.mark.tools("tmux"), pytest.mark.slow]

BOUND = int(os.environ.get("BOUND", "60"))
SLAVES = 4
ROOM_MIB = 300
SECONDS = 40
GROUP = "239.255.82.9:18911"
MIB_DISK = 24
NUMBERS = itertools.count()
CODE = "abbreviate-abhorrence-accountant-aftershave-ammunition"  # no code is longer


class Terminal:
    """A shell in a terminal of tmux, in the namespace of the master."""

    def __init__(self, lan, folder, columns, lines):
        self._tmux = ["tmux", "-L", f"imgblstr-{os.getpid()}-{next(NUMBERS)}", "-f", "/dev/null"]
        self._folder, self._lan = folder, lan
        shell = shlex.join(lan.command("m", "env", "PS1=ready> ", "TERM=screen", "sh"))
        self._run("new-session", "-d", "-x", str(columns), "-y", str(lines), shell)
        assert wait_for(BOUND, lambda: "ready>" in self.text)

    def _run(self, *words):
        return subprocess.run([*self._tmux, *words], check=True, capture_output=True, text=True, cwd=self._folder).stdout

    @property
    def text(self):
        return self._run("capture-pane", "-p")

    @property
    def history(self):
        return self._run("capture-pane", "-p", "-S", "-200")

    def keys(self, *keys):
        self._run("send-keys", *keys)

    def line(self, *words):
        self._run("send-keys", "-l", " ".join(str(word) for word in words))
        self.keys("Enter")

    def resize(self, columns, lines):
        self._run("resize-window", "-x", str(columns), "-y", str(lines))

    def shows(self, text, seconds=BOUND):
        return wait_for(seconds, lambda: text in self.text)

    @property
    def modes(self):
        """The settings of the terminal, as stty says them."""
        tty = self._run("list-panes", "-F", "#{pane_tty}").strip()
        return subprocess.run(["stty", "-F", tty, "-a"], check=True, capture_output=True, text=True).stdout

    @property
    def is_plain(self):
        """Whether it shows its usual screen, with a cursor."""
        return self._run("list-panes", "-F", "#{alternate_on} #{cursor_flag}").strip() == "0 1"

    def program(self, name):
        """The pid of the Java program that runs in it."""
        pane = self._run("list-panes", "-F", "#{pane_pid}").strip()
        found = subprocess.run(["pgrep", "-f", "--", f"--session {name}"], capture_output=True, text=True).stdout.split()
        return int([pid for pid in found if pid != pane][-1])

    def close(self):
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)


@pytest.fixture
def terminal(lan, scratch):
    terminal = Terminal(lan, scratch.folder, 100, 24)
    yield terminal
    terminal.close()


@pytest.fixture
def source(scratch):
    return random_file(scratch / "source", MIB_DISK)


def master(name, source, *options):
    words = [master_program(), "--yes", "--broadcast", "--group", GROUP, "--session", name, *options, "--disk", source]
    return keys.sealed(words)


def acts(terminal, keys, shown):
    """Presses keys and waits for what they bring about; the seconds that took."""
    begun = time.monotonic()
    terminal.keys(*keys)
    assert terminal.shows(shown), shown
    return time.monotonic() - begun


def test_every_key_in_a_session_of_four(programs, scratch, terminal, source):
    before, name = terminal.modes, f"screen-{os.getpid()}"
    targets = {number: blank(scratch / f"target{number}", MIB_DISK * MIB) for number in (1, 2, 3, 4)}
    slaves = {}
    for number, target in targets.items():
        words = [slave_program(), "--yes", "--label", f"pc{number}", "--group", GROUP, "--wait", f"{BOUND}s", target]
        slaves[number] = programs.start(f"slave{number}", f"s{number}", *words)
    report = scratch / "report.csv"
    terminal.line(*master(name, source, "--slaves", 5, "--rate", "8M"))
    assert terminal.shows("4 of 5 joined")
    assert all(f"pc{number}" in terminal.text for number in slaves)

    took = {
        "Enter asks": acts(terminal, ["Enter"], "start without them?"),
        "yes": acts(terminal, ["y"], "sending"),
        "pause": acts(terminal, ["p"], "paused"),
        "kick": acts(terminal, ["k", "pc2", "Enter", "y"], "gone"),
        "absent": acts(terminal, ["a"], "1 of 5 slaves not heard of"),
        "slaves": acts(terminal, ["a"], "pc1"),
        "report": acts(terminal, ["R", str(report), "Enter"], "at the end"),
        "rate": acts(terminal, ["r", "400M", "Enter"], "400.0 Mbit/s"),
        "quit asks": acts(terminal, ["q"], "end the session"),
        "no": acts(terminal, ["n"], "q quit"),
    }
    terminal.resize(40, 12)
    assert wait_for(BOUND, lambda: all(len(line) <= 40 for line in terminal.text.splitlines()))
    terminal.resize(100, 24)
    took["resume"] = acts(terminal, ["p"], "ready>")  # the rest takes less than a second at this rate

    print("seconds until shown:", {action: round(seconds, 2) for action, seconds in took.items()})
    assert {number: slave.outcome(BOUND) for number, slave in slaves.items()} == {1: 0, 2: 130, 3: 0, 4: 0}
    assert all(difference(targets[number], source) == "" for number in (1, 3, 4))
    assert terminal.is_plain
    assert terminal.modes == before
    assert "kicked" in terminal.history
    assert report.read_text(encoding="utf-8").count("\n") == 5


def test_a_log_moves_nothing_on_the_screen(programs, scratch, terminal, source):
    for number in (1, 2, 3):
        target = blank(scratch / f"target{number}", MIB_DISK * MIB)
        words = [slave_program(), "--yes", "--label", f"pc{number}", "--group", GROUP, "--wait", f"{BOUND}s", target]
        programs.start(f"slave{number}", f"s{number}", *words)
    terminal.line(*master(f"screen-{os.getpid()}", source, "--slaves", 5, "-v"))
    assert terminal.shows("3 of 5 joined")
    acts(terminal, ["k", "pc2", "Enter", "y"], "is removed by the operator")
    assert terminal.shows("2 of 5 joined")
    for columns, lines in ((100, 24), (40, 12)):
        terminal.resize(columns, lines)
        assert wait_for(BOUND, lambda: len(terminal.text.splitlines()) == lines and "help" in terminal.text)
        shown = terminal.text.splitlines()
        assert shown[0].startswith("imgblstr"), shown
        assert shown[1].startswith("waiting: 2 of 5 joined"), shown
        assert {line.split()[1] for line in shown[4:6]} == {"pc1", "pc3"}, shown
        assert "? help" in shown[-1], shown
    terminal.keys("C-c")
    assert terminal.shows("ready>")
    assert "could not be shown" not in terminal.history


def test_the_join_code_is_whole_on_every_terminal(programs, scratch, terminal, source):
    """While slaves are awaited, on the page of help, and with a line that is longer than the terminal is wide."""
    terminal.line(*master(f"screen-{os.getpid()}", source, "--slaves", 2, "--code", CODE))
    for columns, lines in ((100, 24), (80, 24), (40, 12)):
        terminal.resize(columns, lines)
        assert wait_for(BOUND, lambda: len(terminal.text.splitlines()) == lines and CODE in "".join(terminal.text.split())), terminal.text
    assert terminal.shows("no slave has answered")
    terminal.resize(80, 24)
    assert wait_for(BOUND, lambda: "the switch does not pass multicast" in " ".join(terminal.text.split())), terminal.text
    acts(terminal, ["?"], "what the keys do")
    assert CODE in terminal.text
    terminal.keys("C-c")
    assert terminal.shows("ready>")


def quit_by_key(terminal, pid):
    terminal.keys("q")
    assert terminal.shows("end the session")
    terminal.keys("y")


ENDS = {
    "q": quit_by_key,
    "Ctrl-C": lambda terminal, pid: terminal.keys("C-c"),
    "HUP": lambda terminal, pid: os.kill(pid, signal.SIGHUP),
    "TERM": lambda terminal, pid: os.kill(pid, signal.SIGTERM),
    "crash": lambda terminal, pid: os.kill(pid, signal.SIGSEGV),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_terminal_is_as_it_was_after(end, terminal, source):
    before, name = terminal.modes, f"screen-{os.getpid()}"
    terminal.line("ulimit -c 0;", *master(name, source))
    assert terminal.shows("0 slaves joined")
    assert not terminal.is_plain
    ENDS[end](terminal, terminal.program(name))
    assert wait_for(BOUND, lambda: terminal.is_plain), terminal.text
    if end == "crash":  # nothing but the start script is left, which knows no settings but the usual ones
        assert wait_for(BOUND, lambda: {"isig", "icanon", "echo"} <= set(terminal.modes.split()))
    else:
        assert wait_for(BOUND, lambda: terminal.modes == before), terminal.modes
    terminal.line("echo", "it", "works")
    assert terminal.shows("it works")


def test_ctrl_z_gives_the_terminal_back_until_fg(terminal, source, scratch):
    """Also on a machine where it takes a second to stop the program, in which the screen would be drawn again."""
    slow = scratch / "slow"
    slow.mkdir()
    (slow / "sh").write_text('#!/bin/sh\nsleep 1\nexec /bin/sh "$@"\n', encoding="ascii")
    (slow / "sh").chmod(0o755)
    before, name = terminal.modes, f"screen-{os.getpid()}"
    terminal.line("set -m;", f"PATH={slow}:$PATH", *master(name, source))
    assert terminal.shows("0 slaves joined")
    stat = Path(f"/proc/{terminal.program(name)}/stat")
    terminal.keys("C-z")
    assert wait_for(BOUND, lambda: stat.read_text(encoding="latin-1").rpartition(") ")[2].startswith("T"))
    assert wait_for(BOUND, lambda: terminal.is_plain and terminal.modes == before), terminal.text
    terminal.line("fg")
    assert terminal.shows("Enter start")
    assert not terminal.is_plain
    terminal.keys("C-c")
    assert wait_for(BOUND, lambda: terminal.is_plain and terminal.modes == before), terminal.text


@pytest.mark.parametrize("setting", ["TERM=dumb", "NO_COLOR=1"])
def test_plain_lines_and_no_colours(setting, terminal, source):
    terminal.line(setting, *master(f"screen-{os.getpid()}", source))
    assert terminal.shows("0 slaves joined")
    assert terminal.is_plain == (setting == "TERM=dumb")
    coloured = subprocess.run(
        [*terminal._tmux, "capture-pane", "-p", "-e"], check=True, capture_output=True, text=True
    ).stdout
    assert "\x1b[" not in coloured
    terminal.keys("C-c")
    assert terminal.shows("ready>")
