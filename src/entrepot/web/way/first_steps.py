"""The guided path from the first sign-in to daily work: which steps a person sees, and how each stands in the books."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Role
from entrepot.accounts.services import look_at
from entrepot.channels.models import Store
from entrepot.channels.queries.first_steps import FirstSteps
from entrepot.channels.services.runs import progress
from entrepot.web.desk import Desk

END: Final = "end"
"""Looked at, in `FirstPath`: everything was done once, so that nobody asks again."""
LED: Final = (Role.OWNER, Role.MANAGER)
"""Who is led to the path when they sign in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A step as it is written down. `done` and `to` ask the books; `shops`: only where a shop is or may be connected.

    `needs` is the action without which a person does not see it; `first`: without it nobody sells anything.
    """

    key: str
    icon: str
    title: str | Promise
    text: str | Promise
    minutes: int
    button: str | Promise
    needs: str
    done: Callable[[FirstSteps], bool]
    to: Callable[[FirstSteps], str]
    terms: Sequence[str] = ()
    shops: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands: `done`, `skipped`, `running`, `now` or `later`."""

    kind: Kind
    state: str
    href: str


def _of(store: Store | None, name: str) -> str:
    return reverse(f"web:{name}", args=[store.pk]) if store else reverse("web:stores")


def _shop(facts: FirstSteps) -> Store | None:
    """The shop that is next to go live, else the first."""
    waiting = [store for store in facts.shops if store.state == Store.State.SHADOW]
    return next(iter([*waiting, *facts.shops]), None)


KINDS: Final[Sequence[Kind]] = (
    Kind(
        key="company",
        icon="settings",
        title=_("Say who you are"),
        text=_("Name, language and clock of your company. They stand on papers, and decide what “today” is."),
        minutes=1,
        button=_("Open the company's page"),
        needs="settings.edit",
        done=lambda facts: facts.company,
        to=lambda _facts: reverse("web:company"),
        terms=("role",),
    ),
    Kind(
        key="store",
        icon="plug-connected",
        title=_("Connect your first store"),
        text=_("Entrepot reads its products and the orders of the last 90 days. Nothing is written to it yet."),
        minutes=5,
        button=_("Connect a store"),
        needs="stores.connect",
        done=lambda facts: bool(facts.stores),
        to=lambda _facts: reverse("web:connect"),
        terms=("sales_channel", "store", "shadow_mode"),
        first=True,
    ),
    Kind(
        key="products",
        icon="box",
        title=_("Get your products in"),
        text=_("They come from the store by themselves; without one, from Excel or by hand. All stores share them."),
        minutes=5,
        button=_("Look at the products"),
        needs="catalog.edit",
        done=lambda facts: facts.products,
        to=lambda facts: reverse("web:products") if facts.products or facts.shops else reverse("web:sheets"),
        terms=("product", "item", "listing", "run"),
        first=True,
    ),
    Kind(
        key="findings",
        icon="stethoscope",
        title=_("See what the SKU doctor says"),
        text=_("It lists what could not be taken as it is and what to do. What you leave only holds up itself."),
        minutes=5,
        button=_("Open the SKU doctor"),
        needs="stores.map",
        done=lambda facts: facts.read and ("findings" in facts.path.looked or facts.troubled is None),
        to=lambda facts: _of(facts.troubled or _shop(facts), "store_findings"),
        terms=("sku_doctor", "sku", "merge"),
        shops=True,
    ),
    Kind(
        key="statuses",
        icon="list-check",
        title=_("Confirm what the store's statuses mean"),
        text=_("Entrepot suggests it from their names. A wrong one would hold orders back or take in unpaid ones."),
        minutes=2,
        button=_("Open the status map"),
        needs="stores.map",
        done=lambda facts: facts.read and facts.unclear is None,
        to=lambda facts: _of(facts.unclear or _shop(facts), "store_statuses"),
        terms=("status_map",),
        shops=True,
    ),
    Kind(
        key="order",
        icon="clipboard-list",
        title=_("Take a first test order"),
        text=_("See it come in, and its piece being reserved. Afterwards it is canceled, and the stock is as before."),
        minutes=3,
        button=_("Make a test order"),
        needs="orders.place",
        done=lambda facts: facts.ordered,
        to=lambda _facts: "",
        terms=("offline_store", "on_hand", "reserved", "available"),
        first=True,
    ),
    Kind(
        key="preview",
        icon="eye",
        title=_("See what going live would change"),
        text=_("The store's page shows which figures would change first, from what to what. Nothing is sent by that."),
        minutes=2,
        button=_("Look at it"),
        needs="stores.connect",
        done=lambda facts: facts.live or "preview" in facts.path.looked,
        to=lambda facts: _of(_shop(facts), "store"),
        terms=("desired", "safety_stock"),
        shops=True,
    ),
    Kind(
        key="live",
        icon="bolt",
        title=_("Go live"),
        text=_("From then on Entrepot keeps the store's stock right and tells it how orders stand. You can go back."),
        minutes=1,
        button=_("To the store's page"),
        needs="stores.connect",
        done=lambda facts: facts.live,
        to=lambda facts: _of(_shop(facts), "store"),
        terms=("live", "push", "stock_check", "drift"),
        shops=True,
        first=True,
    ),
    Kind(
        key="parcels",
        icon="truck-delivery",
        title=_("Be ready for the first parcel"),
        text=_("Add the carrier who fetches your parcels, with its numbers. Then a packed order has a label at once."),
        minutes=5,
        button=_("Open the carriers"),
        needs="settings.edit",
        done=lambda facts: facts.parcels,
        to=lambda _facts: reverse("web:carriers"),
        terms=("waybill", "number_range", "warehouse"),
    ),
    Kind(
        key="people",
        icon="users",
        title=_("Invite your colleagues"),
        text=_("Each gets a role: what they may see and do. Pickers only see the floor and their orders."),
        minutes=2,
        button=_("Invite somebody"),
        needs="users.manage",
        done=lambda facts: facts.colleagues,
        to=lambda _facts: reverse("web:people"),
        terms=("role",),
    ),
)


def facts_of(here: Desk) -> FirstSteps:
    """What the books say to this person."""
    return FirstSteps(seller_id=here.seller_id, store_ids=here.store_ids)


def steps(here: Desk, facts: FirstSteps) -> list[Step]:
    """The steps that this person may walk, in order. One of them is next."""
    walked: list[Step] = []
    found_now = False
    for kind in KINDS:
        if not here.may(kind.needs) or (kind.shops and facts.only_offline):
            continue
        state = _state(kind, facts)
        if state == "later" and not found_now:
            state = "now"
        found_now |= state in {"now", "running"}
        walked.append(Step(kind, state, kind.to(facts)))
    return walked


def _state(kind: Kind, facts: FirstSteps) -> str:
    if kind.done(facts):
        return "done"
    if kind.key == "products" and facts.running is not None:
        return "running"
    return "skipped" if kind.key in facts.path.skipped else "later"


def open_ones(walked: Sequence[Step]) -> list[Step]:
    """What is left to do."""
    return [step for step in walked if step.state not in {"done", "skipped"}]


def small(here: Desk) -> dict[str, Any] | None:
    """How far the path is, for the dashboard; None for those who hid it, have walked it, or have no step on it."""
    facts = facts_of(here)
    if here.user.pk in facts.path.hidden_for or END in facts.path.looked or here.membership.role not in LED:
        return None
    walked = steps(here, facts)
    left = open_ones(walked)
    if not left:
        if here.store_ids is None:  # of other stores this person does not know how they stand
            look_at(seller_id=here.seller_id, place=END, actor=here.actor)
        return None
    now = next((step for step in left if step.state in {"now", "running"}), left[0])
    return {"now": now, "total": len(walked), "ended": len(walked) - len(left)}


def leads(here: Desk) -> bool:
    """Whether this person is led to the path on signing in: nothing is sold yet, and they have not hidden it."""
    facts = facts_of(here)
    if here.membership.role not in LED or here.user.pk in facts.path.hidden_for or END in facts.path.looked:
        return False
    return any(step.kind.first for step in open_ones(steps(here, facts)))


def import_progress(facts: FirstSteps) -> dict[str, Any] | None:
    """How far the first import is."""
    return {"run": facts.running, "how": progress(facts.running)} if facts.running else None
