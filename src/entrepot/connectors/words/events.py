"""What a store pushes to us."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent:
    """A hint that something moved; never the truth itself. `own`: caused by a write of ours.

    "revoked": the shop's owner has taken our access away. `identity` names the shop that speaks, where one address
    serves several; "" = the one whose address was called.
    """

    remote_id: str
    kind: Literal["order", "product", "revoked", "ping", "other"]
    object_id: str
    own: bool = False
    identity: str = ""
