"""Saved views: a list as somebody wants to see it again, alone or with their colleagues."""

import pytest

from entrepot.accounts.errors import TooManyViews, ViewNameTaken, ViewNotFound, ViewNotYours
from entrepot.accounts.models import AuditEntry, SavedView, ScreenChoice
from entrepot.accounts.queries import screen_choice, views_of
from entrepot.accounts.services import (
    begin_with_view,
    change_view,
    choose_columns,
    delete_view,
    remove_member,
    save_view,
    views,
)
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import Invalid
from tests.books import MINA, make_seller
from tests.web.factories import make_person


@pytest.fixture
def two(db):
    seller = make_seller()
    return make_person(seller), make_person(seller, "operator")


def _keep(member, name="Urgent", **words):
    facts = {"seller_id": member.seller_id, "user_id": member.user_id, "screen": "orders", "actor": MINA}
    return save_view(**{**facts, "name": name, "query": "status=new", **words})


def _names(member, screen="orders"):
    return [row.name for row in views_of(seller_id=member.seller_id, user_id=member.user_id, screen=screen)]


def test_ones_own_views_come_first_and_in_the_order_they_were_made(two):
    mina, jun = two
    _keep(jun, "Jun's", shared=True)
    _keep(mina, "Urgent", columns=["order", "status"])
    _keep(mina, "Abroad")
    _keep(mina, "Elsewhere", screen="stock")

    assert _names(mina) == ["Urgent", "Abroad", "Jun's"]
    assert _names(mina, "stock") == ["Elsewhere"]
    assert _names(jun) == ["Jun's"]


def test_a_view_is_shared_renamed_and_deleted_by_its_owner(two):
    mina, jun = two
    view = _keep(mina)
    said = {"seller_id": mina.seller_id, "view_id": view.pk, "actor": MINA}

    change_view(user_id=mina.user_id, shared=True, name="  Very   urgent ", **said)
    assert _names(jun) == ["Very urgent"]

    with pytest.raises(ViewNotYours) as refused:
        change_view(user_id=jun.user_id, name="Mine now", **said)
    assert refused.value.fields == {"owner": "Owner"}
    with pytest.raises(ViewNotYours):
        delete_view(user_id=jun.user_id, **said)
    assert _names(jun) == ["Very urgent"]

    delete_view(user_id=mina.user_id, **said)
    assert _names(mina) == []
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "views.save", "views.change", "views.delete",
    ]  # fmt: skip


def test_what_is_not_shared_or_of_another_seller_is_not_there(two):
    mina, jun = two
    view = _keep(mina)
    stranger = make_person(make_seller("Other"))

    for member in (jun, stranger):
        with pytest.raises(ViewNotFound):
            delete_view(seller_id=member.seller_id, user_id=member.user_id, view_id=view.pk, actor=MINA)
        with pytest.raises(ViewNotFound):
            begin_with_view(
                seller_id=member.seller_id, user_id=member.user_id, screen="orders", view_id=view.pk, actor=MINA
            )
    assert _names(stranger) == []
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(("words", "refusal"), [({"name": "  "}, Invalid), ({"query": "q=" + "x" * 2000}, Invalid)])
def test_a_view_needs_a_name_and_filters_of_some_length(two, words, refusal):
    with pytest.raises(refusal):
        _keep(two[0], **words)
    assert SavedView.objects.count() == 0


def test_two_views_of_a_person_have_different_names(two):
    mina, jun = two
    _keep(mina)
    other = _keep(mina, "Other")
    _keep(jun)

    with pytest.raises(ViewNameTaken):
        _keep(mina)
    with pytest.raises(ViewNameTaken):
        change_view(seller_id=mina.seller_id, user_id=mina.user_id, view_id=other.pk, name="Urgent", actor=MINA)

    assert _names(mina) == ["Urgent", "Other"]


def test_a_person_has_so_many_views_and_no_more(two, monkeypatch):
    monkeypatch.setattr(views, "MOST", 1)
    _keep(two[0])

    with pytest.raises(TooManyViews):
        _keep(two[0], "One more")
    assert _names(two[0]) == ["Urgent"]


def test_a_list_begins_with_the_chosen_view_until_that_is_deleted(two):
    mina, _jun = two
    view = _keep(mina)
    said = {"seller_id": mina.seller_id, "user_id": mina.user_id, "screen": "orders"}
    choose_columns(columns=["order"], page_size=100, actor=MINA, **said)

    begin_with_view(view_id=view.pk, actor=MINA, **said)

    choice = screen_choice(**said)
    assert (choice.columns, choice.page_size, choice.first_view) == (["order"], 100, view)
    delete_view(seller_id=mina.seller_id, user_id=mina.user_id, view_id=view.pk, actor=MINA)
    assert screen_choice(**said).first_view is None
    assert ScreenChoice.objects.count() == 1
    assert screen_choice(**said | {"screen": "stock"}).columns == []


def test_views_go_with_the_person_who_made_them(two):
    mina, jun = two
    _keep(jun, shared=True)

    remove_member(seller_id=mina.seller_id, membership_id=jun.pk, actor=SYSTEM)

    assert _names(mina) == []
