"""What `channels` refuses. Trouble with a store itself is a `ChannelError` of the kernel."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class UnknownChannel(Invalid):
    """There is no such kind of channel in this installation."""

    code = "unknown_channel"
    message = "There is no channel called {connector} here. Choose one from the list of channels."


class MissingCredential(Invalid):
    """A field of the connect form is empty."""

    code = "missing_credential"
    message = "{label} is missing. Enter it; the connect page says where to find it."


class SameShop(Refused):
    """The seller has this shop already."""

    code = "same_shop"
    message = "This shop is connected already, as “{name}”. Open that store to change its key or its settings."


class OtherShop(Refused):
    """New credentials open another shop than the one this store stands for."""

    code = "other_shop"
    message = "These credentials open another shop ({found}) than this store ({expected}). Connect it as a new store."


class NameTaken(Refused):
    """Two stores of one seller would have one name."""

    code = "name_taken"
    message = "You have a store called “{name}” already. Choose another name."


class StoreNotFound(NotFound):
    """No such store for this seller."""

    code = "store_not_found"
    message = "This store does not exist, or it belongs to somebody else. Choose one from the list."


class ListingNotFound(NotFound):
    """No such listing for this seller."""

    code = "listing_not_found"
    message = "This listing does not exist, or it belongs to somebody else. Choose one from the list."


class ProblemNotFound(NotFound):
    """No such problem for this seller."""

    code = "problem_not_found"
    message = "This problem does not exist, or it belongs to somebody else. Choose one from the list."


class StoreStateForbids(Refused):
    """The store's state does not allow this move."""

    code = "store_state_forbids"
    message = "This is not possible while the store is {state}. Open the store's page and change that first."


class ImportNotFinished(Refused):
    """Going live before the first import is complete would push figures nobody has counted."""

    code = "import_not_finished"
    message = (
        "The first import is not finished yet, so Entrepot does not know your stock. Go live when the import is done."
    )


class OfflineStore(Refused):
    """A store without an API was asked for something only an API can do."""

    code = "offline_store"
    message = "“{name}” is an offline store: there is nothing to connect to. Enter its orders by hand or by Excel."


class NoSuchPart(Refused):
    """The channel cannot do this."""

    code = "no_such_part"
    message = (
        "This channel cannot do that ({part}). Do it in the shop itself; the table of capabilities says what Entrepot"
        " can do there."
    )


class AlreadyMatched(Refused):
    """A listing has its item already."""

    code = "already_matched"
    message = "This listing belongs to {sku} already. Unlink it first."


class SkuNeeded(Invalid):
    """Neither an item nor a SKU was given, or the SKU cannot be one."""

    code = "sku_needed"
    message = "Give the SKU of an item, or a new SKU (at most 255 characters)."


class CurrencyDiffers(Invalid):
    """The shop's prices are in another currency than the seller said."""

    code = "currency_differs"
    message = "The shop keeps its prices in {found}, not in {given}. Choose {found} as the store's currency."


class ChangeNotFound(NotFound):
    """No such open change of a listing for this seller."""

    code = "change_not_found"
    message = (
        "This change is done already, does not exist, or belongs to somebody else. Reload the page to see what is."
    )


class ListedAlready(Refused):
    """The store has the product, or is about to get it."""

    code = "listed_already"
    message = "“{name}” is in {store} already, or on its way there. Open its listing to change it."


class DraftNotFound(NotFound):
    """No such draft for this seller."""

    code = "draft_not_found"
    message = (
        "There is no draft for this store. It may be listed already, or somebody has thrown the draft away. Reload "
        "the page to see what is."
    )


class DraftIncomplete(Invalid):
    """A product is listed with a price only."""

    code = "draft_incomplete"
    message = "The draft for {store} has no price. Open it, fill in the price and list it then."


class NothingToPull(Refused):
    """There is nothing that a store could be asked about."""

    code = "nothing_to_pull"
    message = "No store that can be read has it. Connect or resume the store, or list the product there first."


class PriceImpossible(Invalid):
    """A price that no store can show."""

    code = "price_impossible"
    message = "A price must be above zero and not above the retail price; {price} is not. Enter another price."


class PriceNeedsApproval(Refused):
    """A price falls so far that a person should look twice."""

    code = "price_needs_approval"
    message = (
        "“{title}” would fall by {percent} % ({before} → {price}). Nothing was changed. If that is what you want, "
        "tick “Yes, I mean it” and save again."
    )


class DeletionNeedsApproval(Refused):
    """What a store deletes does not come back: somebody has to say that it is meant."""

    code = "deletion_needs_approval"
    message = (
        "“{title}” would be deleted in {store} for good, with its reviews and links. Nothing was changed. If that is "
        "what you want, ask again with `approved`."
    )


class PromotionNotFound(NotFound):
    code = "promotion_not_found"
    message = "There is no such promotion. It may belong to somebody else. Choose one from the list."


class PromotionOver(Refused):
    code = "promotion_over"
    message = "“{name}” is over. Plan a new one."


class PromotionTimes(Invalid):
    code = "promotion_times"
    message = "A promotion ends after it begins, and not in the past. Choose a later end."


class ShelfUnknown(Invalid):
    code = "shelf_unknown"
    message = (
        "{store} has no “{remote_id}”. Choose one from the list; what is new in the store comes with Sync products."
    )


class FindingNotFound(NotFound):
    """No such open finding for this seller."""

    code = "finding_not_found"
    message = (
        "This finding is settled already, does not exist, or belongs to somebody else. Reload the page to see what is."
    )


class FixImpossible(Refused):
    code = "fix_impossible"
    message = "“{title}” cannot be put right like that. Do what is said beside it."


class DifferenceNotFound(NotFound):
    """No such undecided difference for this seller."""

    code = "difference_not_found"
    message = (
        "This difference is decided already, does not exist, or belongs to somebody else. Reload the page to see what"
        " is."
    )


class ClaimNotFound(NotFound):
    """No such wish of a buyer for this seller."""

    code = "claim_not_found"
    message = "This request does not exist, or it belongs to somebody else. Choose one from the list."


class ClaimDecided(Refused):
    """There is nothing to decide (any more)."""

    code = "claim_decided"
    message = "No request of order {number} waits for this decision any more. Reload the page to see what became of it."


class AnswerOnItsWay(Refused):
    """The store is being told another decision."""

    code = "answer_on_its_way"
    message = "The store is being told another decision about order {number}. Wait until it has answered."


class ReasonForBuyerMissing(Invalid):
    """A refusal needs words for the buyer."""

    code = "reason_for_buyer_missing"
    message = "Say why the request is refused; the buyer reads it."


class StillPacked(Refused):
    """An order in a parcel is not canceled before the parcel is void."""

    code = "still_packed"
    message = "Order {number} lies in a parcel. Use “Unpack and cancel”, so that nobody sends it."


class PartUntold(Refused):
    code = "part_untold"
    message = (
        "{store} knows order {number} as one with {others} and cannot be told that a part of it is canceled. Join the "
        "parts again and change the order in the store, or cancel all parts."
    )


class PartSharesLine(Refused):
    code = "part_shares_line"
    message = (
        "A line of order {number} ({sku}) was cut in two, and order {other} has the rest of it: the store can cancel "
        "the whole line only. Join the parts again, or cancel all parts."
    )
