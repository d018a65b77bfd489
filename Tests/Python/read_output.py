"""Reads a run's output as docs/output.md says, and nothing else: no code of Grail.

    python3 read_output.py cout.txt cout.index

Prints {"version", "key", "ended", "pieces": [{"text", "time", "stream", "lost"} ...]} as JSON; the
text is in hexadecimal digits.
"""

import json
import struct
import sys


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def read_output(text, index):
    if index[:8] != b"GRAILOUT":
        raise ValueError("no index of an output")
    major, minor, length = struct.unpack_from("<HHI", index, 8)
    if major != 1:
        raise ValueError("a newer version")
    pieces, told, ended = [], 0, None
    for place in range(length, len(index) - 23, 24):
        record = index[place : place + 24]
        offset, time, count, stream, kind, checksum = struct.unpack("<qqIBBH", record)
        if crc32c(record[:22]) & 0xFFFF != checksum:
            continue
        if offset > told:
            pieces.append({"text": text[told:offset].hex(), "time": None, "stream": None, "lost": 0})
            told = offset
        if kind == 0:
            part = text[offset : offset + count]
            pieces.append({"text": part.hex(), "time": time, "stream": stream or None, "lost": 0})
            told = offset + count
        elif kind == 1:
            pieces.append({"text": "", "time": time, "stream": stream or None, "lost": count})
        elif kind == 2:
            ended = stream
    if told < len(text):
        pieces.append({"text": text[told:].hex(), "time": None, "stream": None, "lost": 0})
    return {
        "version": [major, minor], "key": index[16:32].hex(), "ended": ended, "pieces": pieces,
    }


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as text, open(sys.argv[2], "rb") as index:
        json.dump(read_output(text.read(), index.read()), sys.stdout)
    print()
