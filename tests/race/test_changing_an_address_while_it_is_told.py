"""Somebody changes an address at the moment its answer is written down: neither waits for the other in a circle."""

import threading

import pytest
from django.db import OperationalError, connection

from entrepot.outgoing.models import Endpoint, Notice
from entrepot.outgoing.services import deliver as delivery
from entrepot.outgoing.services import endpoints
from tests.books import MINA
from tests.elsewhere import elsewhere


def test_changing_an_address_and_writing_its_answer_down_do_not_wait_for_each_other(
    transactional_db: None, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRIVATE_TARGETS = True
    with elsewhere() as outside:
        outside.order("1", RED=1)
        written, ends = threading.Event(), list[BaseException | None]()
        real = delivery._write_down

        def slowly(*facts: object) -> None:
            real(*facts)  # type: ignore[arg-type]
            written.set()
            changing.join(timeout=1.5)

        def change() -> None:
            written.wait(timeout=30)
            try:
                endpoints.resume_endpoint(seller_id=outside.seller_id, endpoint_id=outside.endpoint.pk, actor=MINA)
                ends.append(None)
            except OperationalError as error:
                ends.append(error)
            connection.close()

        changing = threading.Thread(target=change)
        monkeypatch.setattr(delivery, "_write_down", slowly)
        changing.start()

        taken = delivery.deliver(Endpoint.objects.get(pk=outside.endpoint.pk))
        changing.join(timeout=30)

        assert (taken, ends) == (1, [None])
        assert Notice.objects.get().taken_at is not None
