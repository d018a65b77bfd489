"""Compares a stored run, as incense reads it, with what is expected.

    check_incense.py STORE ID EXPECTED.json

EXPECTED.json is an object; each key is optional, and only what it names is compared:

    experiment    the experiment's name
    status, result, config, info
                  as incense gives them; an infinite or undefined number is a bare NaN, Infinity
    captured_out  the text of cout.txt; incense turns each return in it into a newline
    metrics       name to {"values": […], "steps": […]}; no other metric may be there
    artifacts     name to {"text": "…"}, {"base64": "…"} or {"sha256": "…", "size": N};
                  no other artifact may be there

Prints what differs, and ends with exit code 1 if anything does.
"""

import base64
import hashlib
import json
import math
import sys

from incense import FileSystemExperimentLoader
from pyrsistent import thaw

# incense takes every file of a run that it does not know for an artifact. These are the files
# of Sacred and Grail that it does not know.
NOT_ARTIFACTS = ("info.json", "cout.index", "journal")


def differences(found, expected, place):
    """Yields a line for each place where two JSON values differ."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            inner = f"{place}.{key}"
            if key not in found:
                yield f"{inner}: missing, but {expected[key]!r} was expected"
            elif key not in expected:
                yield f"{inner}: {found[key]!r} was not expected"
            else:
                yield from differences(found[key], expected[key], inner)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(found) != len(expected):
            yield f"{place}: {len(found)} entries, but {len(expected)} were expected"
        for index, (left, right) in enumerate(zip(found, expected)):
            yield from differences(left, right, f"{place}[{index}]")
    elif not same(found, expected):
        yield f"{place}: {found!r}, but {expected!r} was expected"


def same(found, expected):
    """Tells whether two plain values are equal, of one type, and of one sign if zero."""
    if type(found) is not type(expected):
        return False
    if isinstance(found, float):
        if math.isnan(found) or math.isnan(expected):
            return math.isnan(found) and math.isnan(expected)
        return found == expected and math.copysign(1, found) == math.copysign(1, expected)
    return found == expected


def metric_differences(found, expected):
    """Yields a line for each difference between pandas series and expected points."""
    for name in sorted(found.keys() | expected.keys()):
        place = f"metrics.{name}"
        if name not in found or name not in expected:
            yield f"{place}: {'not expected' if name in found else 'missing'}"
            continue
        series = found[name]
        if series.name != name or series.index.name != "step":
            yield f"{place}: the series is named {series.name!r}, its index {series.index.name!r}"
        yield from differences(series.index.tolist(), expected[name]["steps"], f"{place}.steps")
        # A series has one type: of whole and other numbers together pandas makes floats, and of
        # a null among them NaN.
        values = expected[name]["values"]
        if series.dtype.kind == "f":
            values = [math.nan if value is None else float(value) for value in values]
        yield from differences(series.tolist(), values, f"{place}.values")


def artifact_differences(found, expected):
    """Yields a line for each difference between artifacts and expected bytes."""
    for name in sorted(found.keys() | expected.keys()):
        place = f"artifacts.{name}"
        if name not in expected:
            if not name.startswith(NOT_ARTIFACTS):
                yield f"{place}: not expected"
            continue
        if name not in found:
            yield f"{place}: missing"
            continue
        content, wanted = found[name].content, expected[name]
        if "text" in wanted and content != wanted["text"].encode():
            yield f"{place}: {content!r}, but {wanted['text'].encode()!r} was expected"
        if "base64" in wanted and content != base64.b64decode(wanted["base64"]):
            yield f"{place}: other bytes than expected"
        if "size" in wanted and len(content) != wanted["size"]:
            yield f"{place}: {len(content)} bytes, but {wanted['size']} were expected"
        if "sha256" in wanted and hashlib.sha256(content).hexdigest() != wanted["sha256"]:
            yield f"{place}: SHA-256 {hashlib.sha256(content).hexdigest()}"


def run_differences(run, expected):
    """Yields a line for each difference between a run and what is expected of it."""
    known = {"experiment", "metrics", "artifacts"}
    plain = {"status", "result", "config", "info", "captured_out"}
    for key in sorted(expected.keys() - known - plain):
        yield f"{key}: the expectation has an unknown key"
    data = thaw(run._data)
    if "experiment" in expected:
        yield from differences(run.experiment.name, expected["experiment"], "experiment")
    for key in sorted(plain & expected.keys()):
        wanted = expected[key]
        if key == "captured_out":
            wanted = wanted.replace("\r\n", "\n").replace("\r", "\n")
        if key in data:
            yield from differences(data[key], wanted, key)
        else:
            yield f"{key}: missing"
    if "metrics" in expected:
        yield from metric_differences(run.metrics, expected["metrics"])
    if "artifacts" in expected:
        yield from artifact_differences(run.artifacts, expected["artifacts"])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    store, identifier, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        expected = json.load(file)
    try:
        run = FileSystemExperimentLoader(store).find_by_id(identifier)
    except (OSError, ValueError) as error:
        print(f"incense cannot read the run: {error}")
        sys.exit(1)
    found = list(run_differences(run, expected))
    for line in found:
        print(line)
    if found:
        sys.exit(1)
    print(f"{run}: as expected")


main()
