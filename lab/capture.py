"""Everything that passes the master's port of a LAN, both ways, as one file of frames. Run as a program it is the listener itself."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from lab.machine import wait_for

PORT = "pm"  # the master's port of the bridge
_ALL = 0x0003
_FORCED_BUFFER = 33  # SO_RCVBUFFORCE


class Capture:
    """Listens until `stop`, which gives all bytes."""

    def __init__(self, lan, file: Path):
        self._file = Path(file)
        self._file.unlink(missing_ok=True)
        command = lan.command("hub", sys.executable, "-m", "lab.capture", PORT, str(file))
        self._child = subprocess.Popen(command, cwd=Path(__file__).resolve().parent.parent)
        assert wait_for(10, self._file.exists), "the listener did not start"

    def stop(self) -> bytes:
        self._child.terminate()
        self._child.wait(10)
        data = self._file.read_bytes()
        self._file.unlink()
        return data


def listen(port: str, file: str) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL)) as frames:
        frames.setsockopt(socket.SOL_SOCKET, _FORCED_BUFFER, 64 << 20)
        frames.bind((port, 0))
        with open(file, "wb") as out:
            while True:
                out.write(frames.recv(65_536))


if __name__ == "__main__":
    # Not SIGINT, which whoever is started in the background may never hear.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    listen(sys.argv[1], sys.argv[2])
