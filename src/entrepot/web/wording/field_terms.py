"""Which term stands in the label of which form's field."""

from collections.abc import Mapping
from typing import Final

FIELDS: Final[Mapping[tuple[str, str], str]] = {
    ("StoreSettingsForm", "buffer"): "safety_stock",
    ("StoreSettingsForm", "drift_minutes"): "stock_check",
    ("StoreSettingsForm", "source_warehouses"): "warehouse",
    ("StoreSettingsForm", "partial_policy"): "split",
    ("ConnectForm", "name"): "sales_channel",
    ("ManualOrderForm", "channel"): "offline_store",
    ("ItemForm", "low_stock_at"): "low_at",
    ("KeyForm", "scopes"): "scope",
    ("InviteForm", "role"): "role",
}
