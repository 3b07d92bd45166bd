"""A serving process does not stop in the middle of a page to look at all its code."""

import subprocess
import sys


def test_a_web_process_has_put_its_loaded_code_aside() -> None:
    look = "import gc; from entrepot.project import wsgi; print(gc.get_freeze_count() > 100_000, gc.get_threshold())"
    told = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True)
    assert told.stdout.split("\n")[-2] == "True (50000, 20, 50)"
