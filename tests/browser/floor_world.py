"""A floor worth looking at: work of every kind, half done."""

from dataclasses import dataclass

from django.urls import reverse

from entrepot.accounts.models import Membership
from entrepot.catalog.models import Item
from entrepot.inventory import services as inventory
from entrepot.orders import services as orders
from entrepot.warehouse import services as warehouse
from entrepot.warehouse.models import PickList, Return, WorkOrder
from entrepot.warehouse.services import hand_over, packing, returns, waves
from entrepot.warehouse.services.release import follow
from tests.books import MINA, make_items
from tests.floor import Floor, make_floor, work
from tests.web.factories import make_person

NAMES = {
    "RED": ("쿠션 삭스 빨강, 두꺼운 겨울용 3켤레 묶음", "Cushioned socks, red"),
    "BLUE": ("쿠션 삭스 파랑", "Cushioned socks, blue, for long walks in the mountains"),
    "GREEN": ("발목 양말 초록", "Ankle socks, green"),
}


@dataclass
class FloorWorld:
    floor: Floor
    boss: Membership
    picker: Membership
    addresses: dict[str, str]


def make_floor_world(language: str) -> FloorWorld:
    """One of each screen, in the middle of its work."""
    floor = make_floor("Hanbit Trading" if language == "en" else "한빛상회")
    seller = floor.channel.seller
    seller.language = language
    seller.save(update_fields=["language"])
    for number, (sku, words) in enumerate(NAMES.items()):
        name = words[0] if language == "ko" else words[1]
        Item.objects.filter(pk=floor.items[sku]).update(name=name, barcode=f"880123456789{number}", weight_grams=85)
    made = FloorWorld(floor, make_person(seller, "owner", "b@example.com"), make_person(seller, "picker"), {})
    _work(made)
    return made


def _work(made: FloorWorld) -> None:
    floor = made.floor
    said = {"seller_id": floor.seller_id, "actor": MINA}
    here = {"warehouse_id": floor.warehouse_id, **said}
    extra = make_items(floor.channel.seller, SOCK99=60)
    inventory.add_warehouse(code="BUSAN", name="부산 물류센터", **said)
    paper = warehouse.expect(
        quantities={floor.items["RED"]: 24, extra["SOCK99"]: 10}, supplier="Wool & Co", reference="PO-2026-117", **here
    )
    warehouse.receive_item(receipt_id=paper.pk, item_id=floor.items["RED"], quantity=26, **said)
    count = warehouse.start_count(bin_ids=[floor.bins["A-1"], floor.bins["B-1"]], note="Aisle A", **here)
    waves.add_totes(count=4, **here)
    one, two = floor.order("1001", ("RED", 2), ("BLUE", 1)), floor.order("1002", ("RED", 1), minute=1)
    cart = floor.wave("cart", work_ids=[work(one).pk, work(two).pk])
    floor.order("1003", ("GREEN", 1), minute=2)
    floor.order("1008", ("GREEN", 1), minute=2)
    to_pack = floor.picked("1004", ("RED", 1), ("BLUE", 2))
    packing.scan_item(work_id=work(to_pack).pk, item_code="RED", **said)
    full = floor.picked("1005", ("BLUE", 1))
    packing.scan_item(work_id=work(full).pk, item_code="BLUE", **said)
    closed = floor.packed("1006", ("RED", 1), tracking="640000000017")
    away = floor.packed("1007", ("RED", 2), tracking="640000000025")
    for order in (closed, away):
        order.shipments.update(carrier_name="CJ대한통운")
    gone = floor.picked("1009", ("GREEN", 1))
    WorkOrder.objects.filter(order=gone).update(state="recalled")
    orders.stop(order_id=gone.pk, code="cancel_after_packing", **said)
    follow(order_id=gone.pk, **said)
    door = hand_over.open_manifest(carrier="CJ대한통운", **here)
    hand_over.scan_parcel(manifest_id=door.pk, tracking_number="640000000025", **said)
    hand_over.close_manifest(manifest_id=door.pk, **said)
    fresh = hand_over.open_manifest(carrier="CJ대한통운", **here)
    hand_over.scan_parcel(manifest_id=fresh.pk, tracking_number="640000000017", **said)
    back = returns.expect_return(order_id=away.pk, tracking_number="640000000025", received=True, **here)
    made.addresses = _addresses(made, cart=cart, receipt=paper.pk, count=count.pk, manifest=fresh.pk, done=door.pk)
    made.addresses |= _papers(made, to_pack=work(to_pack), full=work(full), closed=work(closed), back=back)


def _at(made: FloorWorld, name: str, query: str = "", **ids: int) -> str:
    return reverse(f"web:floor_{name}", kwargs={"warehouse_id": made.floor.warehouse_id, **ids}) + query


def _addresses(made: FloorWorld, *, cart: object, receipt: int, count: int, manifest: int, done: int) -> dict[str, str]:
    walk = PickList.objects.get(wave=cart).pk
    return {
        "choose": reverse("web:floor"),
        "home": _at(made, "home"),
        "look": _at(made, "look"),
        "look-item": _at(made, "look", "?code=RED"),
        "look-order": _at(made, "look", "?code=%231004"),
        "receive": _at(made, "receive"),
        "receipt": _at(made, "receipt", "?sku=RED&into=B-1", receipt_id=receipt),
        "put-away": _at(made, "put_away"),
        "put-away-item": _at(made, "put_away", "?sku=RED"),
        "move": _at(made, "move"),
        "move-item": _at(made, "move", "?bin=A-1&sku=RED"),
        "pick": _at(made, "pick"),
        "walk": _at(made, "pick_list", list_id=walk),
        "walk-tote": _at(made, "pick_list", "?bin=A-1&hand=RED", list_id=walk),
        "hand-over": _at(made, "hand_over"),
        "manifest": _at(made, "manifest", manifest_id=manifest),
        "manifest-closed": _at(made, "manifest", manifest_id=done),
        "counts": _at(made, "counts"),
        "count": _at(made, "count", count_id=count),
        "count-bin": _at(made, "count", "?bin=A-1&t=RED:4,BLUE:1", count_id=count),
    }


def _papers(
    made: FloorWorld, *, to_pack: WorkOrder, full: WorkOrder, closed: WorkOrder, back: Return
) -> dict[str, str]:
    line = back.order.lines.get().pk
    return {
        "pack": _at(made, "pack"),
        "pack-work": _at(made, "pack_work", work_id=to_pack.pk),
        "pack-close": _at(made, "pack_work", work_id=full.pk),
        "pack-label": _at(made, "pack_work", work_id=closed.pk),
        "put-back": _at(made, "put_back"),
        "returns": _at(made, "returns"),
        "return": _at(made, "return", f"?grade=opened&into=A-1&t={line}.as_new.A-1:1", return_id=back.pk),
    }
