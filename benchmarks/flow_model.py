"""Random histories of orders, stock, picks, cancels, parts, returns, counts and transfers, beside a small model.

A step is one deed upon one order or one item, through the public verbs on PostgreSQL: done or refused. After each the
books are what `benchmarks.flow.model` says; every 50 steps, and at the end of each walk of 2,000 steps by one seller,
everything is looked at (`benchmarks.flow.checks`). Half of the walks are at a desk, half in two warehouses with bins.
Two processes walk at once, each in a database of its own that forgets its last moment in a power cut
(`synchronous_commit` off): what is measured is truth, not speed. `ENTREPOT_FLOW_SEED` repeats a run.

    python -m benchmarks.flow --seed x --walk 7f3a-12 --steps 2000    walks one again, as a break has named it
"""

import json
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections

from benchmarks._rig import Figures, World, must

PROCESSES = 2
STEPS = 1_000_000
SHORT = 20_000


def run(world: World, *, short: bool) -> Figures:
    """Walk, and count what broke.

    Raises:
        RuntimeError: Something that must always be true was not; the walk's last steps are on standard error.
    """
    seed = os.environ.get("ENTREPOT_FLOW_SEED") or secrets.token_hex(3)
    print(f"flow_model: seed {seed}", file=sys.stderr, flush=True)
    steps = SHORT if short else STEPS
    began = time.monotonic()
    connections.close_all()
    names = [f"walk{number}" for number in range(PROCESSES)]
    runs = [_start(world, name, f"{seed}-{name}", steps // PROCESSES) for name in names]
    with ThreadPoolExecutor(PROCESSES) as listeners:
        told = list(listeners.map(_listen, runs, names))
    broken = [words["broken"] for words in told if "broken" in words]
    must(not broken, f"seed {seed}: {broken}")
    deeds: dict[str, int] = {}
    for words in told:
        for name, count in words["deeds"].items():
            deeds[name] = deeds.get(name, 0) + count
    return {
        "value": sum(words["steps"] for words in told),
        "unit": "steps",
        "broken": 0,
        "seed": seed,
        "walks": sum(words["walks"] for words in told),
        "refused": sum(sum(words["refused"].values()) for words in told),
        "deeds": dict(sorted(deeds.items())),
        "seconds": round(time.monotonic() - began),
    }


def _start(world: World, name: str, seed: str, steps: int) -> subprocess.Popen[str]:
    """A walker in a copy of the fresh database."""
    here = os.environ["DATABASE_URL"]
    fresh = urlsplit(here).path.lstrip("/")
    copy = f"{fresh}_{name}"
    admin = urlunsplit(urlsplit(here)._replace(path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{fresh}"')
        server.execute(f'ALTER DATABASE "{copy}" SET synchronous_commit = off')
    world.stack.callback(_drop, admin, copy)
    words = {**os.environ, "DATABASE_URL": urlunsplit(urlsplit(here)._replace(path=f"/{copy}"))}
    command = [sys.executable, "-m", "benchmarks.flow", "--seed", seed, "--steps", str(steps)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=words)
    world.stack.callback(process.kill)
    return process


def _drop(admin: str, copy: str) -> None:
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def _listen(process: subprocess.Popen[str], name: str) -> dict[str, Any]:
    """The last thing a walker says; what it says meanwhile is shown."""
    last = "{}"
    for line in process.stdout or ():
        last = line
        print(f"{name}: {line.strip()[:200]}", file=sys.stderr, flush=True)
    process.wait()
    words: dict[str, Any] = json.loads(last)
    if process.returncode and "broken" not in words:
        words["broken"] = f"{name} ended with {process.returncode}"
    return words
