"""Prints first byte and length of one partition of a GPT disk: gpt.py DISK SECTOR_BYTES NUMBER."""

import struct
import sys

disk, sector, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(disk, "rb") as f:
    f.seek(sector)
    header = f.read(92)
    if header[:8] != b"EFI PART":
        sys.exit(f"{disk}: no GPT header at sector 1 of {sector} bytes")
    table, count, size = struct.unpack("<QII", header[72:88])
    if not 1 <= number <= count:
        sys.exit(f"{disk}: no partition {number}")
    f.seek(table * sector + (number - 1) * size)
    entry = f.read(size)
first, last = struct.unpack("<QQ", entry[32:48])
if first == 0:
    sys.exit(f"{disk}: partition {number} is empty")
print(first * sector, (last - first + 1) * sector)
