"""What a Cafe24 mall's answer may mean, as classes. `answers` tells which answer is which.

Sentences are for the merchant: what happened, where, and what to do. They are English msgids.
"""

from entrepot.connectors.contract import NotPermitted, RenewalWaits
from entrepot.connectors.http import BriefOutage
from entrepot.kernel.errors import ChannelDown, ChannelMisconfigured, ChannelRejected, ChannelThrottled

# --------------------------------------------------------------------------- nothing works until a setting changes


class BadMallId(ChannelMisconfigured):
    """What was entered is no mall id."""

    code = "cafe24_bad_mall_id"
    message = (
        "“{mall_id}” is not a mall id. Enter the id with which you sign in to the Cafe24 admin: the first part of "
        "the address https://MALL-ID.cafe24.com."
    )


class BadShopNo(ChannelMisconfigured):
    """What was entered is no shop number."""

    code = "cafe24_bad_shop_no"
    message = (
        "“{shop_no}” is not a shop number. Enter 1 for the main shop, or the number of the shop in a multi-shop mall."
    )


class MissingClient(ChannelMisconfigured):
    """Client ID or Client Secret is empty."""

    code = "cafe24_missing_client"
    message = (
        "The Client ID or the Client Secret is missing. Copy both from the Cafe24 Developer Center: My Apps, your "
        "app, App information."
    )


class WrongClient(ChannelMisconfigured):
    """The mall does not know the pair of Client ID and Client Secret."""

    code = "cafe24_wrong_client"
    message = (
        "Cafe24 does not accept the Client ID and Client Secret for the mall {mall_id}. Copy both again from the "
        "Cafe24 Developer Center (My Apps, your app, App information) and save them here."
    )


class CodeRefused(ChannelMisconfigured):
    """The code of the owner's consent is not taken: older than a minute, used before, or the address differs."""

    code = "cafe24_code_refused"
    message = (
        "Cafe24 did not accept the permission that was just given for the mall {mall_id}. It is valid once and for one "
        "minute: press Authorize again. If it fails again, check that the Redirect URI in the Cafe24 Developer Center "
        "is exactly the one shown here."
    )


class TokenRefused(ChannelMisconfigured):
    """401: the access token is no longer taken. The client renews it once; a merchant sees this only in the journal."""

    code = "cafe24_token_refused"
    message = "The mall {mall_id} did not accept the access token. Entrepot renews it by itself."


class ScopeMissing(NotPermitted):
    """403 insufficient_scope: the app may not do this. Other calls go on working."""

    code = "cafe24_scope_missing"
    message = (
        "The app has no permission {scope} in the mall {mall_id}. Add it in the Cafe24 Developer Center (My Apps, your "
        "app, Permissions), then open the store in Entrepot and press Authorize again."
    )


class AccessRefused(ChannelMisconfigured):
    """403 for another reason: the app was removed, or the mall is not open to it."""

    code = "cafe24_access_refused"
    message = (
        "The mall {mall_id} refuses Entrepot. {reason} If the app was removed from the mall, press Authorize again; "
        "else ask Cafe24's support."
    )


class VersionEnded(ChannelMisconfigured):
    """400: the API version asked for has ended. The client adopts the one that is named."""

    code = "cafe24_version_ended"
    message = (
        "Cafe24 no longer offers version {asked} of its interface and names {named} instead, which did not work "
        "either. Update Entrepot."
    )


class MallUnknown(ChannelMisconfigured):
    """404 for the store itself: there is no such mall."""

    code = "cafe24_mall_unknown"
    message = "Cafe24 knows no mall {mall_id}. Check the mall id for a typing mistake."


class ShopUnknown(ChannelMisconfigured):
    """The mall has no shop of this number."""

    code = "cafe24_shop_unknown"
    message = "The mall {mall_id} has no shop with the number {shop_no}. Enter one of these: {shops}."


class NotTheApi(ChannelMisconfigured):
    """A web page came where JSON should."""

    code = "cafe24_not_the_api"
    message = (
        "{address} answers with a web page instead of Cafe24's interface. Check the mall id; if it is right, a proxy "
        "or firewall on Entrepot's side is in between."
    )


class Redirected(ChannelMisconfigured):
    """The address sends elsewhere; the interface never does."""

    code = "cafe24_redirected"
    message = "{address} sends Entrepot on to another address, which Cafe24's interface never does. Check the mall id."


class WrongShape(ChannelMisconfigured):
    """Valid JSON, but not what the documentation says."""

    code = "cafe24_wrong_shape"
    message = "The mall {mall_id} answered “{resource}” in a form Entrepot does not know, at {path}. Update Entrepot."


# --------------------------------------------------------------------------- try again by itself


class MallFailed(BriefOutage):
    """500, 502: an error of Cafe24's. A write may have been done all the same."""

    code = "cafe24_failed"
    message = (
        "Cafe24 met an error of its own (answer {status}). Entrepot goes on trying by itself. If this lasts, look at "
        "Cafe24's notices."
    )


class MallClosed(ChannelDown):
    """503: maintenance or overload."""

    code = "cafe24_unavailable"
    message = (
        "Cafe24 is not available now (answer {status}). Entrepot goes on by itself when it is back; nothing is lost."
    )


class MallTooSlow(ChannelDown):
    """504: the gateway stopped waiting. A write may have been done all the same."""

    code = "cafe24_too_slow"
    message = "Cafe24 did not finish in time. Entrepot looks what became of it and goes on by itself."


class CutAnswer(BriefOutage):
    """The JSON stopped in the middle, or nothing came where something must."""

    code = "cafe24_cut_answer"
    message = "The answer of the mall {mall_id} stopped in the middle. Entrepot goes on trying by itself."


class TokenServiceFailed(ChannelDown):
    """A token could not be renewed, for a reason that says nothing about the permission."""

    code = "cafe24_token_service_failed"
    message = (
        "Cafe24 did not renew the access to the mall {mall_id} now (answer {status}). Entrepot goes on trying by "
        "itself."
    )


class BucketFull(ChannelThrottled):
    """429: too many calls in a short time, by all programs of the mall together."""

    code = "cafe24_bucket_full"
    message = "The mall asks Entrepot to slow down. It goes on by itself in {retry_after} seconds."


class QuotaUsedUp(ChannelThrottled):
    """429 with usage at 100 % or more: calling on makes the wait longer."""

    code = "cafe24_quota_used_up"
    message = (
        "The app has used up what Cafe24 allows it for this mall. Entrepot goes on by itself in {retry_after} seconds."
    )


class TooManyTokens(RenewalWaits):
    """Cafe24 gives 15 tokens in two hours and then blocks the app; Entrepot stops before."""

    code = "cafe24_too_many_tokens"
    message = (
        "The access to the mall {mall_id} was renewed too often, so Entrepot waits {retry_after} seconds before it "
        "asks again. If this lasts, another program uses the same app: give each program an app of its own."
    )


class RenewalRests(RenewalWaits):
    """A token could not be renewed a moment ago; asking again at once would use up the 15."""

    code = "cafe24_renewal_rests"
    message = (
        "Cafe24 did not renew the access to the mall {mall_id}. Entrepot asks again by itself in {retry_after} seconds."
    )


# --------------------------------------------------------------------------- this item never works as it is


class OrderStateRefused(ChannelRejected):
    """422: the order's lines are no longer in a state that allows this. Look again, never repeat."""

    code = "cafe24_order_state_refused"
    message = "The mall did not do this, because the order has moved on there. {reason} Sync the order and look again."


class RefusedByMall(ChannelRejected):
    """422: understood and refused."""

    code = "cafe24_refused"
    message = "The mall refused {field}. {reason} Correct it and try again."


class SameAlready(ChannelRejected):
    """409: what was written stands there already, or somebody writes it at this moment."""

    code = "cafe24_same_already"
    message = "The mall has this already. {reason} Nothing needs to be done; sync it to see what is there."


class GoneFromMall(ChannelRejected):
    """404: the object is not in the mall."""

    code = "cafe24_gone"
    message = "The mall no longer has {thing}. It was deleted there: unlink it here, or sync the store."


class NotUnderstood(ChannelRejected):
    """400, 405, 414, 415: a request Cafe24 cannot read. A mistake of Entrepot's, or of something in between."""

    code = "cafe24_not_understood"
    message = (
        "Cafe24 could not read what Entrepot sent for “{resource}” (answer {status}). {reason} This is a mistake of "
        "Entrepot: report it to whoever looks after it."
    )


class TooLarge(ChannelRejected):
    """413: more than Cafe24 takes at once."""

    code = "cafe24_too_large"
    message = "This is more than Cafe24 takes at once. Use smaller images, or fewer of them."


class ImageUnusable(ChannelRejected):
    """An image cannot be fetched or is none."""

    code = "cafe24_image_unusable"
    message = "The image {image} cannot be used. {reason} Choose another image."
