"""Many rows like one that is there. Imported only once Django is ready.

A copy takes every column of its row but those that are given as SQL, in which `i` counts from 1 and `p` holds the i-th
item, order, line and listing. What a constraint refuses is left out.
"""

from collections.abc import Mapping, Sequence

from django.db import models

from entrepot.catalog.rows import fetch, run

PICKS = """
CREATE TEMP TABLE IF NOT EXISTS bench_pick
    (number int PRIMARY KEY, item_id bigint, product_id bigint, order_id bigint, line_id bigint, listing_id bigint);
TRUNCATE bench_pick;
INSERT INTO bench_pick
SELECT i.n, i.id, i.product_id, o.id, l.id, g.id
FROM (SELECT id, product_id, row_number() OVER (ORDER BY id) AS n FROM catalog_item WHERE seller_id = {seller}) AS i
LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM orders_order WHERE seller_id = {seller}) AS o
    USING (n)
LEFT JOIN (SELECT order_id, min(id) AS id FROM orders_orderline GROUP BY 1) AS l ON l.order_id = o.id
LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM channels_listing WHERE seller_id = {seller}) AS g
    USING (n);
ANALYZE bench_pick
"""


def pick(seller_id: int) -> None:
    """Number the items, orders (newest first), their first lines and the listings anew."""
    for statement in PICKS.format(seller=int(seller_id)).split(";\n"):
        run(statement, [])


def copies(row: models.Model, times: int, **given: str) -> list[int]:
    """`times` rows like `row`; the keys of what was written, in order."""
    meta = row._meta  # noqa: SLF001 - the documented way to a model's columns
    table, key = meta.db_table, str(meta.pk.column if meta.pk else "id")
    columns = [field.column for field in meta.concrete_fields if field.column != key or key in given]
    strange = set(given) - set(columns)
    if strange:
        raise ValueError(f"{table} has no {', '.join(sorted(strange))}")
    written = fetch(
        f"INSERT INTO {table} ({_names(columns)}) SELECT {_values(columns, given)} "  # noqa: S608 - our own names
        f"FROM {table} AS was CROSS JOIN generate_series(1, %s) AS n(i) JOIN bench_pick AS p ON p.number = i "
        f"WHERE was.{key} = %s ORDER BY i ON CONFLICT DO NOTHING RETURNING {key}",
        [times, row.pk],
    )
    return [one[0] for one in written]


def nth(keys: Sequence[int]) -> str:
    """The i-th of these, as SQL."""
    return f"('{{{','.join(map(str, keys))}}}'::bigint[])[i]"


def _names(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _values(columns: list[str], given: Mapping[str, str]) -> str:
    return ", ".join(given.get(column, f'was."{column}"').replace("%", "%%") for column in columns)
