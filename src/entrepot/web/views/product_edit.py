"""Making and changing products, their items and kits."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.services.holding import holding
from entrepot.catalog import queries, services
from entrepot.catalog.drafts import ItemDraft, draft_of
from entrepot.catalog.models import Item, Product
from entrepot.inventory.services import change_kit
from entrepot.kernel.errors import EntrepotError, NotFound
from entrepot.web.desk import DeskRequest, desk, done, show, warn
from entrepot.web.forms.products import (
    AxesForm,
    ItemForm,
    KitForm,
    KitLines,
    KitLineSet,
    ProductForm,
    Variations,
    VariationSet,
    item_initial,
    product_initial,
    written,
)
from entrepot.web.holding.after import stock_moved
from entrepot.web.holding.parts import LinesPart
from entrepot.web.holding.sitting import Sitting
from entrepot.web.pictures import posted

KINDS = ("single", "group", "kit")


@desk("catalog.edit")
def product_new(request: DeskRequest, kind: str) -> HttpResponse:
    """A new product: a single item, a group of variations, or a kit."""
    match kind:
        case "single":
            return _new_single(request)
        case "group":
            return _new_group(request)
        case "kit":
            return _new_kit(request)
    raise NotFound


def _new_single(request: DeskRequest) -> HttpResponse:
    bound, refused = posted(request, main="image_url")
    form, item = ProductForm(bound, refused=refused), ItemForm(bound, prefix="item")
    if bound is not None and form.is_valid() and item.is_valid() and (made := _make(request, form, [item.draft()])):
        return redirect("web:product", made.pk)
    facts = {"form": form, "item": item}
    return _page(request, "web/products/new_single.html", facts)


def _new_group(request: DeskRequest) -> HttpResponse:
    """First the axes make rows, then the rows make items; both stay on one page."""
    bound, refused = posted(request, main="image_url")
    form, axes = ProductForm(bound, refused=refused), AxesForm(bound, prefix="axes")
    rows = Variations(bound if bound is not None and "rows-TOTAL_FORMS" in bound else None, prefix="rows")
    if bound is not None and bound.get("deed") == "rows":
        form = _still_open(request, bound, refused)
        if axes.is_valid():
            rows = Variations(initial=list(axes.variations()), prefix="rows")
    elif bound is not None and _fine(form, rows):
        items = [row.draft(_cost_currency(request)) for row in rows if row.cleaned_data["keep"]]
        if made := _make(request, form, items):
            return redirect("web:product", made.pk)
    facts = {"form": form, "axes": axes, "rows": rows}
    return _page(request, "web/products/new_group.html", facts)


def _still_open(request: DeskRequest, bound: QueryDict, refused: Sequence[str]) -> ProductForm:
    """The form as far as it is filled in, while its variations are made; nothing of it is judged yet."""
    for sentence in refused:
        warn(request, sentence)
    return ProductForm(initial=bound.dict())


def _fine(form: ProductForm, rows: VariationSet) -> bool:
    if not (form.is_valid() and rows.is_bound and rows.is_valid()):
        return False
    if not any(row.cleaned_data["keep"] for row in rows):
        form.add_error(None, _("Make the variations first, and keep at least one."))
        return False
    return True


def _cost_currency(request: DeskRequest) -> str:
    currency = request.POST.get("currency", "")
    return currency if len(currency) == 3 and currency.isalpha() else "USD"


def _make(request: DeskRequest, form: ProductForm, items: list[ItemDraft]) -> Product | None:
    here = request.desk
    try:
        made = services.create_product(seller_id=here.seller_id, draft=form.draft(items), actor=here.actor)
    except EntrepotError as error:
        form.refuse(error)
        return None
    done(request, _("The product is there. List it in your stores when you are ready."))
    return made


def _new_kit(request: DeskRequest) -> HttpResponse:
    here = request.desk
    bound = request.POST if request.method == "POST" else None
    form, lines = KitForm(bound), KitLines(bound, prefix="line")
    if bound is not None and form.is_valid() and lines.is_valid():
        parts = _parts(here.seller_id, form, lines)
        if parts is not None:
            try:
                kit = services.create_kit(
                    seller_id=here.seller_id, draft=ItemDraft(**form.cleaned_data), parts=parts, actor=here.actor
                )
            except EntrepotError as error:
                form.refuse(error)
            else:
                done(request, _("The kit is there. Its stock follows its parts."))
                return redirect("web:product", kit.product_id)
    return _page(request, "web/products/kit.html", {"form": form, "lines": lines})


def _parts(seller_id: int, form: KitForm, lines: KitLineSet) -> dict[int, int] | None:
    """`{item id: quantity}`; None when a SKU is nobody's, said at its field."""
    parts: dict[int, int] = {}
    for line in lines:
        sku = line.cleaned_data.get("sku", "").strip()
        if not sku:
            continue
        item = queries.item_by_sku(seller_id=seller_id, sku=sku)
        if item is None:
            line.add_error("sku", _("You have no item with this SKU."))
        else:
            parts[item.pk] = parts.get(item.pk, 0) + line.cleaned_data["quantity"]
    if not parts and not lines.total_error_count():
        form.add_error(None, _("A kit needs at least one part."))
    return None if form.errors or lines.total_error_count() else parts


@desk("catalog.edit")
def kit_edit(request: DeskRequest, item_id: int) -> HttpResponse:
    """What a kit is made of. The stores hear of its new figure at once."""
    here = request.desk
    kit = queries.item(seller_id=here.seller_id, item_id=item_id)
    if kit.kind != Item.Kind.KIT or kit.merged_into:
        raise NotFound
    bound = request.POST if request.method == "POST" else None
    form = KitForm(bound, initial=_kit_initial(here.seller_id, kit.pk))
    lines = KitLines(bound, initial=None if bound is not None else _kit_rows(here.seller_id, kit.pk), prefix="line")
    sitting = Sitting(
        request,
        form,
        seat="item",
        pk=kit.pk,
        look=partial(_kit_initial, here.seller_id, kit.pk),
        more=[
            LinesPart(lines, partial(_kit_rows, here.seller_id, kit.pk), label=_("Parts"), names=["sku", "quantity"])
        ],
    )
    if bound is not None and sitting.kept(partial(_change_kit, request, kit.pk, form, lines)):
        stock_moved(here, [kit.pk])
        done(request, _("Saved."))
        return redirect("web:product", kit.product_id)
    facts = {"form": form, "lines": lines, "kit": kit, "sitting": sitting}
    return _page(request, "web/products/kit.html", facts, sitting.status)


def _kit_initial(seller_id: int, kit_id: int) -> dict[str, Any]:
    kit = queries.item(seller_id=seller_id, item_id=kit_id)
    return {"sku": kit.sku, "name": kit.name, "barcode": kit.barcode}


def _kit_rows(seller_id: int, kit_id: int) -> list[dict[str, Any]]:
    rows = queries.kit_parts(seller_id=seller_id, kit_id=kit_id)
    return [{"sku": row.item.sku, "quantity": row.quantity} for row in rows]


def _change_kit(request: DeskRequest, kit_id: int, form: KitForm, lines: KitLineSet) -> None:
    here = request.desk
    parts = _parts(here.seller_id, form, lines)
    if parts is None:
        return
    kit = queries.item(seller_id=here.seller_id, item_id=kit_id)
    draft = draft_of(kit, **form.cleaned_data)
    change_kit(seller_id=here.seller_id, kit_id=kit_id, draft=draft, parts=parts, actor=here.actor)


@desk("catalog.edit")
def product_edit(request: DeskRequest, product_id: int) -> HttpResponse:
    """What all items of a product share, and further variations of a group."""
    here = request.desk
    found = queries.product(seller_id=here.seller_id, product_id=product_id)
    started = _product_now(request, found.pk, found)
    bound, refused = posted(request, main="image_url")
    form = ProductForm(bound, initial=started, refused=refused)
    sitting = Sitting(request, form, seat="product", pk=found.pk, look=partial(_product_now, request, found.pk))
    fresh = bound if bound is not None and "rows-TOTAL_FORMS" in bound else None
    rows, axes = Variations(fresh, prefix="rows"), _axes(bound, found)
    if bound is not None and bound.get("deed") == "rows":
        form = _still_open(request, bound, refused)
        if axes.is_valid():
            rows = Variations(initial=_missing(found, axes), prefix="rows")
    elif bound is not None and (fresh is None or rows.is_valid()):
        more = [row.draft(_cost_currency(request)) for row in rows if row.cleaned_data["keep"]] if fresh else []
        if sitting.kept(partial(_save, request, found, form, more)):
            done(request, _("Saved."))
            return redirect("web:product", found.pk)
    facts = {"product": found, "form": form, "rows": rows, "axes": axes, "sitting": sitting}
    return _page(request, "web/products/edit.html", facts, 409 if sitting.torn else None)


def _product_now(request: DeskRequest, product_id: int, found: Product | None = None) -> dict[str, Any]:
    """A product as its form shows it."""
    seller_id = request.desk.seller_id
    found = found or queries.product(seller_id=seller_id, product_id=product_id)
    return product_initial(found, queries.category_paths(seller_id=seller_id, product=found))


def _items_of(product: Product) -> list[Item]:
    return product.ordered_items  # type: ignore[attr-defined, no-any-return] # put there by the query


def _axes(bound: QueryDict | None, product: Product) -> AxesForm:
    """The axes as they were filled in; where nobody touched them, nothing is missing."""
    touched = bound is not None and (
        bound.get("deed") == "rows" or any(text for name, text in bound.items() if name.startswith("axes-"))
    )
    return AxesForm(bound if touched else None, prefix="axes", initial=_axes_of(product))


def _axes_of(product: Product) -> dict[str, str]:
    """The axes a group has already, with every value that is in use."""
    axes: dict[str, dict[str, None]] = {}
    for item in _items_of(product):
        for name, value in item.options:
            axes.setdefault(str(name), {})[str(value)] = None
    facts: dict[str, str] = {}
    for number, (name, values) in enumerate(list(axes.items())[:3], 1):
        facts |= {f"axis{number}": name, f"values{number}": ", ".join(values)}
    return facts


def _missing(product: Product, axes: AxesForm) -> list[dict[str, str]]:
    """The combinations the group does not have yet."""
    there = {written([(str(name), str(value)) for name, value in item.options]) for item in _items_of(product)}
    return [row for row in axes.variations() if row["options"] not in there]


def _save(request: DeskRequest, product: Product, form: ProductForm, more: list[ItemDraft]) -> None:
    here = request.desk
    services.edit_product(seller_id=here.seller_id, product_id=product.pk, draft=form.draft(more), actor=here.actor)


@desk("catalog.edit")
def item_edit(request: DeskRequest, item_id: int) -> HttpResponse:
    """Everything of one item."""
    here = request.desk
    item = queries.item(seller_id=here.seller_id, item_id=item_id)
    if item.merged_into:
        return redirect("web:item_edit", item.merged_into.pk)
    bound, refused = posted(request, main="image_url", one=True)
    form = ItemForm(bound, initial=item_initial(item), refused=refused)
    sitting = _item_sitting(request, item.pk, form)

    def save() -> None:
        now = queries.item(seller_id=here.seller_id, item_id=item.pk)
        options = [(str(name), str(value)) for name, value in now.options]
        services.edit_item(seller_id=here.seller_id, item_id=item.pk, draft=form.draft(options), actor=here.actor)

    if form.is_bound and sitting.kept(save):
        done(request, _("Saved."))
        return redirect("web:product", item.product_id)
    return _page(request, "web/products/item.html", {"item": item, "form": form, "sitting": sitting}, sitting.status)


def _item_sitting(request: DeskRequest, item_id: int, form: ItemForm) -> Sitting:
    def look() -> dict[str, Any]:
        return item_initial(queries.item(seller_id=request.desk.seller_id, item_id=item_id))

    return Sitting(request, form, seat="item", pk=item_id, look=look)


@require_POST
@desk("catalog.edit")
def item_delete(request: DeskRequest, item_id: int) -> HttpResponse:
    """Take away a variation that was never sold or stocked."""
    here = request.desk
    item = queries.item(seller_id=here.seller_id, item_id=item_id)
    with holding(Product, seller_id=here.seller_id, pk=item.product_id):  # before its item, as in docs/locks.md
        _item_sitting(request, item.pk, ItemForm()).still(
            lambda: services.delete_item(seller_id=here.seller_id, item_id=item.pk, actor=here.actor)
        )
    done(request, _("%(sku)s is gone.") % {"sku": item.sku})
    return redirect("web:product", item.product_id)


@require_POST
@desk("catalog.edit")
def product_delete(request: DeskRequest, product_id: int) -> HttpResponse:
    """Take away a product that was never sold or stocked."""
    here = request.desk
    found = queries.product(seller_id=here.seller_id, product_id=product_id)
    sitting = Sitting(
        request, ProductForm(), seat="product", pk=found.pk, look=partial(_product_now, request, found.pk)
    )
    sitting.still(lambda: services.delete_product(seller_id=here.seller_id, product_id=found.pk, actor=here.actor))
    done(request, _("%(name)s is gone.") % {"name": found.name})
    return redirect("web:products")


@desk("catalog.view")
@require_safe
def product_history(request: DeskRequest, product_id: int) -> HttpResponse:
    """Who changed which field, when, and from where."""
    here = request.desk
    found = queries.product(seller_id=here.seller_id, product_id=product_id)
    page = queries.history(seller_id=here.seller_id, product=found, after=request.GET.get("after", ""))
    skus = {item.pk: item.sku for item in _items_of(found)}
    rows = [(row, skus.get(row.object_id, "") if row.object_type == "item" else "") for row in page.rows]
    return show(request, "web/products/history.html", {"product": found, "page": page, "rows": rows})


def _page(request: DeskRequest, template: str, facts: Mapping[str, Any], status: int | None = None) -> HttpResponse:
    """The form again. `brands` is a function: only forms that name a brand ask for them."""
    brands = partial(queries.brands, seller_id=request.desk.seller_id)
    if status is None:
        status = 422 if request.method == "POST" and request.POST.get("deed") != "rows" else 200
    return show(request, template, {"brands": brands, **facts}, status=status)
