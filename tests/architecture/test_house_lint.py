"""Every rule of the house lint has a sample it must refuse and one it must let pass."""

from pathlib import Path

import pytest

from tools.house_lint import RULES, check_text, check_tree

LONG_FUNCTION = "def deed():\n" + "    step()\n" * 41
SHORT_FUNCTION = "def deed():\n" + "    step()\n" * 40
DOCUMENTED = 'def deed():\n    """' + "word\n" * 60 + '"""\n' + "    step()\n" * 40

SAMPLES = {
    "file-too-long": ("orders/services/a.py", "x = 1\n" * 400, "orders/services/a.py", "x = 1\n" * 399),
    "function-too-long": ("orders/a.py", LONG_FUNCTION, "orders/a.py", SHORT_FUNCTION),
    "import-inside": ("orders/a.py", "def a():\n    import os\n", "orders/a.py", "import os\n"),
    "signals": (
        "orders/a.py",
        "from django.db.models.signals import post_save\n",
        "orders/a.py",
        "from django.db.models import F\n",
    ),
    "save-all-fields": ("orders/a.py", "order.save()\n", "orders/a.py", "order.save(update_fields=['status'])\n"),
    "objects-outside": ("web/a.py", "Order.objects.all()\n", "orders/a.py", "Order.objects.all()\n"),
    "verb-signature": (
        "orders/services/a.py",
        "def cancel(*, order_id):\n    Order.objects.filter(pk=order_id).update(x=1)\n",
        "orders/services/a.py",
        "def cancel(*, order_id, actor):\n    Order.objects.filter(pk=order_id).update(x=1)\n",
    ),
    "queries-write": ("orders/queries.py", "Order.objects.bulk_create([])\n", "orders/queries.py", "x = 1\n"),
    "queries-seller": (
        "orders/queries.py",
        "def newest():\n    return Order.objects.all()\n",
        "orders/queries.py",
        "def newest(seller_id):\n    return Order.objects.filter(seller_id=seller_id)\n",
    ),
    "http-in-services": (
        "orders/services.py",
        "from django.http import HttpRequest\n",
        "web/views.py",
        "from django.http import HttpRequest\n",
    ),
}


def rules_broken(path: str, text: str) -> set[str]:
    return {complaint.rule for complaint in check_text(path, text)}


def test_every_rule_has_samples():
    assert set(SAMPLES) == set(RULES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_rule_refuses_its_bad_sample_and_passes_its_good_one(name):
    bad_path, bad, good_path, good = SAMPLES[name]
    assert name in rules_broken(bad_path, bad)
    assert name not in rules_broken(good_path, good)


def test_a_docstring_does_not_count_as_length():
    assert "function-too-long" not in rules_broken("orders/a.py", DOCUMENTED)


def test_an_excuse_needs_the_rules_name_and_a_reason():
    assert rules_broken("orders/a.py", "order.save()  # house: save-all-fields a new row\n") == set()
    assert rules_broken("orders/a.py", "order.save()  # house: save-all-fields\n") == {"save-all-fields"}
    assert rules_broken("orders/a.py", "order.save()  # house: signals not this one\n") == {"save-all-fields"}


def test_the_house_keeps_its_own_rules():
    assert [str(complaint) for complaint in check_tree(Path("src/entrepot"))] == []
