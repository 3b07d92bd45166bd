"""`python -m benchmarks.start`: seconds from `entrepot up` to the first page, and the memory of each process.

Cold is the first start on an empty home, warm the second. Memory is PSS: what processes share is counted once in all.
"""

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

RUNS = 3
SETTLE_SECONDS = 8
PORT = 8790


def begin(home: Path) -> tuple[subprocess.Popen[str], float]:
    """Start on `home`; the process and how long it took until it said that pages are served."""
    environ = os.environ | {"ENTREPOT_HOME": str(home), "ENTREPOT_POSTGRES_FOLDER": str(home / "cluster")}
    environ.pop("DATABASE_URL", None)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "entrepot", "up", "--port", str(PORT)], env=environ, stdout=subprocess.PIPE, text=True
    )
    for line in process.stdout or ():
        if "Ctrl-C" in line:
            break
    return process, time.monotonic() - began


def end(process: subprocess.Popen[str]) -> float:
    """Ctrl-C; how long it took until everything had stopped."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate()
    return time.monotonic() - began


def name_of(process: psutil.Process) -> str:
    """What a process is to us."""
    command = " ".join(process.cmdline())
    if "postgres" in command.split(" ")[0]:
        return "postgres"
    part = re.search(r"-m entrepot (\S+)", command)
    return part[1] if part else "other"


def memory(parent: int) -> dict[str, list[float]]:
    """PSS in MB of the parent and everything below it, by name."""
    tree = psutil.Process(parent)
    found: dict[str, list[float]] = {}
    for process in [tree, *tree.children(recursive=True)]:
        found.setdefault(name_of(process), []).append(round(process.memory_full_info().pss / 1e6, 1))
    return found


def main() -> None:
    cold, warm, stop = [], [], []
    used: dict[str, list[float]] = {}
    for _ in range(RUNS):
        home = Path(tempfile.mkdtemp(prefix="entrepot-start-"))
        home.chmod(0o711)
        process, seconds = begin(home)
        cold.append(seconds)
        stop.append(end(process))
        process, seconds = begin(home)
        warm.append(seconds)
        time.sleep(SETTLE_SECONDS)
        used = memory(process.pid)
        stop.append(end(process))
        shutil.rmtree(home)
    figures = {
        "name": "start",
        "value": round(statistics.median(cold), 2),
        "unit": "s to the first page, cold",
        "warm_s": round(statistics.median(warm), 2),
        "stop_s": round(statistics.median(stop), 2),
        "pss_mb": {name: round(sum(values), 1) for name, values in used.items()}
        | {"all": round(sum(map(sum, used.values())), 1)},
        "processes": {name: len(values) for name, values in used.items()},
        "load": os.getloadavg()[0],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
