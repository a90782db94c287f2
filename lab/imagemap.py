"""The unreadable sectors of an image file, read by docs/image-format.md alone."""

import struct

_RECORD_BYTES = 64
_SKIP, _DIRECTORY, _PARTIAL = 2, 4, 5
_UNREADABLE = 4  # kind of a range of a skip record
_WHOLE_DISK_FIELD = 0x8001
_UNIT = 512  # raw bytes that one bit of a map stands for
_CRC_BYTES = 4  # behind the bits


def unreadable_sectors(path) -> list:
    """Sectors of the source disk, in order. Of an image of a whole disk with sectors of 512 bytes."""
    found = []
    with open(path, "rb") as image:
        per_track, sectors, at = _header(image)
        while True:
            image.seek(at)
            magic, kind, first, count, body = struct.unpack(">4sB3xIII", image.read(20))
            if magic != b"IBRC":
                raise ValueError(f"{path}: no record at byte {at}")
            image.seek(at + _RECORD_BYTES)
            if kind == _PARTIAL:
                found += [first * per_track + unit for unit in _units(image.read(body))]
            elif kind == _SKIP:
                for start, tracks, what in struct.iter_unpack(">IIB3x", image.read(body)):
                    end = min((start + tracks) * per_track, sectors)
                    found += range(start * per_track, end) if what == _UNREADABLE else ()
            elif kind == _DIRECTORY:
                return found
            at += _RECORD_BYTES + body


def _header(image) -> tuple:
    """Sectors of a track, sectors of the disk, bytes of the header."""
    head = image.read(80)
    magic, length, sector, per_track, sectors = struct.unpack(">8s4xI24xI2xHQ", head[:56])
    if magic != b"IMGBLSTR" or sector != _UNIT:
        raise ValueError("no image of a disk with sectors of 512 bytes")
    fields = head[80:] + image.read(length - 84)
    kind, at = 0, 0
    while at < len(fields) and kind != _WHOLE_DISK_FIELD:
        kind, size = struct.unpack_from(">HH", fields, at)
        value, at = fields[at + 4 : at + 4 + size], at + 4 + size
    if kind != _WHOLE_DISK_FIELD or struct.unpack_from(">IQ", value) != (0, 0):
        raise ValueError("the image is not one of a whole disk")
    return per_track, sectors, length


def _units(encoded: bytes) -> list:
    """Numbers of the units that the map behind the coded bytes of a track marks."""
    raw_bytes, payload = struct.unpack_from(">II", encoded, 8)
    units = -(-raw_bytes // _UNIT)
    if 24 + payload != len(encoded):
        raise ValueError("an encoded track is as long as it says")
    bits = encoded[len(encoded) - _CRC_BYTES - (units + 7) // 8 : len(encoded) - _CRC_BYTES]
    return [unit for unit in range(units) if bits[unit // 8] >> unit % 8 & 1]
