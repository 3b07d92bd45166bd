"""What was granted: codes of one minute, pairs of tokens that rotate, and how often tokens may be asked for (§1.2)."""

import secrets
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from entrepot.connectors.cafe24.simulator.answers import Row
from entrepot.connectors.cafe24.simulator.clock import MallClock, bare

CODE_LIVES = timedelta(minutes=1)
ACCESS_LIVES = timedelta(hours=2)
REFRESH_LIVES = timedelta(days=14)
ASKING_WINDOW = timedelta(hours=2)


def opaque() -> str:
    """A token as it looks in the wild: 22 characters without meaning."""
    return secrets.token_urlsafe(16)


@dataclass(slots=True)
class Code:
    """An authorization code, good for one exchange within a minute."""

    text: str
    redirect_uri: str
    scopes: tuple[str, ...]
    ends_at: datetime
    challenge: str = ""
    user_id: str = ""
    shop_no: int = 1


@dataclass(slots=True)
class Pair:
    """An access token and the refresh token that came with it."""

    access_token: str
    refresh_token: str
    scopes: tuple[str, ...]
    issued_at: datetime
    access_ends_at: datetime
    refresh_ends_at: datetime
    user_id: str
    shop_no: int = 1
    refreshable: bool = True
    accepted: bool = True

    def row(self, client_id: str, mall_id: str) -> Row:
        """The token answer: flat, Korean times without a zone."""
        return {
            "access_token": self.access_token,
            "expires_at": bare(self.access_ends_at),
            "refresh_token": self.refresh_token,
            "refresh_token_expires_at": bare(self.refresh_ends_at),
            "client_id": client_id,
            "mall_id": mall_id,
            "user_id": self.user_id,
            "scopes": list(self.scopes),
            "issued_at": bare(self.issued_at),
            "shop_no": str(self.shop_no),
            "token_type": "Bearer",
        }


@dataclass(slots=True)
class Tokens:
    """Every code and pair of one app in one mall. `most_live` access tokens live at once, the oldest go."""

    clock: MallClock
    most_live: int = 15
    codes: dict[str, Code] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    asked: deque[datetime] = field(default_factory=deque)

    def new_code(self, code: Code) -> str:
        """Keep a code; answers its text."""
        self.codes[code.text] = code
        return code.text

    def take_code(self, text: str) -> Code | None:
        """The code, once; None when it is unknown, used, or older than a minute."""
        code = self.codes.pop(text, None)
        return code if code and code.ends_at > self.clock.now() else None

    def issue(self, scopes: Iterable[str], *, user_id: str, shop_no: int = 1) -> Pair:
        """A fresh pair; the oldest live access token goes when there are too many."""
        now = self.clock.now()
        pair = Pair(
            access_token=opaque(),
            refresh_token=opaque(),
            scopes=tuple(scopes),
            issued_at=now,
            access_ends_at=now + ACCESS_LIVES,
            refresh_ends_at=now + REFRESH_LIVES,
            user_id=user_id,
            shop_no=shop_no,
        )
        self.pairs.append(pair)
        live = [kept for kept in self.pairs if kept.accepted and kept.access_ends_at > now]
        for old in live[: -self.most_live]:
            old.accepted = False
        return pair

    def by_access(self, token: str) -> Pair | None:
        """The pair of an accepted access token, also when its time is over; None for one nobody knows."""
        return next((pair for pair in self.pairs if pair.accepted and pair.access_token == token), None)

    def by_refresh(self, token: str) -> Pair | None:
        """The pair that may be refreshed with that token; None when it was rotated, revoked or is too old."""
        now = self.clock.now()
        for pair in self.pairs:
            if pair.refresh_token == token and pair.refreshable:
                return pair if pair.refresh_ends_at > now else None
        return None

    def revoke(self, token: str) -> None:
        """Both tokens of that pair end."""
        for pair in self.pairs:
            if token in {pair.access_token, pair.refresh_token}:
                pair.accepted = pair.refreshable = False

    def revoke_all(self) -> None:
        """Nothing that was granted is good any more."""
        self.codes.clear()
        for pair in self.pairs:
            pair.accepted = pair.refreshable = False

    def expire_access(self) -> None:
        """Every access token's two hours are over; refresh tokens live on."""
        now = self.clock.now()
        for pair in self.pairs:
            pair.access_ends_at = min(pair.access_ends_at, now)

    def drop_scope(self, scope: str) -> None:
        """What was granted no longer covers that scope (`mall.read_product`)."""
        for pair in self.pairs:
            pair.scopes = tuple(kept for kept in pair.scopes if kept != scope)

    def may_ask(self, most: int) -> bool:
        """Count one token request; False when there were `most` in the last two hours already (case 8)."""
        now = self.clock.now()
        while self.asked and self.asked[0] <= now - ASKING_WINDOW:
            self.asked.popleft()
        if len(self.asked) >= most:
            return False
        self.asked.append(now)
        return True
