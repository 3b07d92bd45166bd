"""Who did it: a person, a store, or Entrepot itself. Every verb that writes takes one."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` and a `label` that a person can read; `user_id` where it was a signed-in person or their API key."""

    kind: Literal["user", "api_key", "store", "system", "cli"]
    label: str
    user_id: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.label}"


SYSTEM = Actor("system", "Entrepot")
