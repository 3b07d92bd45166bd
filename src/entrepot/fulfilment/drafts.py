"""A parcel in the words of the packing table, as a store reports it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDraft:
    """A parcel that a store knows. `line_ids` = the remote ids of the lines in it; none = everything of the order."""

    remote_id: str
    carrier: str
    tracking_number: str
    state: str
    line_ids: Sequence[str] = ()
