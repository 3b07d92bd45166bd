"""A seller whose warehouse is worked in by another system, reached over real HTTP."""

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings

from tests.elsewhere import Elsewhere, elsewhere


@pytest.fixture
def outside(db: None, settings: django_settings) -> Iterator[Elsewhere]:
    settings.PRIVATE_TARGETS = True
    with elsewhere() as made:
        yield made
