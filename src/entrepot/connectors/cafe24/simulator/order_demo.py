"""Made-up orders of the demo mall: `fill(mall, orders)` lets so many happen."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from entrepot.connectors.cafe24.simulator.answers import Row

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

DAYS = 90
_SEED = 24
_PEOPLE = (
    ("강예린", "yerin.kang", "서울특별시 마포구 새벽로 18", "104동 803호", "04088"),
    ("남도윤", "doyun.nam", "부산광역시 수영구 파도로 51", "2층", "48303"),
    ("문하율", "hayul.moon", "대구광역시 중구 서문길 7", "", "41912"),
    ("배시온", "sion.bae", "인천광역시 연수구 바람로 220", "1203호", "21998"),
    ("서다온", "daon.seo", "광주광역시 동구 푸른길 33", "가온빌라 201호", "61479"),
    ("오지안", "jian.oh", "대전광역시 유성구 별빛로 9", "5동 602호", "34127"),
    ("유나린", "narin.yu", "경기도 수원시 팔달구 성곽길 14", "", "16489"),
    ("임재하", "jaeha.lim", "강원특별자치도 강릉시 솔향로 40", "101호", "25530"),
    ("정루아", "rua.jeong", "제주특별자치도 제주시 오름로 62", "", "63125"),
    ("차은결", "eungyeol.cha", "전북특별자치도 전주시 완산구 한지길 5", "3층", "55042"),
    ("최가온", "gaon.choi", "경상북도 경주시 달빛로 81", "202호", "38165"),
    ("하윤서", "yunseo.ha", "서울특별시 송파구 호수길 11", "1506호", "05551"),
)
_MESSAGES = ("", "문 앞에 놓아 주세요", "부재 시 경비실에 맡겨 주세요", "배송 전 연락 바랍니다")


@dataclass(slots=True)
class _Scene:
    """One order of the demo: what is bought, and what becomes of it."""

    mall: "Mall"
    dice: random.Random
    at: datetime
    now: datetime
    number: int
    codes: Sequence[str]

    def person(self, more: int = 0) -> tuple[str, ...]:
        """A buyer, or the one after."""
        return _PEOPLE[(self.number + more) % len(_PEOPLE)]

    def basket(self, lines: int, *, most: int = 2) -> list[Sequence[object]]:
        """So many different goods."""
        return [(code, self.dice.randint(1, most)) for code in self.dice.sample(list(self.codes), lines)]

    def receiver(self, more: int = 0) -> Row:
        """A receiver's address."""
        name, _, line1, line2, zipcode = self.person(more)
        phone = f"010-0000-{2000 + self.number + more:04d}"
        return {"name": name, "cellphone": phone, "phone": "", "address1": line1, "address2": line2, "zipcode": zipcode}

    def order(self, items: Sequence[Sequence[object]], **asked: Any) -> str:  # noqa: ANN401 - the fields of Basket
        """Place it, at its own time."""
        name, login, *_ = self.person()
        buyer = {"name": name, "member_id": login.replace(".", ""), "email": f"{login}@example.com"}
        buyer["cellphone"] = f"010-0000-{2000 + self.number:04d}"
        message = self.dice.choice(_MESSAGES)
        asked.setdefault("receivers", [self.receiver()])
        self.mall.clock.stopped = self.at
        return self.mall.place_order(items, buyer=buyer, message=message, check=False, at=self.at, **asked)

    def later(self, **span: float) -> bool:
        """Let time pass; False when that would be in the future."""
        moment = (self.mall.clock.stopped or self.at) + timedelta(**span)
        if moment > self.now:
            return False
        self.mall.clock.stopped = moment
        return True

    def ship(self, order_id: str, *, standby: bool = False) -> None:
        """A parcel with a number of its own."""
        word = "standby" if standby else "shipping"
        self.mall.ship_in_admin(order_id, f"6000{self.number:08d}", status=word)


# ------------------------------------------------------------------ what may become of an order


def _plain(scene: _Scene) -> None:
    """As far as its age lets it come."""
    order_id = scene.order(scene.basket(scene.dice.randint(1, 3)), market=scene.dice.choice(("self", "mobile")))
    if not scene.later(hours=9):
        return
    scene.mall.prepare(order_id)
    if not scene.later(hours=14):
        return
    scene.ship(order_id)
    if scene.later(days=2):
        scene.mall.deliver(order_id)
    if scene.later(days=8):
        scene.mall.confirm_purchase(order_id)


def _standing_by(scene: _Scene) -> None:
    scene.ship(scene.order(scene.basket(2)), standby=True)


def _on_hold(scene: _Scene) -> None:
    scene.mall.hold(scene.order(scene.basket(1)))


def _partly_canceled(scene: _Scene) -> None:
    order_id = scene.order([(scene.codes[scene.number % len(scene.codes)], 3), *scene.basket(1)])
    scene.later(hours=2)
    scene.mall.request_cancel(order_id, [(f"{order_id}-01", 1)])
    scene.later(hours=3)
    scene.mall.accept_cancel(order_id)


def _wants_to_cancel(scene: _Scene) -> None:
    scene.mall.request_cancel(scene.order(scene.basket(2)), reason="주문을 잘못했어요")


def _several_receivers(scene: _Scene) -> None:
    first, second = scene.basket(2)
    scene.order([(*first, 0), (*second, 1)], receivers=[scene.receiver(), scene.receiver(3)])


def _bundle(scene: _Scene) -> None:
    sets = [product for product in scene.mall.products.values() if product.bundle]
    items = [(product.variants[0].variant_code, 1) for product in sets[:1]]
    scene.mall.prepare(scene.order(items or scene.basket(1)))


def _gift(scene: _Scene) -> None:
    scene.mall.prepare(scene.order(scene.basket(1), gift=[(scene.codes[-1], 1)]))


def _market(scene: _Scene) -> None:
    scene.order(scene.basket(1), market=scene.dice.choice(("coupang", "gmarket")), dummy_invoice=True)


def _naver_pay(scene: _Scene) -> None:
    scene.order(scene.basket(2), market="NCHECKOUT")


def _pickup(scene: _Scene) -> None:
    scene.order(scene.basket(1), store_pickup=True, shipping_fee="0.00")


def _unpaid(scene: _Scene) -> None:
    scene.order(scene.basket(1), paid=False, method="cash")


def _never_paid(scene: _Scene) -> None:
    order_id = scene.order(scene.basket(1), paid=False, method="icash")
    scene.later(hours=20)
    scene.mall.cancel_unpaid(order_id, by="timer")


def _guest(scene: _Scene) -> None:
    scene.order(scene.basket(1), guest=True, market="mobile")


def _canceled(scene: _Scene) -> None:
    order_id = scene.order(scene.basket(1))
    scene.later(hours=5)
    scene.mall.accept_cancel(order_id)


def _delivered(scene: _Scene, lines: int) -> str:
    """An order that has arrived; its buyer is about to think again."""
    order_id = scene.order(scene.basket(lines))
    scene.later(hours=20)
    scene.ship(order_id)
    scene.later(days=1)
    scene.mall.deliver(order_id)
    scene.later(hours=12)
    return order_id


def _returning(scene: _Scene) -> None:
    order_id = _delivered(scene, 2)
    scene.mall.request_return(order_id, [f"{order_id}-01"])


def _return_on_its_way(scene: _Scene) -> None:
    order_id = _delivered(scene, 2)
    scene.mall.accept_return(order_id, [f"{order_id}-02"])


def _returned(scene: _Scene) -> None:
    order_id = _delivered(scene, 2)
    scene.mall.request_return(order_id, [f"{order_id}-01"])
    claim = scene.mall.accept_return(order_id)
    scene.later(hours=12)
    scene.mall.move_return(claim, "returned")


def _exchanging(scene: _Scene) -> None:
    scene.mall.move_exchange(scene.mall.exchange(_delivered(scene, 1)), "collected")


def _exchanged(scene: _Scene) -> None:
    order_id = _delivered(scene, 1)
    claim = scene.mall.exchange(order_id)
    scene.later(days=1)
    scene.mall.move_exchange(claim)
    scene.ship(order_id)
    scene.later(days=2)
    scene.mall.deliver(order_id)


_YOUNG: tuple[Callable[[_Scene], None], ...] = (
    _plain,
    _wants_to_cancel,
    _several_receivers,
    _market,
    _partly_canceled,
    _gift,
    _plain,
    _standing_by,
    _guest,
    _bundle,
    _unpaid,
    _pickup,
    _naver_pay,
    _on_hold,
)
"""The latest orders, of the last two days."""
_RECENT: tuple[Callable[[_Scene], None], ...] = (_plain, _returning, _exchanging, _plain, _return_on_its_way, _plain)
"""Orders of three to nine days ago."""
_OLD: tuple[Callable[[_Scene], None], ...] = (
    _plain,
    _plain,
    _returned,
    _plain,
    _canceled,
    _plain,
    _exchanged,
    _plain,
    _never_paid,
    _plain,
)
"""Everything before."""


def fill(mall: "Mall", orders: int) -> None:
    """Let `orders` orders happen over the last 90 days, the same ones every time.

    The stock stays as it is: what they took had left before the shelf was counted.
    """
    with mall.deed():
        dice, now, stopped = random.Random(_SEED), mall.clock.now(), mall.clock.stopped  # noqa: S311 - a demo's dice
        shelf = [variant for product in mall.products.values() for variant in product.variants]
        counted = [variant.quantity for variant in shelf]
        codes = [
            product.variants[0].variant_code
            for product in mall.products.values()
            if product.row["selling"] == "T" and not product.bundle
        ]
        for number, (play, age) in enumerate(_programme(orders)):
            play(_Scene(mall, dice, now - age, now, number, codes))
        mall.clock.stopped = stopped
        for variant, quantity in zip(shelf, counted, strict=True):
            variant.quantity = quantity


def _programme(orders: int) -> Iterator[tuple[Callable[[_Scene], None], timedelta]]:
    """What becomes of each order and how long ago it was placed, the oldest first."""
    young = min(len(_YOUNG), (orders + 1) // 2)
    recent = min(len(_RECENT), (orders - young) // 3)
    groups = ((_OLD, orders - young - recent, 10, DAYS - 1), (_RECENT, recent, 3, 9), (_YOUNG, young, 0, 2))
    for scenes, count, latest, earliest in groups:
        for place in range(count):
            span = (earliest - latest) * (count - place) / count
            yield scenes[place % len(scenes)], timedelta(days=latest + span)
