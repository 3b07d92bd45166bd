"""Refusals of the port between the order desk and a warehouse."""

from entrepot.kernel.errors import Invalid


class WeightInvalid(Invalid):
    code = "weight_invalid"
    message = "A parcel of {grams} g cannot be. Give its weight in grams, from 1 to 1,000,000."


class ShortInvalid(Invalid):
    code = "short_invalid"
    message = "{quantity} cannot be missing: the order holds {held} there. Reload the pick list."
