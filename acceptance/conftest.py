"""What all acceptance tests share: the programs under test, a scratch folder, a LAN, disks; what a test needs, and what
it reports.
"""

import fcntl
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
pytest.register_assert_rewrite("lab")

from lab import keys, machine, scratch as scratch_tools
from lab.disks import Disks, NoLoopDevice, digest
from lab.lan import Lan
from lab.programs import Programs
from lab.scratch import NoRoom, Scratch
from lab.session import Session

LOCKS = "IMGBLSTR_LAB_LOCKS"  # names the folder with the locks that sessions which run side by side take
_asserts = {"held": 0}


# --------------------------------------------------------------------------------------------------- the run as a whole


def pytest_configure(config):
    """Sessions side by side tell each other through a folder what memory they need, and who must be alone."""
    if not hasattr(config, "workerinput") and LOCKS not in os.environ:
        config.lab_folder = tempfile.TemporaryDirectory(prefix="imgblstr-lab-")
        os.environ[LOCKS] = config.lab_folder.name
        os.environ.setdefault(keys.FOLDER, config.lab_folder.name)
        reservations = Path(config.lab_folder.name) / "reservations"
        reservations.mkdir()
        os.environ[scratch_tools.RESERVATIONS] = str(reservations)


def pytest_sessionstart(session):
    if os.geteuid() == 0:
        machine.own_mounts()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A module is one group, or one for each value of its parameter `sector`. What takes longest comes first."""
    for item in items:
        if not any(item.iter_markers("xdist_group")):
            sector = getattr(item, "callspec", None) and item.callspec.params.get("sector")
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}{f'-{sector}' if sector else ''}"))
    items.sort(key=lambda item: -getattr(item.module, "SECONDS", 0))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    """A test that must be alone waits until no other runs, and no other begins meanwhile."""
    with ExitStack() as locks:
        turnstile = locks.enter_context(open(Path(os.environ[LOCKS]) / "turnstile", "w", encoding="ascii"))
        running = locks.enter_context(open(Path(os.environ[LOCKS]) / "running", "w", encoding="ascii"))
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        fcntl.flock(running, fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH)
        fcntl.flock(turnstile, fcntl.LOCK_UN)
        yield


def pytest_assertion_pass(item, lineno, orig, expl):
    _asserts["held"] += 1


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Each test reports how many of its assertions held; one that failed also shows what its programs said."""
    report = (yield).get_result()
    if call.when == "call":
        report.user_properties.append(("assertions", _asserts["held"]))
        _asserts["held"] = 0
    if report.failed:
        for name, fixture in getattr(item, "funcargs", {}).items():
            if isinstance(fixture, Programs):
                report.sections.append(("programs", fixture.report()))
            if isinstance(fixture, Original) and not fixture.is_unchanged:
                report.sections.append(("original", f"{fixture.path} itself has changed: no target can be equal to it"))


def pytest_terminal_summary(terminalreporter, config):
    reports = [report for each in ("passed", "failed") for report in terminalreporter.stats.get(each, [])]
    config.lab_held = sum(value for report in reports for name, value in report.user_properties if name == "assertions")


def pytest_unconfigure(config):
    """The last line of a run."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if hasattr(config, "workerinput") or reporter is None or not hasattr(config, "lab_held"):
        return
    count = {name: len(reporter.stats.get(name, [])) for name in ("passed", "failed", "error", "skipped")}
    print(f"{config.lab_held} assertions held in the tests that ran")
    print(f"{count['passed']} passed, {count['failed'] + count['error']} failed, {count['skipped']} skipped")


# ---------------------------------------------------------------------------------------------------- what a test needs


def pytest_runtest_setup(item):
    if item.get_closest_marker("root") and os.geteuid() != 0:
        pytest.skip("needs root")
    lacking = machine.lacking(tool for mark in item.iter_markers("tools") for tool in mark.args)
    if lacking:
        pytest.skip(f"needs {', '.join(lacking)}")
    for program in (machine.master_program(), machine.slave_program()):
        if not os.access(program, os.X_OK):
            pytest.fail(f"{program} is not there: build the programs with 'mvn -q package -DskipTests'", pytrace=False)


class Original:
    """What targets are compared with; its digest is taken before the programs read it."""

    def __init__(self, path):
        self.path, self.digest = Path(path), digest(path)

    @property
    def is_unchanged(self) -> bool:
        return not self.path.exists() or digest(self.path) == self.digest


# ------------------------------------------------------------------------------------------------------------- fixtures


@pytest.fixture(scope="module")
def scratch(request):
    """A folder with room for as many MiB as the module says in ROOM_MIB."""
    try:
        folder = Scratch(request.module.ROOM_MIB)
    except NoRoom as lack:
        pytest.skip(str(lack))
    yield folder
    folder.remove(keep=bool(os.environ.get("KEEP")))


@pytest.fixture(scope="module")
def lan(request):
    """A LAN with as many slaves as the module says in SLAVES; MTU and FRAMES if it says them."""
    network = Lan(
        request.module.SLAVES, getattr(request.module, "MTU", 1500), getattr(request.module, "FRAMES", "wire")
    )
    yield network
    network.down()


@pytest.fixture(scope="module")
def module_disks(scratch):
    """Loop devices that stay until the end of the module."""
    disks = Disks(scratch)
    yield disks
    disks.remove()


@pytest.fixture
def disks(scratch):
    """Loop devices of one test."""
    found = Disks(scratch)
    yield found
    found.remove()


@pytest.fixture
def programs(scratch, lan):
    """The programs of one test; all events that they have told must fit the schema."""
    started = Programs(scratch.log, lan)
    yield started
    started.stop()
    assert started.broken_events() == []


@pytest.fixture
def session(programs, targets):
    """One master and its slaves; what the module's fixture `targets` names is what they write to."""
    return Session(programs, targets)


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """A machine without loop devices of some sector size skips what needs them."""
    outcome = yield
    if isinstance(outcome.excinfo and outcome.excinfo[1], NoLoopDevice):
        pytest.skip(str(outcome.excinfo[1]))
