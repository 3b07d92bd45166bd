"""Why something cannot be told about an order to a Cafe24 mall. Sentences are for the merchant; they are msgids."""

from entrepot.kernel.errors import ChannelMisconfigured, ChannelRejected


class ParcelsTellThis(ChannelRejected):
    """The code is a parcel's; Cafe24 takes it with carrier and tracking number only."""

    code = "cafe24_parcels_tell_this"
    message = "Cafe24 learns the state {status_id} from a parcel. Pack the order with a carrier and a tracking number."


class UnknownStatus(ChannelRejected):
    """No such state can be given to an order."""

    code = "cafe24_unknown_status"
    message = (
        "“{status_id}” is no state that can be given to an order of a Cafe24 mall. Choose another one on the store's "
        "status page."
    )


class OrderMovedOn(ChannelRejected):
    """The order is not where it was thought to be."""

    code = "cafe24_order_moved_on"
    message = "The order is in the state {found} in the mall by now. Sync the order and look again."


class OnHoldInMall(ChannelRejected):
    """The mall holds the goods back."""

    code = "cafe24_on_hold"
    message = "The mall has put this order on hold. Release it there or here first, then pack it."


class NotPaidYet(ChannelRejected):
    """Nothing is shipped before it is paid."""

    code = "cafe24_not_paid"
    message = "The order {order_id} is not paid yet in the mall. Wait for the payment; it can be packed then."


class CancelAskedFirst(ChannelRejected):
    """The buyer has asked to cancel, so the mall takes no parcel."""

    code = "cafe24_cancel_asked"
    message = (
        "The buyer has asked to cancel, so the mall takes no parcel. Accept or refuse the cancellation first, and do "
        "not hand the goods over."
    )


class NothingToShip(ChannelRejected):
    """All of it was canceled or sent back."""

    code = "cafe24_nothing_to_ship"
    message = (
        "Nothing of the order {order_id} is left to be shipped: it was canceled or sent back in the mall. Sync the "
        "order and look again."
    )


class ParcelIncomplete(ChannelRejected):
    """Carrier or tracking number is missing."""

    code = "cafe24_parcel_incomplete"
    message = "Cafe24 takes a parcel only with a carrier and a tracking number. Enter both."


class CarrierUnknown(ChannelRejected):
    """The mall has not registered the carrier."""

    code = "cafe24_carrier_unknown"
    message = (
        "The mall has no carrier with the code {carrier}. Register it in the Cafe24 admin (Settings › Shipping › "
        "Carriers), or choose one of: {known}."
    )


class AlreadyShipped(ChannelRejected):
    """It has left, so it can only come back."""

    code = "cafe24_already_shipped"
    message = (
        "The order {order_id} has left already, so it cannot be canceled. Take it back as a return when the buyer "
        "sends it."
    )


class MarketDecides(ChannelRejected):
    """An order of an open market, of which Cafe24 lets only the market decide."""

    code = "cafe24_market_decides"
    message = (
        "This order was bought at {market}, and Cafe24 does not take this from us. {reason} Do it in the seller's "
        "pages of {market}; Entrepot reads the result."
    )


class ClaimNotOpen(ChannelRejected):
    """The wish was decided or taken back meanwhile."""

    code = "cafe24_claim_not_open"
    message = "This wish is no longer open: it was decided in the mall or taken back. Sync the order and look again."


class ExchangeInMall(ChannelRejected):
    """Accepting an exchange means choosing the replacement, which is done in the mall."""

    code = "cafe24_exchange_in_mall"
    message = (
        "Accept exchanges in the Cafe24 admin, where the replacement is chosen. It then comes here as an order of "
        "its own."
    )


class EventUnreadable(ChannelMisconfigured):
    """It carries the right key, but is no event."""

    code = "cafe24_event_unreadable"
    message = "A message of the mall {mall_id} could not be read. If this lasts, update Entrepot."
