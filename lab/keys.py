"""How the sessions of tests and benches are sealed: by one key for all, which `imgblstr keygen` makes when it is first needed.

IMGBLSTR_LAB_OPEN=1 in the environment runs all of them open.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from lab.machine import master_program, run, slave_program

FOLDER = "IMGBLSTR_LAB_KEYS"  # names the folder of the key, which processes that run side by side share
OPEN = "IMGBLSTR_LAB_OPEN"
CHOSEN = ("--open", "--key-file", "--code", "--code-file")
VARIABLES = {"IMGBLSTR_CODE", "IMGSLAVE_CODE"}
NO_SESSION = {"disks", "generate-completion", "generate-man-pages", "--help", "--version"}

_own: tempfile.TemporaryDirectory = None


def _folder() -> Path:
    global _own
    if FOLDER not in os.environ:
        _own = tempfile.TemporaryDirectory(prefix="imgblstr-keys-")
        os.environ[FOLDER] = _own.name
    return Path(os.environ[FOLDER])


def key() -> Path:
    """The key for masters; that for slaves has `.slave` behind its name."""
    file = _folder() / "room.key"
    with open(_folder() / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            run(master_program(), "keygen", file)
    return file


def master_options() -> list:
    """What a master is told of its session."""
    return ["--open"] if os.environ.get(OPEN) else ["--key-file", key()]


def slave_options() -> list:
    """What a slave is told of its sessions."""
    return ["--open"] if os.environ.get(OPEN) else ["--key-file", f"{key()}.slave"]


def slave_options_of(user: int, folder: Path) -> list:
    """The same for a user without rights, who gets a copy of the key in a folder."""
    words = slave_options()
    if "--key-file" not in words:
        return words
    own = Path(shutil.copy(words[-1], Path(folder) / f"key-of-{user}"))
    os.chown(own, user, user)
    return [*words[:-1], own]


def menu_answers() -> list:
    """The question of the menus how the session is sealed, and its answers."""
    return ["The session is", 3] if os.environ.get(OPEN) else ["The session is", 2, "Key file", key()]


def sealed(words: list, env: dict = None) -> list:
    """The words of a command; each start script in it that begins a session and is told nothing of secrets gets what this run has."""
    texts = [str(word) for word in words]
    is_chosen = any(text.split("=")[0] in CHOSEN for text in texts) or VARIABLES & set(env or ())
    found = list(words)
    if is_chosen:
        return found
    for at in reversed(range(len(texts))):
        rest = texts[at + 1 :]
        if texts[at] == master_program() and "--broadcast" in rest:
            found[at + 1 : at + 1] = master_options()
        elif texts[at] == slave_program() and rest and not NO_SESSION & set(rest):
            found[at + 1 : at + 1] = slave_options()
    return found
