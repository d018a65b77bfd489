"""Reads a journal and prints it as JSON: written from docs/journal.md, with nothing of Grail's.

    python3 read_journal.py JOURNAL

It looks at every block and ignores the index, so that it reads open journals too.
"""

import json
import struct
import sys

SEGMENT = 1 << 20
KINDS = {1: "int", 2: "double", 3: "value"}

CRC_TABLE = []
for number in range(256):
    for _ in range(8):
        number = number >> 1 ^ (0x82F63B78 if number & 1 else 0)
    CRC_TABLE.append(number)


def crc32c(checksum, data):
    checksum ^= 0xFFFFFFFF
    for byte in data:
        checksum = CRC_TABLE[(checksum ^ byte) & 0xFF] ^ checksum >> 8
    return checksum ^ 0xFFFFFFFF


def signed(number, bits=64):
    number &= (1 << bits) - 1
    return number - (1 << bits) if number >> (bits - 1) else number


class Reader:
    def __init__(self, data):
        self.data, self.place = data, 0

    def take(self, count):
        part = self.data[self.place : self.place + count]
        if len(part) < count:
            raise ValueError("the bytes end too early")
        self.place += count
        return part

    def little(self, count):
        return int.from_bytes(self.take(count), "little")

    def varint(self):
        number = shift = 0
        while True:
            byte = self.little(1)
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def zigzag(self):
        number = self.varint()
        return signed(number >> 1 ^ -(number & 1))

    def cbor(self):
        first = self.little(1)
        major, detail = first >> 5, first & 31
        argument = detail
        if detail >= 24:
            argument = int.from_bytes(self.take(1 << (detail - 24)), "big")
        if major == 0:
            return argument
        if major == 1:
            return ~argument
        if major == 2:
            return {"bytes": self.take(argument).hex()}
        if major == 3:
            return self.take(argument).decode()
        if major == 4:
            return [self.cbor() for _ in range(argument)]
        if major == 5:
            return {self.cbor(): self.cbor() for _ in range(argument)}
        if major == 6 and argument == 1001:
            parts = self.cbor()
            return {"time": signed(parts[1] * 1_000_000 + parts[-6])}
        if major == 6 and argument == 27:
            name, raw = self.cbor()
            return {"opaque": name, "raw": raw}
        if major == 7 and detail == 27:
            return {"double": f"{argument:016x}"}
        return {20: False, 21: True, 22: None}[detail]


def read_points(content, kind, step, time, unit):
    """The points of a block: [step, microseconds, value], a double as its bits."""
    reader, points = Reader(content), []
    step, bits, narrow, delta, distance, value = step - 1, 0, 0, 0, 0, None
    while reader.place < len(content):
        control = reader.little(1)
        code, top = control & 15, 0
        step = signed(step + 1 + (reader.zigzag() if control & 16 else 0))
        time_code = control >> 5
        if 1 <= time_code <= 3:
            size = 1 << (time_code - 1)
            delta += signed(reader.little(size), 8 * size)
        elif time_code == 4:
            delta = signed(reader.little(8))
        elif time_code == 5:
            mixed = reader.little(1)
            delta += signed(mixed & 15, 4)
            top = mixed >> 4
        time = signed(time + delta)
        if kind == "double":
            if 1 <= code <= 8:
                bits ^= reader.little(code) | (top << 8 * code if code < 8 else 0)
                narrow = 0
            elif code:
                count = code - 8
                narrow ^= reader.little(2) << 16 if code == 14 else reader.little(count) | top << 8 * count
                number = struct.unpack("<f", struct.pack("<I", narrow))[0]
                bits = struct.unpack("<Q", struct.pack("<d", number))[0]
            value = {"double": f"{bits:016x}"}
        elif kind == "int":
            if code == 0:
                distance = 0
            elif code != 9:
                number = reader.little(code)
                distance = number >> 1 ^ -(number & 1)
            value = bits = signed(bits + distance)
        elif code == 1:
            value = Reader(reader.take(reader.varint())).cbor()
        points.append([step, time * unit, value])
    return points


def read_journal(data):
    if data[:8] != b"GRAILJNL":
        raise ValueError("no journal")
    major, minor, length = struct.unpack_from("<HHI", data, 8)
    if major != 1 or crc32c(0, data[:52]) != struct.unpack_from("<I", data, 52)[0]:
        raise ValueError("a damaged header, or a newer version")
    session, _, start = struct.unpack_from("<IIq", data, 32)
    salt = crc32c(0, data[16:36])
    metrics, streams, event_blocks = {}, {}, []
    position = length
    while position + 56 <= len(data):
        block = data[position : position + 56]
        magic, size, kind, flags, header_length = struct.unpack_from("<IIBBH", block)
        stream, ordinal, checksum, commit, checkpoint, step, time = struct.unpack_from("<IIIQQqq", block, 12)
        if magic != 0x4B4C4247:  # free space, or the trailer: go on at the next segment
            position = (position // SEGMENT + 1) * SEGMENT
            continue
        covered = crc32c(crc32c(0 if kind == 0 else salt, block[:20]), block[40:56])
        if covered != checksum:
            raise ValueError(f"a damaged header at {position}")
        content = data[position + header_length : position + size]
        used, sum_of_content = commit & 0xFFFFFFFF, commit >> 32
        if commit and crc32c(checksum, content[:used]) != sum_of_content:
            raise ValueError(f"damaged content at {position}")
        if kind == 1:
            unit = 1000 if flags & 1 else 1
            points = read_points(content[:used], KINDS[flags >> 1 & 3], step, time, unit)
            streams.setdefault(stream, []).append((ordinal, points))
        elif kind == 2:
            event_blocks.append((ordinal, content[:used]))
        position += size
    events = []
    for _, content in sorted(event_blocks):
        reader = Reader(content)
        while reader.place < len(content):
            body_length, body_sum = reader.little(4), reader.little(4)
            body = Reader(reader.take(body_length))
            if crc32c(0, body.data) != body_sum:
                raise ValueError("a damaged record")
            kind, time, content_of_body = body.varint(), body.zigzag(), body.cbor()
            if kind == 2:
                metrics[content_of_body["stream"]] = content_of_body
            else:
                events.append({"kind": kind, "time": time, "content": content_of_body})
    found = []
    for number, blocks in sorted(streams.items()):
        points = [point for _, part in sorted(blocks, key=lambda one: one[0]) for point in part]
        found.append({**metrics[number], "points": points})
    key = data[16:32].hex()
    heart = struct.unpack_from("<q", data, 64)[0]
    return {
        "version": [major, minor], "key": key, "session": session, "start": start,
        "heartbeat": heart or None, "events": events, "metrics": found,
    }


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        json.dump(read_journal(file.read()), sys.stdout, indent=1)
    print()
