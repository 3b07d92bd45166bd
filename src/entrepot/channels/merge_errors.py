"""Why two items cannot become one now."""

from entrepot.kernel.errors import Refused


class MergeStopped(Refused):
    """Something of the duplicate is at work; `blocks` = the refusals, each with its reason."""

    code = "merge_stopped"
    message = "{sku} cannot be merged now. {first}"

    def __init__(self, blocks: list[Refused], sku: str) -> None:
        super().__init__(sku=sku, first=str(blocks[0].message).format(**blocks[0].fields))
        self.blocks = blocks


class MergeReserved(Refused):
    code = "merge_reserved"
    message = "{count} of {sku} are set aside for orders ({orders}). Ship these orders, or cancel them, first."


class MergeExpected(Refused):
    code = "merge_expected"
    message = "{sku} is expected on open receipts ({numbers}). Close them first."


class MergeCounted(Refused):
    code = "merge_counted"
    message = "{sku} is being counted ({numbers}). Finish these counts first."


class MergeBeingListed(Refused):
    code = "merge_being_listed"
    message = "“{name}” is on its way to {store}. Wait until it is there, or give it up under Changes, first."
