"""Starts a program, prints the seconds until something happened, then interrupts it.

until.py exit COMMAND...                 until it ends by itself, with exit code 0
until.py line TEXT COMMAND...            until a line of its standard error begins with TEXT
until.py datagram GROUP:PORT COMMAND...  until its first datagram to that multicast group, heard on eth0 of this host
"""

import signal
import socket
import struct
import subprocess
import sys
import time

LIMIT = 30  # seconds


def ended(process):
    if process.wait(LIMIT) != 0:
        raise SystemExit(f"exit code {process.returncode}")


def spoke(process, text):
    for line in process.stderr:
        if line.decode(errors="replace").startswith(text):
            return
    raise SystemExit(f"never said '{text}'")


def listener(where):
    group, port = where.split(":")
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((group, int(port)))
    s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4si", socket.inet_aton(group), bytes(4), socket.if_nametoindex("eth0")))
    s.settimeout(LIMIT)
    return s


def main(event, arguments):
    what, command = ("", arguments) if event == "exit" else (arguments[0], arguments[1:])
    ear = listener(what) if event == "datagram" else None
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        if event == "exit":
            ended(process)
        elif event == "line":
            spoke(process, what)
        else:
            ear.recv(65536)
        print(f"{time.monotonic() - start:.3f}")
    finally:
        process.send_signal(signal.SIGINT)
        process.stderr.close()
        process.wait(LIMIT)


main(sys.argv[1], sys.argv[2:])
