"""To the mall's own consent page and back: what a person reads, and what is refused."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entrepot.channels import registry
from entrepot.channels.models import Consent, Store
from entrepot.connectors.cafe24.simulator import Mall, SimulatorServer
from entrepot.connectors.cafe24.type import cafe24
from tests.books import make_seller
from tests.web.conftest import AtDesk
from tests.web.factories import MALL_FIELDS, make_mall, make_person, sit_down

FORM = {**MALL_FIELDS, "name": "Sodam", "country": "KR", "deed": "save"}
CONNECT = "/stores/connect/cafe24/"
BACK = "/stores/consent/cafe24/"


@pytest.fixture
def mall() -> Iterator[SimulatorServer]:
    """A mall whose operator says yes at once."""
    kept = registry.connector_types["cafe24"]
    secret = MALL_FIELDS["client_secret"]
    with SimulatorServer(Mall.empty(), client_id=MALL_FIELDS["client_id"], client_secret=secret) as server:
        server.oauth.decide = "allow"
        registry.register(cafe24(server.url))
        yield server
    registry.register(kept)


def address_on(answer) -> str:
    """Where the page sends the browser on to."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()[:3000]
    return found[1].replace("&amp;", "&")


def begin(browser: Client, **words: str) -> str:
    answer = browser.post(CONNECT, {**FORM, **words})
    assert answer.status_code == 200
    return address_on(answer)


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def agreed(mall: SimulatorServer, address: str) -> dict[str, str]:
    """What the browser comes back with once the operator has decided."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    came = mall.oauth.decision(asked, allow=mall.oauth.decide == "allow")
    return {name: values[0] for name, values in parse_qs(urlsplit(came).query).items()}


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_connect_page_shows_what_to_enter_there_exactly(at_desk: AtDesk) -> None:
    text = at_desk.browser.get(CONNECT).content.decode()

    assert '<code class="copy-text" id="copy-consent">http://127.0.0.1:8000/stores/consent/cafe24/</code>' in text
    assert '<code class="copy-text" id="copy-app">http://127.0.0.1:8000/stores/launch/cafe24/</code>' in text
    assert reverse("web:consent_return", args=["cafe24"]) == BACK
    assert reverse("web:store_launch", args=["cafe24"]) == "/stores/launch/cafe24/"
    assert "https addresses of a real domain only" in text
    folded = text[text.index('<details class="more">') :]
    assert 'name="webhook_key"' in folded
    assert 'name="shop_no"' in folded
    assert 'name="client_secret"' not in folded
    assert 'name="currency"' not in text


def test_an_https_address_needs_no_warning(at_desk: AtDesk, settings) -> None:
    settings.PUBLIC_URL = "https://oms.example.com"

    text = at_desk.browser.get(CONNECT).content.decode()

    assert "https addresses of a real domain only" not in text
    assert "https://oms.example.com/stores/consent/cafe24/" in text


def test_the_form_leads_to_the_mall_by_a_page_and_not_by_a_redirect(at_desk: AtDesk) -> None:
    answer = at_desk.browser.post(CONNECT, FORM)

    assert answer.status_code == 200
    address = urlsplit(address_on(answer))
    assert address.hostname == "sodammall.cafe24api.com"
    asked = parse_qs(address.query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/stores/consent/cafe24/"]
    assert asked["client_id"] == [MALL_FIELDS["client_id"]]
    waiting = Consent.objects.get()
    assert asked["state"][0] not in waiting.state_digest
    assert MALL_FIELDS["client_secret"] not in answer.content.decode()
    assert MALL_FIELDS["client_secret"] not in str(at_desk.browser.session.items())
    assert not Store.objects.filter(sales_channel__name="Sodam").exists()


def test_a_missing_field_is_said_at_it_and_nothing_begins(at_desk: AtDesk) -> None:
    answer = at_desk.browser.post(CONNECT, {**FORM, "client_id": ""})

    assert answer.status_code == 422
    assert 'id="id_client_id_error"' in answer.content.decode()
    assert Consent.objects.count() == 0


def test_agreeing_connects_the_mall_and_starts_its_import(at_desk: AtDesk, mall: SimulatorServer) -> None:
    came = agreed(mall, begin(at_desk.browser))

    answer = at_desk.browser.get(BACK, came)

    store = Store.objects.get(sales_channel__name="Sodam")
    assert answer.headers["Location"] == reverse("web:store", args=[store.pk])
    assert (store.state, store.identity, store.sales_channel.currency) == ("shadow", "sodammall/1", "KRW")
    assert store.runs.get().kind == "first_import"
    page = at_desk.browser.get(answer.headers["Location"]).content.decode()
    assert "“Sodam” is connected. Its products are being read." in page
    assert "In force" in page


def test_a_refusal_comes_back_to_the_form_in_plain_words(at_desk: AtDesk, mall: SimulatorServer) -> None:
    mall.oauth.decide = "deny"
    came = agreed(mall, begin(at_desk.browser))

    answer = at_desk.browser.get(BACK, came)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "The permission was declined" in words_of(answer)
    assert 'value="AppOfTheTests0001"' in text
    assert 'value="Sodam"' in text
    assert MALL_FIELDS["client_secret"] not in text
    assert not Store.objects.filter(sales_channel__name="Sodam").exists()


def test_another_browser_cannot_finish_what_this_one_began(at_desk: AtDesk, mall: SimulatorServer) -> None:
    came = agreed(mall, begin(at_desk.browser))
    other = sit_down(make_person(at_desk.house.seller, "owner", "second@example.com"))

    answer = other.get(BACK, came)

    assert answer.status_code == 422
    assert "another browser" in words_of(answer)
    assert not Store.objects.filter(sales_channel__name="Sodam").exists()
    assert at_desk.browser.get(BACK, came).status_code == 302


def test_an_hour_is_the_longest(at_desk: AtDesk, mall: SimulatorServer) -> None:
    came = agreed(mall, begin(at_desk.browser))
    Consent.objects.update(started_at=timezone.now() - timedelta(minutes=61))

    answer = at_desk.browser.get(BACK, came)

    assert answer.status_code == 422
    assert "longer than an hour" in words_of(answer)
    assert not Store.objects.filter(sales_channel__name="Sodam").exists()


def test_the_same_mall_twice_is_refused_with_the_way_to_it(at_desk: AtDesk, mall: SimulatorServer) -> None:
    standing = make_mall(at_desk.house.seller, "Already here", identity="sodammall/1")
    came = agreed(mall, begin(at_desk.browser))

    answer = at_desk.browser.get(BACK, came)

    assert answer.status_code == 422
    assert "Already here" in words_of(answer)
    assert reverse("web:store", args=[standing.pk]) in answer.content.decode()


def test_authorize_again_mends_a_broken_store(at_desk: AtDesk, mall: SimulatorServer) -> None:
    ended = timezone.now() - timedelta(hours=1)
    store = make_mall(at_desk.house.seller, "Broken", "broken", identity="sodammall/1", grant_ends_at=ended)
    page = at_desk.browser.get(reverse("web:store", args=[store.pk])).content.decode()
    assert "The permission has ended." in page
    address = address_on(at_desk.browser.post(reverse("web:store_authorize", args=[store.pk])))

    answer = at_desk.browser.get(BACK, agreed(mall, address))

    assert answer.headers["Location"] == reverse("web:store", args=[store.pk])
    store.refresh_from_db()
    assert store.state != "broken"
    assert store.grant_ends_at is not None
    assert store.grant_ends_at > timezone.now() + timedelta(days=13)


def test_a_refused_renewal_is_said_on_the_store_s_page(at_desk: AtDesk, mall: SimulatorServer) -> None:
    store = make_mall(at_desk.house.seller, "Standing", identity="sodammall/1")
    address = address_on(at_desk.browser.post(reverse("web:store_authorize", args=[store.pk])))
    mall.oauth.decide = "deny"

    answer = at_desk.browser.get(BACK, agreed(mall, address), follow=True)

    assert answer.redirect_chain[0][0] == reverse("web:store", args=[store.pk])
    assert "The permission was declined" in words_of(answer)
    assert Store.objects.get(pk=store.pk).grant_ends_at == store.grant_ends_at


def test_only_the_webhook_key_is_changed_without_asking_the_owner(at_desk: AtDesk) -> None:
    store = make_mall(at_desk.house.seller, "Keys", identity="keys/1")
    address = reverse("web:store_credentials", args=[store.pk])
    assert "stays as it is" in at_desk.browser.get(address).content.decode()

    answer = at_desk.browser.post(address, {"client_secret": "another-secret-of-the-app"})

    assert "sodammall.cafe24api.com" in address_on(answer)
    assert Consent.objects.get().store_id == store.pk


def test_a_launch_from_the_mall_s_admin_leads_to_its_store(at_desk: AtDesk, mall: SimulatorServer) -> None:
    kept = registry.connector_types["cafe24"]
    store = make_mall(at_desk.house.seller, "Launched", identity="sodammall/1")
    Store.objects.filter(pk=store.pk).update(grant_ends_at=timezone.now() - timedelta(days=1))
    query = mall.oauth.launch_query()

    answer = at_desk.browser.get(f"/stores/launch/cafe24/?{query}")

    assert "authorize" in address_on(answer)
    tampered = query.replace("mall_id=sodammall", "mall_id=sodammal2")
    assert kept is registry.connector_types["cafe24"]
    assert at_desk.browser.get(f"/stores/launch/cafe24/?{tampered}").status_code in {302, 403}
    refused = at_desk.browser.get(f"/stores/launch/cafe24/?{query[:-6]}AAAA%3D")
    assert refused.status_code == 403
    assert "right key" in words_of(refused)


def test_a_launch_of_a_mall_whose_owner_has_agreed_opens_its_store(at_desk: AtDesk, mall: SimulatorServer) -> None:
    at_desk.house.mall.delete()
    came = agreed(mall, begin(at_desk.browser))
    store = at_desk.browser.get(BACK, came).headers["Location"]

    answer = at_desk.browser.get(f"/stores/launch/cafe24/?{mall.oauth.launch_query()}")

    assert answer.headers["Location"] == store


def test_another_seller_s_mall_is_not_opened_by_a_launch(at_desk: AtDesk, mall: SimulatorServer) -> None:
    at_desk.browser.get(BACK, agreed(mall, begin(at_desk.browser)))
    other = sit_down(make_person(make_seller("Busan Boots"), "owner", "boots@example.com"))

    answer = other.get(f"/stores/launch/cafe24/?{mall.oauth.launch_query()}")

    assert answer.headers["Location"] == "/stores/connect/cafe24/?mall_id=sodammall&shop_no=1"


def test_a_launch_of_an_unknown_mall_fills_the_connect_form(at_desk: AtDesk, mall: SimulatorServer) -> None:
    Store.objects.filter(connector="cafe24").delete()

    answer = at_desk.browser.get(f"/stores/launch/cafe24/?{mall.oauth.launch_query()}")

    assert answer.headers["Location"] == "/stores/connect/cafe24/?mall_id=sodammall&shop_no=1"
    assert 'value="sodammall"' in at_desk.browser.get(answer.headers["Location"]).content.decode()


def test_an_operator_may_not_connect(at_desk: AtDesk) -> None:
    browser = sit_down(at_desk.house.colleague)

    assert browser.post(CONNECT, FORM).status_code == 403
    assert Consent.objects.count() == 0
