"""What a kind of file is: its columns, how a row is judged against the books, how good rows are done, and undone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from entrepot.channels.models import Store
from entrepot.kernel.actor import Actor
from entrepot.sheets.cells import Read

Wrong = tuple[str, str, dict[str, Any]]
"""A column's code ("" = the whole row), a sentence (msgid), its fields."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind of file. Headings and help are msgids; `names` are further headings it is known by.

    `shown` = only for the eye: it is written into templates and never read. `listed` names the list its drop-down
    offers; `only` = nothing else is possible there. `figure` = numbers, written as such.
    """

    code: str
    heading: str
    help: str
    read: Read | None = None
    required: bool = False
    shown: bool = False
    figure: bool = False
    example: str = ""
    names: tuple[str, ...] = ()
    listed: str = ""
    only: bool = False
    empty: Any = ""
    width: int = 16


@dataclass(slots=True)
class Draft:
    """A row on its way: what it asks for, and what the books say to it."""

    number: int
    values: dict[str, Any]
    errors: list[Wrong] = field(default_factory=list)
    key: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    alarm: str = ""
    weight: float | None = None
    object_id: int | None = None
    same: bool = False

    def refuse(self, column: str, sentence: str, **fields: object) -> None:
        """Say what is wrong with it."""
        self.errors.append((column, sentence, dict(fields)))

    @property
    def state(self) -> str:
        """What it is after judging."""
        return "bad" if self.errors else "same" if self.same else "good"


@dataclass(slots=True)
class Here:
    """For whom a file is looked at or applied. `memory` is what a kind remembers from one part of the file to the next.

    `warehouse_ids`, `store_ids`: those the person works in and for; None = all.
    """

    seller_id: int
    actor: Actor
    upload_id: int
    store: Store | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def warehouse_ids(self) -> Sequence[int] | None:
        """The warehouses the person works in."""
        return self.facts.get("warehouse_ids") or None

    @property
    def store_ids(self) -> Sequence[int] | None:
        """The stores the person works for."""
        found: Sequence[int] | None = self.facts.get("store_ids")
        return found

    @property
    def reference(self) -> str:
        """The name under which the ledger knows this upload."""
        return f"upload:{self.upload_id}"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A guard rail. `share` = it stops the file only when more than this part is touched of what there is.

    `of` counts that, of a seller and the file's store.
    """

    code: str
    sentence: str
    share: float | None = None
    of: Callable[[int, int | None], int] | None = None


class Judge(Protocol):
    """Looks rows up in the books, in sets: fills `before`, `key`, `object_id`, `alarm`, and refuses."""

    def __call__(self, here: Here, rows: Sequence[Draft]) -> None: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """`present` = the rows of a filled template; `apply` does good rows in one transaction and refuses on the row.

    `reverse` gives the values that take a done row back, None where that cannot be. `together`: rows with the same
    value of this field stand or fall as one. `takes_store`: its templates may offer a store's lists. `remembers`: rows
    are compared with earlier ones, so a check that was cut off begins anew.
    """

    code: str
    title: str
    help: str
    icon: str
    columns: Sequence[Column]
    judge: Judge
    apply: Judge
    needs: str
    needs_store: bool = False
    takes_store: bool = False
    remembers: bool = False
    present: Callable[[Here], Iterator[Mapping[str, Any]]] | None = None
    lists: Callable[[Here], Mapping[str, Sequence[str]]] | None = None
    reverse: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any] | None] | None = None
    alarms: Sequence[Alarm] = ()
    check_file: Callable[[Here], None] | None = None
    together: str = ""
    twins: str = ""

    def column(self, code: str) -> Column | None:
        """The column of this code."""
        return next((one for one in self.columns if one.code == code), None)
