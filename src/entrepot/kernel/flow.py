"""A life as a table: statuses, moves, and nothing else. Side effects live in services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Move:
    """One legal move: `name` takes a thing from any status of `sources` to `target`."""

    name: str
    sources: frozenset[str]
    target: str


def move(name: str, *sources: str, to: str) -> Move:
    """Write one row of a table: `move("release", NEW, to=RFP)`."""
    return Move(name, frozenset(sources), to)


class FlowError(ValueError):
    """The table itself is wrong; raised at import, so it never reaches a user."""


class MoveRefused(Exception):
    """This move does not start at this status."""

    def __init__(self, move_name: str, status: str) -> None:
        super().__init__(f"{move_name} is not possible from {status}")
        self.move_name = move_name
        self.status = status


@dataclass(frozen=True)
class Flow:
    """A table of moves, checked for unreachable statuses and dead ends when it is made.

    Raises:
        FlowError: A status cannot be reached, a status outside `final` has no way out, a move starts at a
            final status that is not declared `reopenable`, or two rows of one name share a source.
    """

    initial: Sequence[str]
    final: frozenset[str]
    moves: Sequence[Move]
    _targets: Mapping[tuple[str, str], str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        targets: dict[tuple[str, str], str] = {}
        for row in self.moves:
            for source in row.sources:
                if (row.name, source) in targets:
                    raise FlowError(f"{row.name} starts twice at {source}")
                targets[row.name, source] = row.target
        object.__setattr__(self, "_targets", targets)
        self._check_reachable()
        self._check_dead_ends()

    def _check_reachable(self) -> None:
        reached = set(self.initial)
        while True:
            grown = reached | {target for (_, source), target in self._targets.items() if source in reached}
            if grown == reached:
                break
            reached = grown
        if missing := self.statuses - reached:
            raise FlowError(f"unreachable: {sorted(missing)}")

    def _check_dead_ends(self) -> None:
        with_exit = {source for _, source in self._targets}
        if stuck := self.statuses - with_exit - self.final:
            raise FlowError(f"dead ends: {sorted(stuck)}")

    @property
    def statuses(self) -> frozenset[str]:
        """Every status the table names."""
        named = set(self.initial) | set(self.final)
        for row in self.moves:
            named |= row.sources | {row.target}
        return frozenset(named)

    def target(self, move_name: str, status: str) -> str:
        """Where `move_name` leads from `status`, or raise MoveRefused."""
        try:
            return self._targets[move_name, status]
        except KeyError:
            raise MoveRefused(move_name, status) from None

    def open_moves(self, status: str) -> list[str]:
        """Names of the moves that start at `status`, in table order; feeds buttons and API."""
        return [row.name for row in self.moves if status in row.sources]
