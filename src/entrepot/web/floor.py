"""What all scan screens share: where they are, what was scanned, what came of it, and how it is said.

A screen is a GET; each scan and each button is a POST to the same address with a token of its own, done once. The
answer to either is the screen as it is now. What a person has chosen on the way (the bin they stand at, the item in
their hand) is in `keep`: hidden fields of the next scan, and the address, so that a reload forgets nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote, unquote, urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import get_random_string
from django.utils.encoding import iri_to_uri

from entrepot.catalog.models import Item
from entrepot.channels.live import announce
from entrepot.channels.services.wakes import wake_pushes, wake_statuses
from entrepot.inventory import queries as inventory
from entrepot.inventory.errors import QuantityInvalid, WarehouseNotFound
from entrepot.inventory.models import Warehouse
from entrepot.kernel.errors import Invalid, NotFound, Refused
from entrepot.warehouse.queries.scans import items_by_code
from entrepot.warehouse.services.once import once
from entrepot.web.desk import Allowed, DeskRequest
from entrepot.web.wording import words

KEPT: Final = "keep."
LONGEST: Final = 100_000
"""What is kept of one name, in characters: a bin of a thousand things is counted in one go."""
IN_ADDRESS: Final = 2000
"""What an address takes; the rest is only in the form."""
Tone = Literal["good", "warn", "bad", "done"]


class CodeUnknown(NotFound):
    """A scanner read what nobody here knows."""

    code = "code_unknown"
    message = "Nobody here knows “{scanned}”. Scan it again, or look at the label."


class NothingScanned(Invalid):
    """The field was empty."""

    code = "nothing_scanned"
    message = "Nothing was scanned. Scan a code, or type it and press Enter."


class SeveralItems(Refused):
    """A barcode that several items carry: a person must say which."""

    code = "several_items"
    message = "“{scanned}” is the barcode of {count} items. Choose one below."


class KitOnTheFloor(Refused):
    """A kit has no pieces of its own."""

    code = "kit_on_the_floor"
    message = "{sku} is a kit. Scan the parts that lie in it."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a scan. `go`: the screen to go on to; `moved`: orders or stock did; `offer`: what can be done now.

    `good` green, `warn` amber (done, but look), `bad` red (refused, nothing changed), `done` the end of a paper.
    """

    tone: Tone
    words: str
    keep: dict[str, str] = field(default_factory=dict)
    go: str = ""
    moved: bool = False
    offer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome as it is shown, with the status of the answer."""

    outcome: Outcome | None
    status: int = 200

    @property
    def keep(self) -> dict[str, str]:
        """What the next scan knows."""
        return self.outcome.keep if self.outcome else {}


Deed = Callable[[DeskRequest, Warehouse, dict[str, str]], Outcome]
"""Does what was asked in one verb; knows the request, the warehouse and what is kept."""


def place_of(request: DeskRequest, warehouse_id: int) -> Warehouse:
    """The warehouse of this address.

    Raises:
        WarehouseNotFound: There is none, it is closed, another system works in it, or the person does not work there.
    """
    here = request.desk
    places = inventory.warehouses(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids)
    found = next((place for place in places if place.pk == warehouse_id), None)
    if found is None or found.mode == Warehouse.Mode.EXTERNAL:
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    return found


def kept(request: DeskRequest) -> dict[str, str]:
    """What was chosen on the way: from the form, or on a reload from the address."""
    if request.method == "POST":
        pairs = {name[len(KEPT) :]: text for name, text in request.POST.items() if name.startswith(KEPT)}
    else:
        pairs = dict(request.GET.items())
    return {name: str(text) for name, text in pairs.items() if text and len(str(text)) < LONGEST}


def answer_to(request: DeskRequest, place: Warehouse, deeds: Mapping[str, Deed]) -> Answer:
    """Do what the form asks, once, and tell what came of it; a refusal is told and changes nothing."""
    keep = kept(request)
    if request.method != "POST":
        return Answer(Outcome("good", "", keep))
    deed = deeds.get(request.POST.get("deed", "scan"))
    if deed is None:
        raise NotFound
    here = request.desk
    asked = {name: text for name, text in request.POST.items() if name not in {"token", "csrfmiddlewaretoken"}}
    try:
        facts, new = once(
            seller_id=here.seller_id,
            key=request.POST.get("token", ""),
            asked={"at": request.path, **asked},
            deed=lambda: asdict(deed(request, place, keep)),
            actor=here.actor,
        )
    except Refused as refusal:
        return Answer(_refused(refusal, keep), _status(refusal))
    outcome = Outcome(**facts)
    if new and outcome.moved:
        told(request)
    return Answer(outcome)


def _refused(refusal: Refused, keep: dict[str, str]) -> Outcome:
    offer: dict[str, Any] = {}
    if isinstance(refusal, CodeUnknown):
        offer = {"unknown": refusal.fields.get("scanned", "")}
    if isinstance(refusal, SeveralItems):
        offer = {"several": refusal.fields["items"]}
    return Outcome("bad", words.sentence(refusal), keep, offer=offer)


def _status(refusal: Refused) -> int:
    return 404 if isinstance(refusal, NotFound) else 422 if isinstance(refusal, Invalid) else 409


def told(request: DeskRequest) -> None:
    """Stores hear of it as soon as it is committed, and open pages ask again."""
    seller_id = request.desk.seller_id
    wake_pushes(seller_id)
    wake_statuses(seller_id)
    announce(seller_id, "orders")


def screen(
    request: DeskRequest, place: Warehouse | None, template: str, answer: Answer, context: Mapping[str, Any]
) -> HttpResponse:
    """The screen as it is now: the whole page, or only what a scan changes; or the way to the next one."""
    outcome = answer.outcome
    bare = bool(request.headers.get("X-Floor"))
    if outcome and outcome.go:
        if bare:
            return HttpResponse(status=204, headers={"X-Floor-Go": iri_to_uri(outcome.go)})
        return HttpResponseRedirect(outcome.go)
    frame = {
        "desk": request.desk,
        "allowed": Allowed(request.desk),
        "place": place,
        "bare": bare,
        "outcome": outcome if outcome and outcome.words else None,
        "keep": answer.keep,
        "address": urlencode({name: text for name, text in answer.keep.items() if len(text) < IN_ADDRESS}),
        "token": get_random_string(32),
        "tone": outcome.tone if outcome and outcome.words else "",
    }
    return render(request, template, {**frame, **context}, status=answer.status)


# --------------------------------------------------------------------------- what was scanned


def code_of(request: DeskRequest) -> str:
    """What the scanner read.

    Raises:
        NothingScanned: Nothing.
    """
    code = request.POST.get("scan", "").strip()
    if not code:
        raise NothingScanned(field="scan", reason="")
    return code[:200]


def quantity_of(request: DeskRequest, default: int = 1) -> int:
    """How many: what was typed, else `default`.

    Raises:
        QuantityInvalid: That is no whole number from 0 to 999,999.
    """
    text = request.POST.get("quantity", "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise QuantityInvalid(quantity=text[:20])
    return int(text)


def item_of(request: DeskRequest, code: str = "") -> Item:
    """The item that was scanned, or chosen among several with one barcode.

    Raises:
        CodeUnknown: No item has this barcode or SKU.
        SeveralItems: More than one has.
        KitOnTheFloor: It is a kit.
    """
    scanned = code or code_of(request)
    found = items_by_code(seller_id=request.desk.seller_id, code=scanned)
    chosen = request.POST.get("item", "")
    if len(found) > 1 and chosen:
        found = [one for one in found if str(one.pk) == chosen] or found
    if not found:
        raise CodeUnknown(scanned=scanned[:80])
    if len(found) > 1:
        choice = [{"id": one.pk, "sku": one.sku, "name": one.name, "code": scanned} for one in found[:12]]
        raise SeveralItems(scanned=scanned[:80], count=len(found), items=choice)
    if found[0].kind == Item.Kind.KIT:
        raise KitOnTheFloor(sku=found[0].sku)
    return found[0]


def tally_of(text: str) -> dict[str, int]:
    """`12:3,15:1` as a table; what is torn is left out."""
    pairs = (part.rpartition(":") for part in text.split(",") if part)
    return {unquote(name): int(many) for name, _, many in pairs if name and many.isascii() and many.isdigit()}


def tally_text(tally: Mapping[str, int]) -> str:
    """A table as text that fits an address, whatever is in its names; what is 0 is left out."""
    return ",".join(f"{quote(name, safe=' ')}:{many}" for name, many in tally.items() if many)
