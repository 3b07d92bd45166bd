"""What the warehouse manager's pages share: in which warehouse the person is, and what they may do there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from entrepot.catalog.models import Item
from entrepot.channels.live import announce
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory import queries
from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.models import Bin, Warehouse
from entrepot.inventory.services import default_warehouse
from entrepot.kernel.errors import EntrepotError, Forbidden, NotFound
from entrepot.warehouse import pasted
from entrepot.warehouse.queries.scans import bin_by_code, items_by_codes
from entrepot.web.desk import DeskRequest, number_of, show
from entrepot.web.forms.look import DeskForm

REMEMBERED = "wms"


def place_of(request: DeskRequest) -> Warehouse:
    """The warehouse of this page: the one asked for (`w`), else the last one, else the first the person may see.

    Raises:
        Forbidden: The person works in no warehouse that is open.
    """
    here = request.desk
    known = queries.warehouses(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids)
    if not known and here.warehouse_ids is None:
        known = [default_warehouse(seller_id=here.seller_id, actor=here.actor)]
    if not known:
        raise Forbidden
    asked = number_of(request.POST.get("w", "") or request.GET.get("w", "")) or request.session.get(REMEMBERED)
    found = next((row for row in known if row.pk == asked), known[0])
    if request.session.get(REMEMBERED) != found.pk:
        request.session[REMEMBERED] = found.pk
    return found


def the_house(request: DeskRequest, warehouse_id: int) -> Warehouse:
    """One warehouse by its id, closed or not, if the person may see it."""
    here = request.desk
    return queries.warehouse(seller_id=here.seller_id, warehouse_id=warehouse_id, warehouse_ids=here.warehouse_ids)


def show_there(
    request: DeskRequest, place: Warehouse, template: str, facts: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page about one warehouse, with the others to change to."""
    here = request.desk
    houses = queries.warehouses(seller_id=here.seller_id, warehouse_ids=here.warehouse_ids)
    return show(request, f"web/warehouse/{template}", {"place": place, "houses": houses, **facts}, status=status)


def tried(form: DeskForm, deed: Callable[[], object]) -> bool:
    """Do it if the form is filled in; a refusal is said on the form, and False."""
    if not form.is_valid():
        return False
    try:
        deed()
    except EntrepotError as error:
        form.refuse(error)
    return not form.errors


def moved(request: DeskRequest, item_ids: Sequence[int] = (), *, orders: bool = False) -> None:
    """Stores are told, and open pages ask again."""
    seller_id = request.desk.seller_id
    wake_pushes(seller_id)
    for item_id in item_ids:
        announce(seller_id, f"stock:{item_id}")
    if orders:
        announce(seller_id, "orders")


def bin_there(request: DeskRequest, place: Warehouse, code: str) -> Bin:
    """The bin somebody named by its label.

    Raises:
        BinNotFound: There is none in this warehouse.
    """
    found = bin_by_code(seller_id=request.desk.seller_id, warehouse_id=place.pk, code=code)
    if found is None:
        raise BinNotFound(code=code[:40])
    return found


def item_named(request: DeskRequest, code: str) -> Item:
    """The item of this SKU or barcode.

    Raises:
        PastedLineInvalid: There is none, or several have the barcode.
    """
    text = code.strip()
    found = items_by_codes(seller_id=request.desk.seller_id, codes=[text]).get(text.casefold())
    if found is None:
        raise pasted.refusal(1, text, pasted.NOBODYS)
    return found


def pasted_quantities(request: DeskRequest, text: str) -> dict[int, int]:
    """`{item id: quantity}` of pasted lines.

    Raises:
        PastedLineInvalid: A line is not understood, or its item is not known.
    """
    lines = pasted.read_lines(text)
    known = items_by_codes(seller_id=request.desk.seller_id, codes=[code for _, code, _ in lines])
    return pasted.quantities(lines, known)


def ids(request: DeskRequest, name: str, most: int = 500) -> list[int]:
    """The ids chosen in a form."""
    found = [number_of(text) for text in request.POST.getlist(name)[:most]]
    return [number for number in dict.fromkeys(found) if number]


def known_deed(table: Mapping[str, Callable[..., Any]], deed: str) -> Callable[..., Any]:
    """The deed of this name.

    Raises:
        NotFound: There is none.
    """
    if deed not in table:
        raise NotFound
    return table[deed]
