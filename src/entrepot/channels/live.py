"""Telling open pages that something moved. The page then asks again; the message itself carries no facts."""

import json

from django.db import connection

CHANNEL = "entrepot_live"


def announce(seller_id: int, topic: str) -> None:
    """Say that `topic` of a seller moved: `orders`, `problems`, `run:5`, `store:3`, `stock:17`.

    Inside a transaction it is heard when that commits, once however often it was said, and never if it does not.
    """
    payload = json.dumps({"seller": seller_id, "topic": topic})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
