"""Telling open pages that something moved. The page then asks again; the message itself carries no facts."""

import json

from django.db import connection

CHANNEL = "entrepot_live"


def announce(seller_id: int, *topics: str) -> None:
    """Say that `topics` of a seller moved: `orders`, `problems`, `run:5`, `store:3`, `stock:17`.

    Inside a transaction it is heard when that commits, once however often it was said, and never if it does not.
    """
    told = [(CHANNEL, json.dumps({"seller": seller_id, "topic": topic})) for topic in topics]
    calls = ", ".join(["pg_notify(%s, %s)"] * len(told))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [word for one in told for word in one])
