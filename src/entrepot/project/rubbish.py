"""How often a serving process looks for unreachable objects."""

import gc


def look_less_often() -> None:
    """For a process that has loaded everything it serves with.

    A full search walks every object of the loaded code, 50 ms and more in the middle of a page. What is loaded now is
    never looked at again, and the rest after many new objects only: almost all of a page goes by its count of uses.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
