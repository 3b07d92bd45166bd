import pytest

from entrepot.accounts.models import Seller
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Warehouse
from tests.books import MINA, make_seller


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()


@pytest.fixture
def place(seller: Seller) -> Warehouse:
    return inventory.default_warehouse(seller_id=seller.pk, actor=MINA)
