"""Telling a store how a buyer's wish was answered, and what follows here once it has taken the answer."""

from functools import partial
from typing import Literal

from entrepot.channels.errors import NoSuchPart
from entrepot.channels.models import StatusDebt, Store
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.debts import close
from entrepot.channels.services.intake_apply import done, who
from entrepot.connectors.contract import ClaimWrite, Connector, WriteAnswer
from entrepot.kernel.actor import SYSTEM
from entrepot.orders import services as orders
from entrepot.orders.claims import OPEN
from entrepot.orders.holds import CANCEL_AFTER_PACKING, CANCEL_ASKED_PARTLY
from entrepot.orders.models import Order, OrderClaim, Status
from entrepot.orders.parts import known_as, locked_family, on_all_parts, root_of

CLAIM_REFUSED = "claim_refused"
State = OrderClaim.State
_BECOMES = {"accept": State.ACCEPTED, "refuse": State.REFUSED, "receive": State.RECEIVED}
_DECIDES = ("cancel_asked", CANCEL_AFTER_PACKING, CANCEL_ASKED_PARTLY)


def claim_is_over(debt: StatusDebt) -> bool:
    """Whether the store has gone on meanwhile, with our answer (its own answer was lost) or without."""
    claim = _claim(debt)
    waits = {State.ASKED.value} if debt.payload["deed"] != "receive" else OPEN
    if claim is not None and claim.state in waits:
        return False
    close(debt, why="" if claim and claim.state == _BECOMES[debt.payload["deed"]] else "overtaken")
    resolve_problems(
        seller_id=debt.seller_id, object_type="order", object_id=debt.order_id, codes=[CLAIM_REFUSED], actor=SYSTEM
    )
    return True


def tell_claim(_store: Store, connector: Connector, debt: StatusDebt) -> WriteAnswer:  # noqa: D103 # house: verb-signature one way of telling, called through a table
    claim = _claim(debt)
    if connector.claims is None or claim is None:
        raise NoSuchPart(part="claims")
    return connector.claims.answer(
        ClaimWrite(
            key=debt.key,
            order_id=known_as(debt.order),
            claim_id=claim.remote_id,
            kind=_kind(claim),
            deed=debt.payload["deed"],
            lines=_lines(claim),
            reason=debt.payload.get("reason", ""),
        )
    )


def note_claim_told(debt: StatusDebt) -> None:  # house: verb-signature the engine's, as SYSTEM
    """The store has taken our answer: the claim is settled so; a refused wish lets its order go on."""
    deed = debt.payload["deed"]
    claim = _claim(debt)
    if claim is None:
        return
    locked_family(debt.seller_id, root_of(debt.order))
    for one in on_all_parts(claim):
        orders.settle_claim(seller_id=debt.seller_id, claim_id=one.pk, state=_BECOMES[deed], actor=SYSTEM)
        resolve_problems(
            seller_id=debt.seller_id, object_type="order", object_id=one.order_id, codes=_DECIDES, actor=SYSTEM
        )
        if deed == "refuse":
            _let_go_on(one.order)


def _lines(claim: OrderClaim) -> list[tuple[str, int]]:
    summed: dict[str, int] = {}
    for one in on_all_parts(claim):
        for remote_id, quantity in one.lines:
            summed[remote_id] = summed.get(remote_id, 0) + quantity
    return list(summed.items())


def _let_go_on(order: Order) -> None:
    standing = order.claims.filter(order__seller_id=order.seller_id, state__in=OPEN)
    if standing.filter(kind=OrderClaim.Kind.CANCEL).exists():
        return
    if order.status == Status.CANCEL_IN_PROCESS:
        done(partial(orders.keep, **who(order, SYSTEM)), order)
    codes = [CANCEL_AFTER_PACKING, CANCEL_ASKED_PARTLY]
    done(partial(orders.hold_is_over, codes=codes, **who(order, SYSTEM)), order)
    if order.status == Status.RETURN_IN_PROCESS:
        done(partial(orders.return_is_over, **who(order, SYSTEM)), order)


def _kind(claim: OrderClaim) -> Literal["cancel", "return", "exchange"]:
    match claim.kind:
        case "cancel" | "return" | "exchange":
            return claim.kind
        case _:
            raise NoSuchPart(part=claim.kind)


def _claim(debt: StatusDebt) -> OrderClaim | None:
    rows = OrderClaim.objects.filter(pk=debt.payload["claim"], order__seller_id=debt.seller_id)
    return rows.first()
