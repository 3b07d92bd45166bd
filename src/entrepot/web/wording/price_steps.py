"""How each step looks that a listing can be at beside the price list its store follows."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from entrepot.web.wording.marks import Mark

STEPS: Final[Mapping[str, Mark]] = {
    "change": Mark("busy", icon="upload", word=_("To be told")),
    "falls": Mark("bad", icon="trending-down", word=_("Falls far, waits for you")),
    "on_its_way": Mark("busy", icon="hourglass", word=_("On its way")),
    "refused": Mark("bad", icon="alert-triangle", word=_("Refused by the store")),
    "own": Mark("wait", icon="pencil", word=_("Another price was set")),
    "promotion": Mark("quiet", icon="tag", word=_("In a promotion")),
    "same": Mark("good", icon="circle-check", word=_("As in the list")),
    "currency": Mark("quiet", icon="circle-off", word=_("Sold in another currency")),
    "none": Mark("quiet", icon="circle-off", word=_("No price in the list")),
    "low": Mark("bad", icon="alert-circle", word=_("Too little margin")),
}
