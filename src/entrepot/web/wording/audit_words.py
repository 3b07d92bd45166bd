"""The audit log in words: what kind of thing, what was done to it, and the facts beside it.

A deed is kept as `stores.go_live`; a person reads "Store · went live". English msgids.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from entrepot.accounts.models import AuditEntry
from entrepot.web.wording.labels import LABELS, label

N = gettext_noop
AREAS = {
    "boxes": N("Parcel size"),
    "carrier_rules": N("Carrier rule"),
    "carriers": N("Carrier"),
    "catalog": N("Picture"),
    "categories": N("Category"),
    "endpoints": N("Other system"),
    "findings": N("SKU doctor"),
    "items": N("Item"),
    "keys": N("API key"),
    "labels": N("Label"),
    "listings": N("Listing"),
    "orders": N("Orders"),
    "plans": N("Plan"),
    "price_lists": N("Price list"),
    "problems": N("Problem"),
    "promotions": N("Promotion"),
    "settings": N("Company"),
    "sheets": N("Excel file"),
    "shelves": N("Categories and brands"),
    "ship_from": N("Sender"),
    "stores": N("Store"),
    "users": N("People"),
    "views": N("Saved view"),
    "warehouse": N("Warehouse"),
    "waybills": N("Waybill numbers"),
}
"""The first half of a verb."""
DEEDS = {
    "activate": N("asked to be shown"),
    "add": N("added"),
    "add_bin": N("bin added"),
    "add_range": N("range added"),
    "add_totes": N("totes added"),
    "add_zone": N("zone added"),
    "apply": N("applied"),
    "approve": N("approved"),
    "approve_count": N("count approved"),
    "ask_again": N("asked for again"),
    "assign_list": N("pick list assigned"),
    "authorize": N("connected anew"),
    "back_to_shadow": N("back to shadow mode"),
    "begin_consent": N("permission asked for"),
    "begin_receipt": N("receipt begun"),
    "brands": N("brands matched"),
    "break": N("connection broken"),
    "bulk": N("one deed for many"),
    "bulk_stop": N("deed for many stopped"),
    "cancel": N("canceled"),
    "cancel_count": N("count canceled"),
    "cancel_manifest": N("manifest canceled"),
    "cancel_receipt": N("receipt canceled"),
    "cancel_return": N("return canceled"),
    "cancel_wave": N("wave canceled"),
    "categories": N("categories matched"),
    "change": N("changed"),
    "change_password": N("password changed"),
    "change_settings": N("settings changed"),
    "close": N("closed"),
    "close_bin": N("bin closed"),
    "close_manifest": N("handed over"),
    "close_range": N("range closed"),
    "close_receipt": N("receipt closed"),
    "connect": N("connected"),
    "create": N("asked to be listed"),
    "deactivate": N("asked to be hidden"),
    "delete": N("deleted"),
    "difference_ours": N("difference settled: ours"),
    "difference_theirs": N("difference settled: the store's"),
    "discard": N("thrown away"),
    "disconnect": N("disconnected"),
    "draft": N("draft kept"),
    "draft_discarded": N("draft thrown away"),
    "drop": N("taken away"),
    "drop_differences": N("differences dropped"),
    "edit": N("changed"),
    "empty_bin": N("bin emptied"),
    "enter_count": N("counted"),
    "expect": N("goods announced"),
    "expect_return": N("return announced"),
    "export": N("exported"),
    "finish_count": N("count finished"),
    "fix": N("put right"),
    "follow": N("followed by a store"),
    "go_live": N("went live"),
    "grade_return": N("return graded"),
    "import": N("taken from a file"),
    "invite": N("invited"),
    "join": N("joined"),
    "keep": N("kept"),
    "lay_out": N("bins laid out"),
    "make": N("made"),
    "make_default": N("made the usual one"),
    "make_wave": N("wave made"),
    "map": N("matched"),
    "merge": N("merged"),
    "move": N("moved"),
    "new_secret": N("new secret"),
    "open": N("opened"),
    "open_bin": N("bin opened"),
    "open_manifest": N("manifest opened"),
    "pause": N("paused"),
    "picture_kept": N("kept"),
    "plan": N("planned"),
    "price": N("price changed"),
    "put_away": N("put away"),
    "receive": N("received"),
    "receive_return": N("return received"),
    "recount": N("counted anew"),
    "remove": N("removed"),
    "rename": N("renamed"),
    "rename_bin": N("bin renamed"),
    "rename_zone": N("zone renamed"),
    "replace_credentials": N("key replaced"),
    "reseal": N("key sealed anew"),
    "resume": N("resumed"),
    "resume_live": N("resumed, live"),
    "resume_shadow": N("resumed, in shadow mode"),
    "retire_tote": N("tote retired"),
    "retry": N("tried again"),
    "revoke": N("revoked"),
    "save": N("saved"),
    "scan_parcel": N("parcel scanned"),
    "send": N("sent on its way"),
    "set": N("set"),
    "set_due": N("due day set"),
    "set_meaning": N("meaning of a status set"),
    "set_mode": N("way of working set"),
    "set_role": N("role set"),
    "set_scope": N("reach set"),
    "set_stock_rules": N("stock rules set"),
    "sign_in": N("signed in"),
    "sign_in_link": N("sign-in link made"),
    "start_count": N("count begun"),
    "stop": N("stopped"),
    "stop_following": N("no longer followed by a store"),
    "sync_stock": N("stock to be sent anew"),
    "take_back": N("taken back"),
    "unmap": N("no longer matched"),
    "unscan_parcel": N("parcel taken off"),
    "update": N("changed"),
    "upload": N("uploaded"),
    "use_tote": N("tote used"),
    "withdraw_invitation": N("invitation withdrawn"),
    "words_theirs": N("the store's words taken"),
    "write": N("prices written"),
}
"""The second half."""
THINGS: dict[str, tuple[str, str]] = {
    "announced": (N("Announced order"), ""),
    "api_key": (N("API key"), "keys"),
    "bin": (N("Bin"), "wms_bin"),
    "box": (N("Parcel size"), ""),
    "bulk": (N("Deed for many orders"), "order_deed"),
    "carrier": (N("Carrier"), "carrier"),
    "carrier_rule": (N("Carrier rule"), "carrier_rules"),
    "category": (N("Category"), "category"),
    "count": (N("Count"), "wms_count"),
    "endpoint": (N("Other system"), "endpoint"),
    "item": (N("Item"), "stock_item"),
    "listing": (N("Listing"), "listing"),
    "manifest": (N("Manifest"), "wms_manifest"),
    "order": (N("Order"), "order"),
    "pick_list": (N("Pick list"), ""),
    "picture": (N("Picture"), ""),
    "plan": (N("Plan"), "plan"),
    "price_list": (N("Price list"), "price_list"),
    "problem": (N("Problem"), "problems"),
    "product": (N("Product"), "product"),
    "promotion": (N("Promotion"), "promotion"),
    "receipt": (N("Receipt"), "wms_receipt"),
    "return": (N("Return"), "wms_return"),
    "run": (N("Run"), ""),
    "seller": (N("Company"), "company"),
    "ship_from": (N("Sender"), "senders"),
    "shipment": (N("Parcel"), ""),
    "store": (N("Store"), "store"),
    "store_prices": (N("Store's prices"), "store_prices"),
    "upload": (N("Excel file"), "sheet"),
    "user": (N("Person"), "people"),
    "view": (N("Saved view"), ""),
    "warehouse": (N("Warehouse"), "wms_house"),
    "wave": (N("Wave"), "wms_wave"),
    "zone": (N("Zone"), ""),
}
"""What a deed was done to: its word, and the screen that shows it."""
LISTED_ONLY = {"keys", "carrier_rules", "problems", "company", "senders", "people"}
"""Screens that show all of a kind: their address takes no number."""
FACTS = {
    "alarms": N("guard rails"),
    "all": N("all"),
    "before": N("before"),
    "bins": N("bins"),
    "changed": N("changed"),
    "changes": N("changes"),
    "code": N("code"),
    "connector": N("channel"),
    "content_type": N("kind"),
    "counted": N("counted"),
    "differences": N("differences"),
    "done": N("done"),
    "due": N("due"),
    "email": N("e-mail"),
    "field": N("field"),
    "fields": N("fields"),
    "first": N("the first"),
    "fix": N("how"),
    "from": N("from"),
    "graded": N("graded"),
    "height": N("height"),
    "identity": N("identity of the shop"),
    "item": N("item"),
    "items": N("items"),
    "kind": N("kind"),
    "left": N("gone"),
    "lines": N("lines"),
    "listings": N("listings"),
    "meaning": N("meaning"),
    "missing": N("missing"),
    "mode": N("way"),
    "name": N("name"),
    "number": N("number"),
    "on": N("on"),
    "order": N("order"),
    "orders": N("orders"),
    "origin": N("origin"),
    "ours": N("ours"),
    "parcels": N("parcels"),
    "percent": N("percent"),
    "picker": N("picker"),
    "pieces": N("pieces"),
    "product": N("product"),
    "quantity": N("quantity"),
    "reason": N("reason"),
    "received": N("received"),
    "remote_id": N("number in the store"),
    "role": N("role"),
    "rows": N("rows"),
    "shipment": N("parcel"),
    "size": N("size"),
    "sku": "SKU",
    "status": N("status"),
    "stayed": N("stayed"),
    "store": N("store"),
    "taken_out": N("taken out"),
    "theirs": N("the store's"),
    "title": N("title"),
    "to": N("to"),
    "total": N("total"),
    "tracking_number": N("tracking number"),
    "undoes": N("undoes"),
    "url": N("address"),
    "warehouse": N("warehouse"),
    "width": N("width"),
    "written": N("written"),
    "price": N("price"),
    "retail_price": N("retail price"),
    "category_ids": N("categories"),
    "language": N("language"),
    "timezone": N("timezone"),
    "currency": N("currency"),
    "plugin": N("service"),
    "carrier": N("carrier"),
    "description": N("description"),
    "brand": N("brand"),
    "images": N("pictures"),
    "into": N("into"),
    "attributes": N("attributes"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the audit log as a person reads it; `address` may be empty."""

    deed: str
    thing: str
    address: str
    facts: list[tuple[str, str]]


def verb_words(verb: str) -> str:
    """`stores.go_live` as "Store · went live"."""
    area, _, deed = verb.partition(".")
    return f"{_said(AREAS, area)} · {_said(DEEDS, deed)}"


def told(entry: AuditEntry) -> Told:
    """One deed with what it was done to and its facts, empty ones left out."""
    word, screen = THINGS.get(entry.object_type, (entry.object_type.replace("_", " "), ""))
    named = screen in LISTED_ONLY
    number = "" if named or not entry.object_id.isdigit() else f" {entry.object_id}"
    address = reverse(f"web:{screen}", args=[] if named else [entry.object_id]) if screen and (named or number) else ""
    facts = [(_said(FACTS, name), value_words(value)) for name, value in entry.facts.items()]
    thing = f"{gettext(word)}{number}" if word else ""
    return Told(verb_words(entry.verb), thing, address, [(name, value) for name, value in facts if value])


def value_words(value: object) -> str:
    """A kept value without the marks of a program: lists joined, yes and no, nothing for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return gettext("Yes") if value else gettext("No")
        case Mapping():
            pairs = ((_said(FACTS, str(name)), value_words(inner)) for name, inner in value.items())
            return ", ".join(f"{name}: {inner or '–'}" for name, inner in pairs)
        case list() | tuple():
            return ", ".join(value_words(inner) for inner in value)
        case str():
            return label(value) if value in LABELS else _said(FACTS, value) if value in FACTS else value
        case _:
            return str(value)


def _said(words: Mapping[str, str], code: str) -> str:
    return gettext(words[code]) if code in words else code.replace("_", " ")
