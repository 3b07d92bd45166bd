"""The seller's categories, and what they and the brands are in each store, over the API."""

from typing import Any

from ninja import Field, Router, Schema, Status

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS, Listed
from entrepot.catalog import queries as catalog_queries
from entrepot.catalog import services as catalog
from entrepot.catalog.queries import CategoryRow
from entrepot.channels.queries.shelves import ShelfRow, What, shelf_page, shelves
from entrepot.channels.queries.stores import store as store_of
from entrepot.channels.services.shelving import map_brands, map_categories, take_suggestions
from entrepot.kernel.page import Page

router = Router()


class CategoryOut(Schema):
    """A category where it stands: `path` from the root down; how many products and categories lie in it."""

    id: int = Field(alias="pk")
    parent_id: int | None
    name: str
    path: list[str]
    products: int
    inside: int


class CategoryIn(Schema):
    """`parent_id` null = at the top."""

    name: str = Field(min_length=1, max_length=255)
    parent_id: int | None = None


class CategoryChangeIn(Schema):
    """What is given changes, the rest stays. `parent_id` null = to the top."""

    name: str = Field(default="", max_length=255)
    parent_id: int | None = None


class PlaceOut(Schema):
    """A category (`words` = its path) or brand of the store. `gone`: the store has it no more."""

    remote_id: str
    words: str
    gone: bool


class IdeaOut(Schema):
    """What it may be. `why`: path, name, alike. `certain`: nothing else of the store has that path or name."""

    place: PlaceOut
    why: str
    certain: bool


class ShelfOut(Schema):
    """One of ours, where it stands in the store, or the idea where nobody has said so yet."""

    id: int = Field(alias="pk")
    words: str
    products: int
    places: list[PlaceOut]
    idea: IdeaOut | None


class PlacesIn(Schema):
    """Ids of the store; none takes the mapping away."""

    remote_ids: list[str] = Field(max_length=100)


class BrandPlaceIn(Schema):
    """A brand id of the store; empty takes the mapping away."""

    remote_id: str = Field(max_length=80)


class ChangedOut(Schema):
    """How many mappings changed."""

    changed: int


@router.get("/categories", response={200: Listed[CategoryOut], **REFUSALS})
@needs("catalog.view")
def list_categories(request: CalledRequest, search: str = "", after: str = "") -> Page[CategoryRow]:
    """The seller's categories in the order of their paths."""
    return catalog_queries.categories(seller_id=request.auth.seller_id, search=search, after=after)


@router.post("/categories", response={201: CategoryOut, **REFUSALS})
@needs("catalog.edit")
def make_category(request: CalledRequest, facts: CategoryIn) -> Status[CategoryRow]:
    """Make a category."""
    caller = request.auth
    made = catalog.make_category(
        seller_id=caller.seller_id, name=facts.name, parent_id=facts.parent_id, actor=caller.actor
    )
    return Status(201, catalog_queries.category(seller_id=caller.seller_id, category_id=made.pk))


@router.put("/categories/{int:category_id}", response={200: CategoryOut, **REFUSALS})
@needs("catalog.edit")
def change_category(request: CalledRequest, category_id: int, facts: CategoryChangeIn) -> CategoryRow:
    """Rename or move a category, with all that lies below it."""
    caller = request.auth
    given = facts.model_dump(exclude_unset=True)
    which: dict[str, Any] = {"seller_id": caller.seller_id, "category_id": category_id, "actor": caller.actor}
    if given.keys() >= {"name", "parent_id"}:
        catalog.change_category(**which, **given)
    elif "parent_id" in given:
        catalog.move_category(**which, **given)
    elif "name" in given:
        catalog.rename_category(**which, **given)
    return catalog_queries.category(seller_id=caller.seller_id, category_id=category_id)


@router.delete("/categories/{int:category_id}", response={204: None, **REFUSALS})
@needs("catalog.edit")
def delete_category(request: CalledRequest, category_id: int) -> Status[None]:
    """Take a category away that holds no others; its products come to lie in the one above it."""
    caller = request.auth
    catalog.delete_category(seller_id=caller.seller_id, category_id=category_id, actor=caller.actor)
    return Status(204, None)


def _page(request: CalledRequest, store_id: int, what: What, by: tuple[str, str, str]) -> Page[ShelfRow]:
    seller_id = request.auth.seller_id
    store = store_of(seller_id=seller_id, store_id=store_id)
    there = shelves(seller_id=seller_id, store=store, what=what)
    search, show, after = by
    return shelf_page(seller_id=seller_id, there=there, search=search, show=show, after=after)


@router.get("/stores/{int:store_id}/shelves/categories", response={200: Listed[ShelfOut], **REFUSALS})
@needs("stores.view")
def shelf_categories(
    request: CalledRequest, store_id: int, search: str = "", show: str = "", after: str = ""
) -> Page[ShelfRow]:
    """Our categories and which of the store's they are. `show`: open (nobody has said), mapped."""
    return _page(request, store_id, "categories", (search, show, after))


@router.get("/stores/{int:store_id}/shelves/brands", response={200: Listed[ShelfOut], **REFUSALS})
@needs("stores.view")
def shelf_brands(
    request: CalledRequest, store_id: int, search: str = "", show: str = "", after: str = ""
) -> Page[ShelfRow]:
    """Our brands and which of the store's they are. `show`: open (nobody has said), mapped."""
    return _page(request, store_id, "brands", (search, show, after))


@router.put("/stores/{int:store_id}/shelves/categories/{int:category_id}", response={200: ChangedOut, **REFUSALS})
@needs("stores.map")
def place_category(request: CalledRequest, store_id: int, category_id: int, facts: PlacesIn) -> dict[str, int]:
    """Say which categories of the store one of ours is."""
    caller = request.auth
    changed = map_categories(
        seller_id=caller.seller_id, store_id=store_id, wanted={category_id: facts.remote_ids}, actor=caller.actor
    )
    return {"changed": changed}


@router.put("/stores/{int:store_id}/shelves/brands/{int:brand_id}", response={200: ChangedOut, **REFUSALS})
@needs("stores.map")
def place_brand(request: CalledRequest, store_id: int, brand_id: int, facts: BrandPlaceIn) -> dict[str, int]:
    """Say which brand of the store one of ours is."""
    caller = request.auth
    changed = map_brands(
        seller_id=caller.seller_id, store_id=store_id, wanted={brand_id: facts.remote_id}, actor=caller.actor
    )
    return {"changed": changed}


@router.post("/stores/{int:store_id}/shelves/categories/suggested", response={200: ChangedOut, **REFUSALS})
@needs("stores.map")
def take_categories(request: CalledRequest, store_id: int) -> dict[str, int]:
    """Map every category that nobody has mapped and that has the same path in the store."""
    caller = request.auth
    changed = take_suggestions(seller_id=caller.seller_id, store_id=store_id, what="categories", actor=caller.actor)
    return {"changed": changed}


@router.post("/stores/{int:store_id}/shelves/brands/suggested", response={200: ChangedOut, **REFUSALS})
@needs("stores.map")
def take_brands(request: CalledRequest, store_id: int) -> dict[str, int]:
    """Map every brand that nobody has mapped and that has the same name in the store."""
    caller = request.auth
    changed = take_suggestions(seller_id=caller.seller_id, store_id=store_id, what="brands", actor=caller.actor)
    return {"changed": changed}
