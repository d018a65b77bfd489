"""Measures Sacred's file storage: one run that logs one metric N times.

    sacred_store.py [N]

Prints one line of JSON:

    nanoseconds_per_call  what one log_scalar costs the caller, with the heartbeats beside it
    durable_seconds       from the first call until the run has ended and metrics.json is written
    bytes_per_point       the size of metrics.json, divided by N
    peak_mebibytes        the most memory that the process held
"""

import json
import os
import resource
import sys
import tempfile
import threading
import time
import warnings

# Sacred imports pkg_resources, which warns of its own end.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

import sacred
from sacred import Experiment
from sacred.observers import FileStorageObserver


def peak_bytes():
    """Returns the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        experiment = Experiment("bench", save_git_info=False)
        experiment.observers.append(FileStorageObserver(folder, copy_sources=False))
        times = {}

        @experiment.main
        def run(_run):
            times["start"] = time.perf_counter()
            for step in range(points):
                _run.log_scalar("training.loss", 1 / (step + 1), step)
            times["logged"] = time.perf_counter()

        experiment.run(options={"--loglevel": "ERROR", "--capture": "no"})
        # Sacred waits 2 s for its last heartbeat and then returns, while the thread still writes.
        for thread in threading.enumerate():
            if thread is not threading.current_thread():
                thread.join()
        end = time.perf_counter()
        peak = peak_bytes()
        path = os.path.join(folder, "1", "metrics.json")
        with open(path, encoding="utf-8") as file:
            stored = len(json.load(file)["training.loss"]["values"])
        if stored != points:
            sys.exit(f"sacred_store: {stored} of {points} points are in metrics.json.")
        size = os.path.getsize(path)

    print(
        json.dumps(
            {
                "peer": f"sacred {sacred.__version__} FileStorageObserver",
                "points": points,
                "nanoseconds_per_call": round((times["logged"] - times["start"]) / points * 1e9),
                "durable_seconds": round(end - times["start"], 3),
                "bytes_per_point": round(size / points, 1),
                "peak_mebibytes": round(peak / 2**20, 1),
            }
        )
    )


main()
