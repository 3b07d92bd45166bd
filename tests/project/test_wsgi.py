"""A web process is whole before it takes its first request: no page waits for its code, or for a search of it."""

import subprocess
import sys


def _told_by_a_web_process(look: str) -> str:
    command = [sys.executable, "-c", f"import gc, sys; from entrepot.project import wsgi; print({look})"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")[-2]


def test_its_loaded_code_is_put_aside() -> None:
    assert _told_by_a_web_process("gc.get_freeze_count() > 100_000, gc.get_threshold()") == "True (50000, 20, 50)"


def test_the_code_of_pages_and_api_is_loaded() -> None:
    assert _told_by_a_web_process("{'entrepot.web.urls', 'entrepot.api.app'} <= sys.modules.keys()") == "True"
