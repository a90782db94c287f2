#!/usr/bin/env python3
"""Compares two files byte by byte, except what is a hole in both: same.py A B. Exit code 0 equal, 1 different."""
import errno
import os
import sys

PIECE = 4 << 20


def data_ranges(fd, size):
    """The ranges for which the file system has something stored."""
    at = 0
    while at < size:
        try:
            start = os.lseek(fd, at, os.SEEK_DATA)
        except OSError as e:
            if e.errno == errno.ENXIO:
                return
            raise
        at = os.lseek(fd, start, os.SEEK_HOLE)
        yield start, at


def main(names):
    fds = [os.open(name, os.O_RDONLY) for name in names]
    sizes = [os.fstat(fd).st_size for fd in fds]
    if sizes[0] != sizes[1]:
        sys.exit("%s has %d bytes, %s has %d" % (names[0], sizes[0], names[1], sizes[1]))
    for fd in fds:
        for start, end in data_ranges(fd, sizes[0]):
            for at in range(start, end, PIECE):
                length = min(PIECE, end - at)
                if os.pread(fds[0], length, at) != os.pread(fds[1], length, at):
                    sys.exit("%s and %s differ in the %d bytes at %d" % (names[0], names[1], length, at))


main(sys.argv[1:3])
