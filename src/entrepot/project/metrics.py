"""Figures asked of the rows at the moment somebody looks, so every process answers the same."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

QUESTIONS: dict[str, tuple[str, list[str], str]] = {
    "entrepot_stores": (
        "Stores by state.",
        ["state"],
        "SELECT state, count(*) FROM channels_store GROUP BY state",
    ),
    "entrepot_orders": (
        "Orders by status.",
        ["status"],
        "SELECT status, count(*) FROM orders_order GROUP BY status",
    ),
    "entrepot_problems_open": (
        "Open problems by code.",
        ["code"],
        "SELECT code, count(*) FROM channels_problem WHERE resolved_at IS NULL GROUP BY code",
    ),
    "entrepot_incoming_orders_waiting": (
        "Orders kept but not yet entered.",
        [],
        "SELECT count(*) FROM channels_incomingorder WHERE state = 'waiting'",
    ),
    "entrepot_jobs_waiting": (
        "Jobs due and not started.",
        ["queue"],
        (
            "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' "
            "AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name"
        ),
    ),
    "entrepot_workers_alive": (
        "Worker processes that gave a sign of life in the last minute.",
        [],
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'",
    ),
    "entrepot_store_orders_age_seconds": (
        "Seconds since a live store's orders were last read.",
        ["store"],
        (
            "SELECT sales_channel_id::text, extract(epoch FROM now() - orders_seen_at) FROM channels_store "
            "WHERE state = 'live' AND orders_seen_at IS NOT NULL"
        ),
    ),
    "entrepot_database_bytes": (
        "Size of the database.",
        [],
        "SELECT pg_database_size(current_database())",
    ),
}


class Books:
    """A collector that asks each question when it is collected."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each question."""
        for name, (help_text, labels, question) in QUESTIONS.items():
            family = GaugeMetricFamily(name, help_text, labels=labels)
            with connection.cursor() as cursor:
                cursor.execute(question)
                for *values, figure in cursor.fetchall():
                    family.add_metric([str(value) for value in values], float(figure))
            yield family


def exposition() -> tuple[bytes, str]:
    """The answer to a scrape, and its content type."""
    registry = CollectorRegistry()
    registry.register(Books())
    return generate_latest(registry), CONTENT_TYPE_LATEST
