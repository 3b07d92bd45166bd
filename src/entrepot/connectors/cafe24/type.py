"""Cafe24 as a kind of channel: what the connect page asks, the mall's limits, what the journal masks."""

from collections.abc import Mapping

from entrepot.connectors.cafe24.calls import CALLS
from entrepot.connectors.cafe24.connector import NAME, open_connector
from entrepot.connectors.cafe24.consent_page import Cafe24ConsentPage
from entrepot.connectors.cafe24.mall import limit_key
from entrepot.connectors.cafe24.variants import SingleCodes
from entrepot.connectors.contract import Connector, ConnectorType, CredentialField, Surroundings

API_BASE = "https://{mall_id}.cafe24api.com"

PERSONAL_KEYS = frozenset(
    {
        # buyer, receiver, pickup; "name" also hides the names of options, which is the lesser evil
        "name",
        "name_en",
        "name_furigana",
        "names_furigana",
        "user_name",
        "user_id",
        "member_id",
        "member_email",
        "email",
        "phone",
        "cellphone",
        "virtual_phone_no",
        "buyer_name",
        "buyer_email",
        "buyer_phone",
        "buyer_cellphone",
        "buyer_zipcode",
        "buyer_address1",
        "buyer_address2",
        "receiver_name",
        "receiver_phone",
        "receiver_cellphone",
        "receiver_address",
        "receiver_zipcode",
        "receiver_address1",
        "receiver_address2",
        "company_name",
        "company_registration_no",
        "president_name",
        "zipcode",
        "address",
        "address1",
        "address2",
        "address1_en",
        "address2_en",
        "address_city",
        "address_city_en",
        "address_full",
        "address_state",
        "address_state_en",
        "address_street",
        "address_street_en",
        "city_en",
        "state_en",
        "street_en",
        "clearance_information",
        "shipping_message",
        "wished_delivery_date",
        "wished_delivery_time",
        # payment
        "billing_name",
        "bank_account_no",
        "bank_account_owner_name",
        "refund_bank_account_no",
        "refund_bank_account_holder",
        "refund_bank_name",
        "transaction_ids",
        # what a buyer or a clerk typed
        "additional_option_value",
        "additional_option_values",
        "claim_reason",
        "reason",
        "reject_reason",
        "undone_reason",
        "content",
        # parcels
        "tracking_no",
        "return_invoice_no",
        "collect_tracking_no",
        # mall's own people and lost events, which repeat all of the above
        "social_name",
        "contact",
        "secondary_contact",
        "fax",
        "ip",
        "request_body",
        "response_body",
    }
)
"""JSON keys whose values tell who a buyer is, in Cafe24's words."""

SECRET_KEYS = frozenset(
    {
        "authorization",
        "access_token",
        "refresh_token",
        "client_secret",
        "webhook_key",
        "x-api-key",
        "code",
        "code_verifier",
        "hmac",
    }
)

FIELDS = (
    CredentialField(
        name="mall_id",
        label="Mall ID",
        help="The id with which you sign in to the Cafe24 admin as the mall's representative operator; the first part "
        "of https://MALL-ID.cafe24.com.",
        placeholder="mymall",
    ),
    CredentialField(
        name="client_id",
        label="Client ID",
        help="In the Cafe24 Developer Center (developers.cafe24.com), open My Apps, choose your app and copy the "
        "Client ID from App information. If you have no app yet, make one first.",
    ),
    CredentialField(
        name="client_secret",
        label="Client Secret",
        help="On the same page of the Developer Center, below the Client ID: Client Secret Key.",
        secret=True,
    ),
    CredentialField(
        name="webhook_key",
        label="Webhook API key",
        help="In the Developer Center, open your app's Webhook page and copy the API key shown there. Without it, "
        "orders arrive a little later, because Entrepot believes no message of the mall.",
        secret=True,
        required=False,
    ),
    CredentialField(
        name="shop_no",
        label="Shop number",
        help="1 is the main shop. In a multi-shop mall, each shop (language, currency) has a number: connect each one "
        "as a store of its own.",
        required=False,
        initial="1",
    ),
)


def cafe24(api_base: str = API_BASE) -> ConnectorType:
    """Cafe24 with its interface at `api_base`, in which `{mall_id}` stands for the mall.

    The bucket holds 40 and leaks 2 a second; 38 leaves room for a person who works in another program at the same time.
    More than 10 calls a second would count as abnormal.
    """
    singles = SingleCodes()

    def open_mall(credentials: Mapping[str, str], surroundings: Surroundings) -> Connector:
        return open_connector(credentials, surroundings, api_base, singles)

    return ConnectorType(
        name=NAME,
        title="Cafe24",
        fields=FIELDS,
        open=open_mall,
        calls_per_second=2.0,
        burst=38,
        peak_per_second=9.0,
        limit_key=limit_key,
        consent=Cafe24ConsentPage(api_base),
        announced_by_id=True,
        personal_keys=PERSONAL_KEYS,
        secret_keys=SECRET_KEYS,
        calls=CALLS,
    )


CAFE24 = cafe24()
