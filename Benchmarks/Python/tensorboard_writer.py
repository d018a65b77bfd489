"""Measures TensorBoard's event file: one writer that adds one scalar N times (tensorboardX).

    tensorboard_writer.py [N]

Prints one line of JSON:

    nanoseconds_per_call  what one add_scalar costs the caller, with the writing thread beside it
    durable_seconds       from the first call until the writer is closed
    bytes_per_point       the size of the event file, divided by N
    peak_mebibytes        the most memory that the process held
"""

import json
import os
import resource
import sys
import tempfile
import time

import tensorboardX
from tensorboardX import SummaryWriter


def peak_bytes():
    """Returns the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        writer = SummaryWriter(folder, write_to_disk=True)
        start = time.perf_counter()
        for step in range(points):
            writer.add_scalar("training.loss", 1 / (step + 1), step)
        logged = time.perf_counter()
        writer.close()
        end = time.perf_counter()
        size = sum(entry.stat().st_size for entry in os.scandir(folder))

    print(
        json.dumps(
            {
                "peer": f"tensorboardX {tensorboardX.__version__} SummaryWriter",
                "points": points,
                "nanoseconds_per_call": round((logged - start) / points * 1e9),
                "durable_seconds": round(end - start, 3),
                "bytes_per_point": round(size / points, 1),
                "peak_mebibytes": round(peak_bytes() / 2**20, 1),
            }
        )
    )


main()
