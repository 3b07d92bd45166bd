"""Checks, their outcomes, and the report a person or a machine reads."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from entrepot.connectors.conformance.bench import Bench

Outcome = Literal["passed", "failed", "skipped"]


class Broken(Exception):
    """The connector does not keep this promise; the message says how."""


class NotApplicable(Exception):
    """This store has nothing to check this on; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One promise. `act` returns, or raises Broken or NotApplicable."""

    id: str
    sentence: str
    act: Callable[["Bench"], None]
    parts: tuple[str, ...] = ()
    writes: bool = False
    stage: bool = False


class Register:
    """Collects the checks of one file."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def check(
        self, name: str, sentence: str, *, parts: tuple[str, ...] = (), writes: bool = False, stage: bool = False
    ) -> Callable[[Callable[["Bench"], None]], Callable[["Bench"], None]]:
        """Put a function on the list."""

        def keep(act: Callable[["Bench"], None]) -> Callable[["Bench"], None]:
            self.checks.append(Check(name, sentence, act, parts, writes, stage))
            return act

        return keep


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one check; `reason` says why it failed or was skipped."""

    id: str
    sentence: str
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """All results in the order of the checks."""

    connector: str
    shop: str
    results: Sequence[Result]

    def count(self, outcome: Outcome) -> int:
        """How many ended so."""
        return sum(1 for result in self.results if result.outcome == outcome)

    @property
    def passed(self) -> bool:
        """Nothing failed and something passed."""
        return not self.count("failed") and self.count("passed") > 0

    @property
    def exit_code(self) -> int:
        """0 when it passed, else 1."""
        return 0 if self.passed else 1

    def table(self) -> str:
        """For a person: one line a check, the reason below it where there is one, and the sum."""
        words = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}
        width = max((len(result.id) for result in self.results), default=0)
        lines = [f"Conformance of {self.connector} at {self.shop}", ""]
        for result in self.results:
            lines.append(f"{words[result.outcome]:8} {result.id:{width}}  {result.sentence}")
            if result.reason:
                lines.append(f"{'':8} {'':{width}}  → {result.reason}")
        sums = ", ".join(f"{self.count(outcome)} {outcome}" for outcome in ("passed", "failed", "skipped"))
        return "\n".join([*lines, "", sums])

    def as_json(self) -> str:
        """For a machine."""
        content = {
            "connector": self.connector,
            "shop": self.shop,
            "passed": self.passed,
            "results": [asdict(result) for result in self.results],
        }
        return json.dumps(content, ensure_ascii=False, indent=1)


def expect(kept: object, how_broken: str) -> None:
    """Go on, or raise Broken with that sentence."""
    if not kept:
        raise Broken(how_broken)


def expect_equal(got: object, wanted: object, what: str) -> None:
    """Go on when both are equal, or raise Broken showing both."""
    if got != wanted:
        raise Broken(f"{what}: {_short(got)} instead of {_short(wanted)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"
