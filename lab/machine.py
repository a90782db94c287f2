"""This machine: its commands and tools, how to wait for something, and a mount namespace of our own."""

import ctypes
import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MIB = 1 << 20
ID = secrets.token_hex(3)  # in the name of everything that this process makes

_CLONE_NEWNS = 0x00020000
_MS_REC, _MS_PRIVATE = 0x4000, 1 << 18


def master_program() -> str:
    """The start script of imgblstr; MASTER in the environment names another one."""
    return os.environ.get("MASTER", str(PROJECT / "dist/target/imgblstr"))


def slave_program() -> str:
    """The start script of imgslave; SLAVE in the environment names another one."""
    return os.environ.get("SLAVE", str(PROJECT / "dist/target/imgslave"))


class CommandFailed(Exception):
    """A command of this machine ended with another exit code than 0."""


def run(*command, **options) -> str:
    """Runs a command to its end and gives what it wrote to stdout; fails with what it wrote to stderr."""
    done = attempt(*command, **options)
    if done.returncode != 0:
        words = " ".join(str(word) for word in command)
        raise CommandFailed(f"{words}: exit code {done.returncode}: {(done.stderr or '').strip()[-2000:]}")
    return done.stdout


def attempt(*command, **options) -> subprocess.CompletedProcess:
    """Runs a command to its end, whatever its exit code is."""
    options = {"stdin": subprocess.DEVNULL, **options}
    if "input" in options:
        del options["stdin"]
    return subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="surrogateescape",
        check=False,
        **options,
    )


def wait_for(seconds: float, condition, pause: float = 0.05) -> bool:
    """True as soon as the condition holds; False when it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True


def lacking(tools) -> list:
    """The tools of a list that this machine does not have."""
    return [tool for tool in tools if shutil.which(tool) is None]


def shim(name: str, folder: Path) -> Path:
    """The library acceptance/NAME.c, compiled into a folder: programs that are started with it in LD_PRELOAD see another disk."""
    library = folder / f"{name}.so"
    options = ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    run("gcc", *options, "-o", library, PROJECT / f"acceptance/{name}.c", "-ldl")
    return library


def available_mib() -> int:
    """Memory that can be used without harm to what runs already."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("MemAvailable"):
                return int(line.split()[1]) // 1024
    return 0


def own_mounts() -> None:
    """Gives this process a mount namespace of its own.

    A process elsewhere that copied our mounts would keep a sample file system alive. The kernel would go on writing to
    that file system while the programs read it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS) != 0 or libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        raise OSError(ctypes.get_errno(), "no mount namespace of our own")
