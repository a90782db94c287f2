"""Orders to the running session of a master, by its control socket (docs/control.md), and requests that are none."""

import json
import re
import socket

_FOLDER = "/run/imgblstr"
_SECONDS = 5
_NO_REQUESTS = (b"", b"\n", b"{\n", b"[]\n", b'{"command": "dance"}\n', b'{"command": "kick", "slave": "nobody"}\n', b"\xff" * 5000)


def give(master, command: str, **more) -> str:
    """Gives an order and returns the answer; empty when there is no session or nobody answers."""
    return _send(master, json.dumps({"command": command, **more}).encode() + b"\n")


def ask_often(master, times: int) -> None:
    """Asks for the status so many times, and sends a request that is none in between."""
    for number in range(times):
        give(master, "status", text=bool(number % 2))
        _send(master, _NO_REQUESTS[number % len(_NO_REQUESTS)])


def _send(master, request: bytes) -> str:
    found = re.search('"session": ?"([0-9a-f]*[1-9a-f][0-9a-f]*)"', master.out)
    if found is None:
        return ""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_SECONDS)
            connection.connect(f"{_FOLDER}/{found.group(1)}.sock")
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return connection.makefile("rb").read().decode()
    except OSError:
        return ""  # the session is over
