"""`python -m benchmarks.flow --seed S --steps N`: walks in this process, a line of JSON for each and at the end."""

import argparse
import importlib
import json
import os
import sys
import time
import traceback
from collections import Counter

import django

from benchmarks.flow.walk import Walk

PER_WALK = 2000
"""Steps of one seller: his books stay as big as a small trader's."""


def main() -> None:
    """Walk until it is enough, or until something is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--walk", help="only this one, as a break has named it")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.project.settings")
    django.setup()
    kinds = [
        importlib.import_module("benchmarks.flow.desk").Desk,
        importlib.import_module("benchmarks.flow.floor").Floor,
    ]
    importlib.import_module("entrepot.project.rubbish").look_less_often()  # as every serving process does
    began, done, walks = time.monotonic(), 0, 0
    made: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    while done < asked.steps:
        seed = asked.walk or f"{asked.seed}-{walks}"
        walk = kinds[int(seed.rpartition("-")[2]) % len(kinds)](seed)
        _walk(walk, min(PER_WALK, asked.steps - done), done)
        done, walks = done + walk.steps, walks + 1
        made.update(walk.made)
        refused.update(walk.refused)
        print(json.dumps({"steps": done, "walks": walks, "seconds": round(time.monotonic() - began, 1)}), flush=True)
    print(json.dumps({"steps": done, "walks": walks, "deeds": made, "refused": refused}), flush=True)


def _walk(walk: Walk, steps: int, before: int) -> None:
    """One walk; a break tells its seed, its step and the last deeds, those upon the broken order marked."""
    try:
        while walk.steps < steps:
            walk.step()
        walk.look_at_everything(thorough=True)
        walk.end()
    except Exception as error:
        print("\n".join(walk.way), file=sys.stderr)
        traceback.print_exc()
        what = {"broken": str(error), "seed": walk.seed, "step": walk.steps, "steps": before + walk.steps}
        print(json.dumps(what), flush=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
