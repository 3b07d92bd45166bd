"""Who may do what: one table, which feeds the screens' buttons, the API's scopes and every check.

An action is `thing.verb`. API keys carry the same words as scopes, never more than their maker may.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Membership, Role

ACTIONS: dict[str, Promise] = {
    "orders.view": _("See orders"),
    "orders.edit": _("Note, tag, hold and match orders"),
    "orders.place": _("Enter orders by hand"),
    "orders.release": _("Release orders to the warehouse"),
    "orders.pack": _("Pick, pack and hand over"),
    "orders.cancel": _("Cancel orders"),
    "orders.export": _("Export orders"),
    "catalog.view": _("See products and listings"),
    "catalog.edit": _("Change products and listings"),
    "stock.view": _("See stock"),
    "stock.count": _("Receive and count stock"),
    "stock.adjust": _("Adjust and transfer stock"),
    "stock.approve": _("Approve the differences of counts"),
    "stores.view": _("See stores"),
    "stores.sync": _("Sync products, stock and orders by hand"),
    "stores.map": _("Map statuses and listings"),
    "stores.pause": _("Pause and resume stores"),
    "stores.connect": _("Connect, go live, re-authorise and disconnect stores"),
    "problems.view": _("See problems"),
    "problems.retry": _("Retry and resolve problems"),
    "journal.view": _("See the payload journal"),
    "audit.view": _("See the audit log"),
    "users.view": _("See people and roles"),
    "users.manage": _("Invite people and change their roles"),
    "keys.manage": _("Make and revoke API keys"),
    "settings.edit": _("Change the seller's settings"),
}

_SEES = frozenset({
    "orders.view", "catalog.view", "stock.view", "stores.view", "problems.view",
})  # fmt: skip
_OPERATES = _SEES | {
    "orders.edit", "orders.place", "orders.release", "orders.pack", "orders.cancel", "orders.export",
    "catalog.edit", "stock.count", "stock.adjust", "stores.sync", "stores.map", "problems.retry", "journal.view",
}  # fmt: skip
_MANAGES = _OPERATES | {
    "stock.approve",
    "stores.pause", "stores.connect", "audit.view", "users.view", "users.manage", "keys.manage", "settings.edit",
}  # fmt: skip

ROLES: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset(ACTIONS),
    Role.MANAGER: _MANAGES,
    Role.OPERATOR: _OPERATES,
    Role.PICKER: frozenset({"orders.view", "orders.pack", "catalog.view", "stock.view", "stock.count"}),
    Role.READ_ONLY: _SEES,
}
RANK: dict[str, int] = {
    Role.OWNER: 4,
    Role.MANAGER: 3,
    Role.OPERATOR: 2,
    Role.PICKER: 1,
    Role.READ_ONLY: 0,
}


def may(
    membership: Membership | None,
    action: str,
    *,
    store_id: int | None = None,
    warehouse_id: int | None = None,
) -> bool:
    """Whether the member's role allows `action`, at this store and in this warehouse where one is meant.

    Nobody (`None`) may nothing. An action outside `ACTIONS` is a bug and raises KeyError.
    """
    ACTIONS[action]
    if membership is None or action not in ROLES[membership.role]:
        return False
    return _within(membership.store_ids, store_id) and _within(membership.warehouse_ids, warehouse_id)


def may_grant(role: str, other: str) -> bool:
    """Whether a member of `role` may make (or unmake) a member of `other`: never above oneself."""
    return "users.manage" in ROLES[role] and RANK[other] <= RANK[role]


def unknown_actions(actions: Iterable[str]) -> list[str]:
    """Those of `actions` that are not in the table."""
    return sorted(set(actions) - set(ACTIONS))


def _within(scope: list[int], wanted: int | None) -> bool:
    """An empty scope means all."""
    return wanted is None or not scope or wanted in scope
