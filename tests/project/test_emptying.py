"""What a test has committed is gone before the next one begins."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests import emptying
from tests.one_of_everything import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def kept() -> dict[str, int]:
    """How many rows each table has that has any."""
    counts = {}
    for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if count}


def test_all_that_was_made_is_gone_and_what_migrating_made_stays():
    before = {"django_content_type": ContentType.objects.count(), "auth_permission": Permission.objects.count()}
    make_world("Seoul Socks")
    assert len(kept()) > 30
    assert emptying._emptied(connection)
    assert kept() == before
    assert before["auth_permission"] > 100


def test_keys_are_asked_again_afterwards():
    assert emptying._emptied(connection)
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
