"""What an OpenCart shop's answer may mean, as classes. `answers` tells which answer is which.

Sentences are for the merchant: what happened, where, and what to do. They are English msgids.
"""

from entrepot.connectors.http import BriefOutage
from entrepot.kernel.errors import (
    ChannelDown,
    ChannelMisconfigured,
    ChannelRejected,
    ChannelThrottled,
)

# --------------------------------------------------------------------------- nothing works until a setting changes


class BadDomainUrl(ChannelMisconfigured):
    """The Domain URL is no address of a shop."""

    code = "opencart_bad_domain_url"
    message = (
        "“{address}” is not the address of a shop. Enter the address of the shop's front page as Domain URL, for "
        "example https://shop.example.com."
    )


class BadSecretKey(ChannelMisconfigured):
    """The Secret Key cannot be one: empty, or with characters no key has."""

    code = "opencart_bad_secret_key"
    message = (
        "This is not a Secret Key. Copy it from the shop's admin: Extensions › Extensions › Entrepot bridge "
        "(type Other in OpenCart 4, Modules in OpenCart 3)."
    )


class NoBridge(ChannelMisconfigured):
    """A web page came where the extension should have answered."""

    code = "opencart_no_bridge"
    message = (
        "{address} answers with a web page instead of the Entrepot extension. Install and enable the extension "
        "in the shop's admin (Extensions › Installer, then Extensions › Extensions), and check that the Domain "
        "URL is the address of the shop's front page."
    )


class BridgeDisabled(ChannelMisconfigured):
    """Installed but switched off."""

    code = "opencart_bridge_disabled"
    message = (
        "The Entrepot extension at {address} is installed but switched off. Enable it in the shop's admin: "
        "Extensions › Extensions › Entrepot bridge."
    )


class WrongSecret(ChannelMisconfigured):
    """The signature does not fit the shop's key."""

    code = "opencart_wrong_secret"
    message = (
        "The shop at {address} does not accept the Secret Key. Copy it again from the shop's admin (Extensions › "
        "Extensions › Entrepot bridge) and save it here."
    )


class AddressRewritten(ChannelMisconfigured):
    """Something between Entrepot and the shop changes the request, so that the signature no longer fits."""

    code = "opencart_address_rewritten"
    message = (
        "Entrepot asked for {sent}, but the shop saw {seen}. A rewrite rule or proxy in front of {address} "
        "changes requests: let addresses with route=extension/oms_bridge/api pass unchanged."
    )


class SignatureLost(ChannelMisconfigured):
    """The signature headers did not arrive."""

    code = "opencart_signature_lost"
    message = (
        "The headers X-Oms-Timestamp, X-Oms-Nonce and X-Oms-Signature do not reach the shop at {address}. Ask its "
        "host to let them pass the proxy or firewall."
    )


class ClockSkew(ChannelMisconfigured):
    """The two clocks are too far apart. `seconds` > 0: the shop's is ahead."""

    code = "opencart_clock_skew"
    message = (
        "The clocks are {seconds} seconds apart and at most 300 are allowed: the shop's shows {shop_time}, "
        "Entrepot's {our_time} (UTC). Set the clock that is wrong, usually that of the shop's server, to network "
        "time (NTP)."
    )


class Redirected(ChannelMisconfigured):
    """The address sends visitors elsewhere."""

    code = "opencart_redirected"
    message = "The shop sends visitors of {address} on to {target}. Enter {target} as Domain URL."


class HostRefuses(ChannelMisconfigured):
    """Password protection, firewall or bot check in front of the shop."""

    code = "opencart_host_refuses"
    message = (
        "The host of {address} refuses Entrepot before the shop is asked (answer {status}). Ask the host to except "
        "route=extension/oms_bridge/api from password protection, firewall or bot checks."
    )


class MethodLost(ChannelMisconfigured):
    """A POST arrived as GET, or the host blocks POST."""

    code = "opencart_method_lost"
    message = (
        "The shop at {address} does not receive POST requests as they are sent. Enter the final address of the "
        "shop (https, with or without www) as Domain URL, or ask its host to allow POST."
    )


class WrongProtocol(ChannelMisconfigured):
    """Extension and Entrepot are of different generations."""

    code = "opencart_wrong_protocol"
    message = (
        "The extension at {address} speaks protocol {theirs}, this Entrepot speaks {ours}. Download the "
        "extension from the connect page and install it in the shop, or update Entrepot."
    )


class BridgeOutdated(ChannelMisconfigured):
    """The extension lacks something we ask for."""

    code = "opencart_bridge_outdated"
    message = (
        "The extension at {address} does not know “{resource}”. Download the present one from the connect page "
        "and install it in the shop."
    )


class WrongShape(ChannelMisconfigured):
    """Valid JSON, but not what the protocol says."""

    code = "opencart_wrong_shape"
    message = (
        "{address} answered “{resource}” in a form Entrepot does not know, at {path}. Check that the Domain URL "
        "is the OpenCart shop, and install the present extension from the connect page."
    )


class PushRefused(ChannelMisconfigured):
    """A pushed request that this store's key did not sign; nothing in it may be believed."""

    code = "opencart_push_refused"
    message = (
        "A push in the name of {address} was refused: its signature does not fit the Secret Key. If the key was "
        "made anew in the shop, save the new one here."
    )


class PushClockSkew(ChannelMisconfigured):
    """A pushed request from another time."""

    code = "opencart_push_clock_skew"
    message = (
        "A push of the shop was refused: the clocks are {seconds} seconds apart and at most 300 are allowed (the "
        "shop's shows {shop_time}, Entrepot's {our_time}, UTC). Set the clock that is wrong to network time (NTP)."
    )


class PushReplayed(ChannelMisconfigured):
    """A pushed request that came before."""

    code = "opencart_push_replayed"
    message = "A push of {address} came twice, so the second was refused. If this repeats, look for a proxy."


class PushUnreadable(ChannelMisconfigured):
    """Signed, but not as the protocol says."""

    code = "opencart_push_unreadable"
    message = (
        "A push of {address} is in a form Entrepot does not know, at {path}. Install the present extension from the "
        "connect page."
    )


# --------------------------------------------------------------------------- try again by itself


class Maintenance(ChannelDown):
    """HTTP 503: maintenance mode, or the host is overloaded. Says nothing about the key."""

    code = "opencart_maintenance"
    message = (
        "The shop at {address} is in maintenance mode or overloaded. Entrepot goes on by itself when it is back; "
        "nothing is lost meanwhile."
    )


class ShopFailed(ChannelDown):
    """The extension met an error of its own or of the database."""

    code = "opencart_shop_failed"
    message = (
        "The shop at {address} met an error. Entrepot goes on trying by itself. If this lasts, look in the "
        "shop's error log (System › Maintenance › Error Logs) for {reference}."
    )


class PhpError(ChannelDown):
    """PHP stopped before the answer was made."""

    code = "opencart_php_error"
    message = (
        "PHP stopped in the shop at {address}: {php_message}. Entrepot goes on trying by itself. If this lasts, "
        "show this to whoever looks after the shop."
    )


class HostFailed(ChannelDown):
    """The web server answered for the shop, with 5xx."""

    code = "opencart_host_failed"
    message = (
        "The host of {address} answers {status} instead of the shop. Entrepot goes on trying by itself. If "
        "this lasts, ask the shop's host."
    )


class CutAnswer(BriefOutage):
    """The JSON stopped in the middle."""

    code = "opencart_cut_answer"
    message = (
        "The answer of {address} stopped in the middle. Entrepot goes on trying by itself. If this lasts, choose "
        "a smaller page size in the store's settings, or ask the shop's host for more PHP memory."
    )


class Replayed(BriefOutage):
    """The shop has had this very request before: something in between repeats requests."""

    code = "opencart_replayed"
    message = (
        "The shop at {address} had received this request already: a proxy repeats requests. Entrepot sends it "
        "anew by itself."
    )


class Throttled(ChannelThrottled):
    """Too many requests a minute."""

    code = "opencart_throttled"
    message = "The shop asks Entrepot to slow down. It goes on by itself in {retry_after} seconds."


# --------------------------------------------------------------------------- this item never works as it is


class GoneFromShop(ChannelRejected):
    """The object is not in the shop."""

    code = "opencart_gone"
    message = "The shop no longer has {thing}. It was deleted there: unlink it here, or sync the store."


class Conflict(ChannelRejected):
    """The shop's state is another one than expected, or the key was used with other contents."""

    code = "opencart_conflict"
    message = "The shop did not do this, because its state has changed. {reason} Sync the order and try again."


class TooLarge(ChannelRejected):
    """The request is above what the shop accepts."""

    code = "opencart_too_large"
    message = (
        "This is more than the shop at {address} accepts at once. Send less at once, or raise "
        "post_max_size and client_max_body_size at the shop's host."
    )


class RefusedByShop(ChannelRejected):
    """Understood and refused."""

    code = "opencart_refused"
    message = "The shop refused {field}. {reason} Correct it and try again."


class NotUnderstood(ChannelRejected):
    """A parameter or body the extension does not accept: the two are of different releases."""

    code = "opencart_not_understood"
    message = (
        "The extension at {address} did not understand {field}. {reason} Install the extension that belongs to "
        "this Entrepot."
    )


class UnknownStatus(ChannelRejected):
    """The shop has no order status with this id; OpenCart itself would take it and put stock back (case 12)."""

    code = "opencart_unknown_status"
    message = "The shop has no order status {status_id}. Choose another one in the store's status map."


class CombinationsImpossible(ChannelRejected):
    """OpenCart counts stock per option value, never per combination."""

    code = "opencart_combinations"
    message = (
        "OpenCart keeps one stock figure for each value of an option, and none for a combination of {options}. "
        "List each combination as a product of its own, or sell it in a store that counts combinations."
    )


class ImageUnusable(ChannelRejected):
    """An image cannot be fetched, is none that OpenCart shows, or is too large for one request to the shop."""

    code = "opencart_image_unusable"
    message = "The image {image} cannot be used. {reason} Choose another image."


class ImageRefused(ChannelRejected):
    """The shop did not take an image."""

    code = "opencart_image_refused"
    message = "The shop did not take the image {image}. {reason} Put that right there, then choose Try again."


class OldBridge(ChannelRejected):
    """The bridge in the shop is too old for what is asked."""

    code = "opencart_old_bridge"
    message = (
        "The Entrepot extension in the shop is too old for {thing}. Install the present one, then choose Try again."
    )


class VariantPrices(ChannelRejected):
    """Before 4.1.0.4 the storefront sells the master in a variant's place, at the master's price."""

    code = "opencart_variant_prices"
    message = (
        "OpenCart {version} charges one price for all combinations of {options}, and these have different prices. "
        "Give all the same price, or bring the shop to OpenCart 4.1.0.4."
    )
