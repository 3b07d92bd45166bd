"""The demo's own world: an owner who comes in by a link, and a simulated shop connected as a merchant would."""

import time

from entrepot.accounts import services
from entrepot.accounts.models import Membership, User
from entrepot.channels.errors import ImportNotFinished
from entrepot.channels.models import Store
from entrepot.channels.services import connect, lifecycle
from entrepot.connectors.opencart.type import OPENCART
from entrepot.kernel.actor import Actor
from entrepot.project.errors import NotADemoHome
from entrepot.project.prepare import link_address

OWNER = "owner@demo.example"
SELLER = "Demo trading"
STORE = "Demo shop"
PATIENCE_SECONDS = 0.5
ACTOR = Actor("cli", "demo")


def owner_link() -> str:
    """A link that signs the demo's owner in; owner and seller are made on the first call.

    Raises:
        NotADemoHome: The database holds books that are not the demo's.
    """
    token = services.first_owner_link()
    if token is not None:
        services.accept_link(token=token, actor=ACTOR, email=OWNER, name="Demo owner", seller_name=SELLER)
    elif not User.objects.filter(email=OWNER).exists():
        raise NotADemoHome
    return link_address(services.sign_in_link(email=OWNER, actor=ACTOR))


def connect_shop(*, url: str, secret: str) -> None:
    """Connect the shop through the same services as the screens, wait for its first import, go live."""
    seller_id = Membership.objects.get(user__email=OWNER).seller_id
    store = Store.objects.filter(seller_id=seller_id).exclude(state=Store.State.DISCONNECTED).first()
    if store is None:
        store = connect.connect_store(
            seller_id=seller_id,
            name=STORE,
            country="US",
            currency="USD",
            connector=OPENCART.name,
            credentials={"domain_url": url, "secret_key": secret},
            actor=ACTOR,
        )
    while store.state == Store.State.SHADOW:
        try:
            store = lifecycle.go_live(seller_id=seller_id, store_id=store.pk, actor=ACTOR)
        except ImportNotFinished:
            time.sleep(PATIENCE_SECONDS)
            store.refresh_from_db()
