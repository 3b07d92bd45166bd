"""Buying labels on the way of a store's round, and what a person is told where that fails."""

from entrepot.channels.models import Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.trouble import words_of
from entrepot.fulfilment.errors import ShipmentClosed
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.services.buying import buy_label, give_back_unused
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import EntrepotError

NOT_BOUGHT = "label_not_bought"
IN_DOUBT = "label_in_doubt"
NOT_GIVEN_BACK = "label_not_given_back"


def buy_for(store: Store, *, parcel: Shipment) -> bool:  # house: verb-signature part of the engine's round
    """Buy a parcel's label; whether it has one now. Trouble stands on its order until it is settled."""
    try:
        purchase = buy_label(seller_id=store.seller_id, shipment_id=parcel.pk, actor=SYSTEM)
    except ShipmentClosed:
        return False
    except EntrepotError as error:
        _tell(store, parcel, IN_DOUBT if error.code == IN_DOUBT else NOT_BOUGHT, error)
        return False
    if purchase is not None:
        resolve_problems(
            seller_id=store.seller_id,
            object_type="order",
            object_id=parcel.order_id,
            codes=[NOT_BOUGHT, IN_DOUBT],
            actor=SYSTEM,
        )
    return purchase is not None


def give_back(store: Store) -> int:  # house: verb-signature likewise
    """Give the labels of void parcels back; how many could not be."""
    stayed = give_back_unused(seller_id=store.seller_id, actor=SYSTEM)
    for purchase, error in stayed:
        if purchase.error_code:
            _tell(store, purchase.shipment, NOT_GIVEN_BACK, error)
    return len(stayed)


def _tell(store: Store, parcel: Shipment, code: str, error: EntrepotError) -> None:
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code=code,
        object_type="order",
        object_id=parcel.order_id,
        fields={"number": parcel.order.number, "parcel": parcel.pk} | words_of(error),
        detail=error.detail,
        lasting=True,
    )
