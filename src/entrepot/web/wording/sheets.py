"""How files with many changes look on their pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from entrepot.sheets import words
from entrepot.sheets.kinds.kind import Kind
from entrepot.sheets.models import Upload, UploadRow
from entrepot.web.wording.marks import Mark

State = Upload.State
MARKS = {
    State.WAITING: Mark("wait", icon="hourglass"),
    State.CHECKING: Mark("busy", icon="loader-2"),
    State.READY: Mark("fresh", icon="eye"),
    State.APPLYING: Mark("busy", icon="loader-2"),
    State.DONE: Mark("good", icon="circle-check"),
    State.FAILED: Mark("bad", icon="alert-triangle"),
    State.CANCELED: Mark("quiet", icon="circle-x"),
}
FEW = 10
"""So many rows show themselves; of more, the largest changes are shown first."""
ROWS = ("bad", "good", "done", "same")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as its page shows it: `changes` = (heading, before, after), `given` = (heading, value)."""

    row: UploadRow
    name: str
    wrong: str
    changes: Sequence[tuple[str, str, str]]
    given: Sequence[tuple[str, str]]


def mark_of(upload: Upload) -> Mark:
    """An upload's tone and icon, with its word."""
    found = MARKS[State(upload.state)]
    return Mark(found.tone, found.icon, State(upload.state).label)


def tabs(upload: Upload) -> list[tuple[str, str, int]]:
    """The states rows are in: (state, word, how many)."""
    return [
        (state, str(UploadRow.State(state).label), upload.counts[state]) for state in ROWS if upload.counts.get(state)
    ]


def tab_of(upload: Upload, wanted: str) -> str:
    """The state whose rows are shown: the one asked for, else the first there is."""
    there = [state for state, _word, _count in tabs(upload)]
    return wanted if wanted in there else (there[0] if there else "bad")


def row_of(kind: Kind, row: UploadRow) -> ShownRow:
    """One row in words."""
    first = kind.columns[0].code
    changes = [] if row.state in {"bad", "same"} else words.changes(kind, row.values, row.before)
    given = [] if changes else words.given(kind, {code: one for code, one in row.values.items() if code != first})
    return ShownRow(row, str(row.values.get(first) or "–"), words.wrong(kind, row.errors), changes, given)


def attachment(name: str) -> str:
    """The header under which a file of this name is saved, whatever its letters."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
