"""`python -m benchmarks NAME [--runs 3] [--short]`: one JSON object on the last line, the median of the runs."""

import argparse
import importlib
import json
import statistics
import subprocess
import sys

from benchmarks._rig import Figures, machine, world

NAMES = (
    "import_opencart",
    "order_intake",
    "oversell",
    "push_latency",
    "push_bulk",
    "kill_recovery",
    "import_cafe24",
    "push_cafe24",
    "cross_channel",
    "lost_answers",
    "labels",
    "excel_validate",
    "excel_apply",
    "plan_is_effect",
    "publish",
    "bulk_ship",
    "order_list",
    "catalogue_list",
    "screens",
    "flow_model",
)


def one_run(name: str, *, short: bool) -> Figures:
    """Measure once, in this process."""
    with world() as made:
        return importlib.import_module(f"benchmarks.{name}").run(made, short=short)


def all_runs(name: str, runs: int, *, short: bool) -> Figures:
    """Measure in fresh processes; the run with the median value, and every value beside it."""
    found: list[Figures] = []
    for number in range(runs):
        print(f"{name}: run {number + 1} of {runs}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks", name, "--once", *(["--short"] if short else [])]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(done.returncode)
        found.append(json.loads(done.stdout.strip().splitlines()[-1]))
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    middle = statistics.median_low([one["value"] for one in found])
    median = next(one for one in found if one["value"] == middle)
    return median | {"runs": runs, "values": [one["value"] for one in found], "short": short, "machine": machine()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="a small run, to see that it works")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    figures = (
        one_run(asked.name, short=asked.short) if asked.once else all_runs(asked.name, asked.runs, short=asked.short)
    )
    print(json.dumps({"name": asked.name} | figures))


if __name__ == "__main__":
    main()
