"""What is refused of price lists and of stores that follow them."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class PriceListNotFound(NotFound):
    code = "price_list_not_found"
    message = "This price list does not exist, or it belongs to somebody else. Choose one from the list."


class PriceListNameTaken(Refused):
    code = "price_list_name_taken"
    message = "You have a price list called “{name}” already. Choose another name."


class PriceListInUse(Refused):
    """A store follows it, or another list is worked out from it."""

    code = "price_list_in_use"
    message = "“{name}” is used by {users}. Give them another list first."


class PriceListOutOfReach(Refused):
    """A store that is not the person's follows it, or a list that is worked out from it."""

    code = "price_list_out_of_reach"
    message = "“{name}” also makes prices of stores that are not yours. Ask somebody who works for all of its stores."


class PriceListCircle(Invalid):
    """A list would be worked out from itself."""

    code = "price_list_circle"
    message = "“{name}” is worked out from this list itself. Choose another list to work from."


class PriceListCurrency(Invalid):
    """Nothing turns one currency into another."""

    code = "price_list_currency"
    message = "{other} keeps prices in {theirs}, this price list in {ours}. Choose two of one currency."


class PriceListHasPrices(Refused):
    """Written prices would become amounts of another currency."""

    code = "price_list_has_prices"
    message = "Prices in {currency} are written in “{name}”: {count}. Take them out first, or make another list."


class PriceBelowCoin(Invalid):
    """Nobody can pay it."""

    code = "price_below_coin"
    message = "Prices in {currency} are multiples of {coin}; {price} is not. Enter another price."


class PercentImpossible(Invalid):
    code = "percent_impossible"
    message = "The percentage must be from {least} to {most}; {percent} is not. Enter another one."


class RoundingImpossible(Invalid):
    """The step or the ending cannot be paid."""

    code = "rounding_impossible"
    message = (
        "Prices in {currency} are rounded to {coin} or a multiple of it, less an ending that is smaller than the "
        "step. {step} less {ending} is not possible. Enter other figures."
    )


class FollowsNoList(NotFound):
    code = "follows_no_list"
    message = "“{store}” follows no price list. Choose one on the store's price page first."


class NotSoldThere(Invalid):
    """Prices were given for items that a store does not list, or lists without a price."""

    code = "not_sold_there"
    message = "{store} does not sell: {skus}. Nothing was planned. Leave these out, or list them there first."


class PromotionSaysNothing(Invalid):
    code = "promotion_says_nothing"
    message = "Give a percentage above 0 and below 100, or a price for each SKU."


class SkusUnknown(Invalid):
    code = "skus_unknown"
    message = "No item has these SKUs: {skus}. Nothing was written; check the spelling."
