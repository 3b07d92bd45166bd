"""OpenCart as a kind of channel: what the connect page asks, the shop's limits, what the journal masks."""

from entrepot.connectors.contract import ConnectorType, CredentialField
from entrepot.connectors.opencart.calls import CALLS
from entrepot.connectors.opencart.connector import NAME, open_connector

PERSONAL_KEYS = frozenset(
    {
        "firstname",
        "lastname",
        "email",
        "telephone",
        "fax",
        "custom_field",
        "comment",
        "ip",
        "forwarded_ip",
        "user_agent",
        "accept_language",
        *(
            f"{side}_{column}"
            for side in ("payment", "shipping")
            for column in (
                "firstname",
                "lastname",
                "company",
                "address_1",
                "address_2",
                "city",
                "postcode",
                "zone",
                "custom_field",
            )
        ),
        "from_name",
        "from_email",
        "to_name",
        "to_email",
        "message",
        "tracking_number",
        "tracking_url",
    }
)
"""JSON keys whose values tell who a buyer is."""

SECRET_KEYS = frozenset({"secret", "secret_key", "cookie", "x-oms-signature"})

OPENCART = ConnectorType(
    name=NAME,
    title="OpenCart",
    fields=(
        CredentialField(
            name="domain_url",
            label="Domain URL",
            help="The address of your shop's front page, as your buyers see it, for example https://shop.example.com. "
            "If the shop lies in a folder, with the folder. Not the address of the admin.",
            placeholder="https://shop.example.com",
        ),
        CredentialField(
            name="secret_key",
            label="Secret Key",
            help="In your shop's admin, open Extensions › Extensions, choose the type Other (OpenCart 4) or Modules "
            "(OpenCart 3), install and edit Entrepot bridge, and copy the Secret Key shown there.",
            secret=True,
        ),
    ),
    open=open_connector,
    calls_per_second=15.0,
    burst=30,
    personal_keys=PERSONAL_KEYS,
    secret_keys=SECRET_KEYS,
    calls=CALLS,
)
"""15 calls a second are 900 a minute, below the bridge's 1,200; one call carries 1,000 levels or 500 products."""
