"""Labels bought through karrio (extra `entrepot[karrio]`), for the carriers it has plug-ins for. No Django.

karrio sends without a time-out of its own, so a call is waited for that long and then given up: its outcome is unknown.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import karrio.sdk as karrio
from karrio.core.errors import ShippingSDKError
from karrio.core.models import Address, Parcel, Payment, ShipmentCancelRequest, ShipmentRequest

from entrepot.fulfilment.carriers_port import (
    AccountField,
    CarrierAway,
    Form,
    LabelAsk,
    LabelBought,
    LabelRefused,
    Party,
)
from entrepot.kernel.reasons import marked

SECONDS: Final = 60
BROKE_INSIDE: Final = "SHIPPING_SDK_INTERNAL_ERROR"
_NEVER_CONNECTED: Final = re.compile(r"Errno (111|-2|-3)\]")
"""Refused, no such name, no name service."""
_CALLS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="karrio")


class OutcomeUnknown(Exception):
    """The carrier was asked, and its answer was lost."""


class Karrio:
    """One account at one carrier. `settings` is that carrier's own part of karrio, as JSON."""

    title = "karrio"
    fields: Sequence[AccountField] = (
        AccountField(name="carrier", label="Carrier in karrio (ups, fedex, dhl_express …)"),
        AccountField(name="settings", label="Its credentials, as JSON", secret=True),
        AccountField(name="service", label="Service (ups_standard …)", required=False),
    )

    def buy(self, ask: LabelAsk, account: Mapping[str, str]) -> LabelBought:
        """Buy one label, as a PDF where the carrier has one."""
        gateway = _gateway(account)
        request = ShipmentRequest(**self._request(ask, account))
        details, messages = _called(lambda: karrio.Shipment.create(request).from_(gateway).parse(), account)
        if details is None or not details.tracking_number:
            raise LabelRefused(carrier=account["carrier"], said=_said(messages))
        form: Form = "zpl" if (details.label_type or "").upper() == "ZPL" else "pdf"
        label = base64.b64decode(details.docs.label or "") if details.docs else b""
        return LabelBought(
            tracking_number=details.tracking_number,
            label=label,
            form=form,
            remote_id=details.shipment_identifier or details.tracking_number,
        )

    def cancel(self, remote_id: str, account: Mapping[str, str]) -> None:
        """Give a label back."""
        gateway = _gateway(account)
        request = ShipmentCancelRequest(shipment_identifier=remote_id)
        answer, messages = _called(lambda: karrio.Shipment.cancel(request).from_(gateway).parse(), account)
        if answer is None or not answer.success:
            raise LabelRefused(carrier=account["carrier"], said=_said(messages))

    def _request(self, ask: LabelAsk, account: Mapping[str, str]) -> dict[str, Any]:
        size = ask.size_mm or (None, None, None)
        length, width, height = (None if one is None else round(one / 10, 1) for one in size)
        if ask.weight_grams is None:
            raise LabelRefused(carrier=account["carrier"], said=marked("The parcel has no weight yet"))
        parcel = Parcel(
            weight=round(ask.weight_grams / 1000, 3),
            weight_unit="KG",
            length=length,
            width=width,
            height=height,
            dimension_unit="CM" if ask.size_mm else None,
            reference_number=ask.reference,
        )
        return {
            "service": account.get("service") or ask.service,
            "shipper": _address(ask.sender),
            "recipient": _address(ask.receiver),
            "parcels": [parcel],
            "payment": Payment(paid_by="sender", currency=ask.currency),
            "reference": ask.reference,
            "label_type": "PDF",
        }


def _address(party: Party) -> Address:
    lines, city = [*party.lines], party.city
    if not city and len(lines) > 1:
        city = lines.pop()
    lines += ["", ""]
    return Address(
        person_name=party.name,
        company_name=party.company or None,
        phone_number=party.phone or None,
        email=party.email or None,
        address_line1=lines[0],
        address_line2=lines[1] or None,
        city=city or None,
        state_code=party.region or None,
        postal_code=party.postcode or None,
        country_code=party.country,
    )


def _gateway(account: Mapping[str, str]) -> Any:  # noqa: ANN401 - karrio's own object
    """Karrio's door to the carrier; nothing is sent yet.

    Raises:
        LabelRefused: The carrier is none that karrio has a plug-in for here, or the credentials are no JSON object.
    """
    carrier = account["carrier"]
    try:
        return karrio.gateway[carrier].create(json.loads(account["settings"]))
    except (ShippingSDKError, KeyError, TypeError, ValueError) as failure:
        said = "karrio has no such carrier here, or its credentials do not fit"
        raise LabelRefused(f"{type(failure).__name__}: {failure}", carrier=carrier, said=said) from failure


def _called(call: Any, account: Mapping[str, str]) -> Any:  # noqa: ANN401 - what karrio answers
    """Make a call, and wait for it no longer than `SECONDS`; what it found, and the carrier's messages.

    karrio turns whatever is raised inside it into a message of its own. Of those only a connection that never came
    about says that nothing was bought.

    Raises:
        CarrierAway: No connection came about, so nothing was asked.
        OutcomeUnknown, TimeoutError: Nobody knows.
    """
    found, messages = _CALLS.submit(call).result(timeout=SECONDS)
    for one in messages or []:
        if found is None and one.code == BROKE_INSIDE:
            if _NEVER_CONNECTED.search(str(one.message)):
                raise CarrierAway(str(one.message), carrier=account["carrier"], said=marked("no connection"))
            raise OutcomeUnknown(str(one.message))
    return found, messages


def _said(messages: Sequence[Any]) -> str:
    found = [f"{one.code}: {one.message}" if one.code else str(one.message) for one in messages or []]
    return "; ".join(found)[:300] or "no reason given"


plugin = Karrio()
"""What the entry point `karrio` names."""
