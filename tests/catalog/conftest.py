import pytest

from entrepot.accounts.models import Seller
from tests.books import make_seller


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()
