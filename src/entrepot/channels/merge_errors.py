"""Why two items cannot become one now."""

from entrepot.kernel.errors import Refused


class MergeStopped(Refused):
    """Something of the duplicate is at work."""


class MergeReserved(MergeStopped):
    code = "merge_reserved"
    message = "{count} of {sku} are set aside for orders ({orders}). Ship these orders, or cancel them, first."


class MergeExpected(MergeStopped):
    code = "merge_expected"
    message = "{sku} is expected on open receipts ({numbers}). Close them first."


class MergeCounted(MergeStopped):
    code = "merge_counted"
    message = "{sku} is being counted ({numbers}). Finish these counts first."


class MergeBeingListed(MergeStopped):
    code = "merge_being_listed"
    message = "“{name}” is on its way to {store}. Wait until it is there, or give it up under Changes, first."


class MergeToPutBack(MergeStopped):
    code = "merge_to_put_back"
    message = "{count} of {sku} are to be put back ({numbers}). Lay them into their bins first."
