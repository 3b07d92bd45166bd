"""Our books about each store: the connection, what we list there, what came in, what we owe it, what went wrong."""

from entrepot.channels.models.kept import KeptGlance
from entrepot.channels.models.listings import (
    Difference,
    Listing,
    ListingChange,
    RemoteAttribute,
    RemoteBrand,
    RemoteCategory,
    StockTold,
)
from entrepot.channels.models.plans import Plan, PlanLine
from entrepot.channels.models.pricing import ListPrice, ListTold, PriceList, Promotion, PromotionLine, StorePricing
from entrepot.channels.models.storefront import BrandMapping, CategoryMapping, StoreProduct
from entrepot.channels.models.stores import Consent, Limit, RemoteCarrier, Store
from entrepot.channels.models.traffic import Announced, IncomingOrder, PushedEvent, StatusDebt, StatusMapping
from entrepot.channels.models.trouble import Drift, Finding, JournalEntry, Problem, Run

__all__ = [
    "Announced",
    "BrandMapping",
    "CategoryMapping",
    "Consent",
    "Difference",
    "Drift",
    "Finding",
    "IncomingOrder",
    "JournalEntry",
    "KeptGlance",
    "Limit",
    "ListPrice",
    "ListTold",
    "Listing",
    "ListingChange",
    "Plan",
    "PlanLine",
    "PriceList",
    "Problem",
    "Promotion",
    "PromotionLine",
    "PushedEvent",
    "RemoteAttribute",
    "RemoteBrand",
    "RemoteCarrier",
    "RemoteCategory",
    "Run",
    "StatusDebt",
    "StatusMapping",
    "StockTold",
    "Store",
    "StorePricing",
    "StoreProduct",
]
