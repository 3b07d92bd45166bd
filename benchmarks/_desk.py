"""What a benchmark does at the desk, through the public verbs. Imported only once Django is ready."""

import time

from benchmarks._rig import SECRET, Shop, World, wait_until
from entrepot.accounts.models import Seller
from entrepot.channels.errors import ImportNotFinished
from entrepot.channels.models import Run, Store
from entrepot.channels.services import connect, lifecycle
from entrepot.kernel.actor import Actor

ACTOR = Actor("cli", "benchmark")


def make_seller() -> Seller:
    return Seller.objects.create(name="Benchmark trading")


def connect_shop(seller: Seller, shop: Shop, *, name: str = "Shop") -> Store:
    """Connect a shop; a worker then carries its first import on."""
    return connect.connect_store(
        seller_id=seller.pk,
        name=name,
        country="US",
        currency="USD",
        connector="opencart",
        credentials={"domain_url": shop.url, "secret_key": SECRET},
        actor=ACTOR,
    )


def import_to_its_end(store: Store, world: World, *, seconds: float = 600) -> Run:
    """Wait for the first import; memory is looked at meanwhile."""

    def done() -> bool:
        world.memory()
        run = Run.objects.filter(store=store).latest("pk")
        if run.state == Run.State.FAILED:
            raise RuntimeError(f"the import stopped: {run.error_code} {run.error_detail}")
        return run.state == Run.State.DONE

    wait_until(done, seconds=seconds, every=0.25)
    return Run.objects.filter(store=store).latest("pk")


def go_live(store: Store) -> None:
    """Take it live, and let the first push find that nothing is to be said."""
    while True:
        try:
            lifecycle.go_live(seller_id=store.seller_id, store_id=store.pk, actor=ACTOR)
        except ImportNotFinished:
            time.sleep(0.1)
        else:
            return
