"""A person sitting on a form filled with kept values: what they saw goes with it, and is looked at again on saving.

Under the lock of the row, in the transaction of the write, each field is laid beside what is kept now (`kernel.seen`).
What others changed and this person did not touch is taken as it is; where both changed a field, nothing is written and
the person chooses.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from entrepot.accounts import queries as accounts
from entrepot.accounts.live import announce
from entrepot.accounts.services.holding import holding
from entrepot.catalog import queries as catalog
from entrepot.kernel.errors import ChangedMeanwhile, EntrepotError
from entrepot.kernel.seen import mark, meet
from entrepot.web.desk import DeskRequest
from entrepot.web.forms.look import DeskForm
from entrepot.web.holding.parts import FieldPart, Part
from entrepot.web.holding.seats import SEATS, Seat

SALT: Final = "entrepot.seen"
FIELD: Final = "seen"
THEIRS, MINE = "theirs", "mine"

Look = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Who:
    """Who changed it, and when."""

    name: str
    at: datetime | None = None

    def __str__(self) -> str:
        if self.at is None:
            return self.name
        here = timezone.localtime(self.at)
        same_day = here.date() == timezone.localdate()
        return f"{self.name}, {date_format(here, 'TIME_FORMAT' if same_day else 'SHORT_DATETIME_FORMAT')}"


@dataclass(frozen=True, slots=True)
class Torn:
    """A field both changed: what stands in it now, by whom, and what this person wants."""

    key: str
    label: str
    theirs: str
    mine: str
    who: Who
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    marks: Mapping[str, str]
    open: Sequence[str] = ()


class Sitting:
    """One form over one kept object. Give it to the template, which carries what was seen (`parts/meanwhile.html`)."""

    def __init__(
        self,
        request: DeskRequest,
        form: DeskForm,
        *,
        seat: str,
        pk: int,
        look: Look,
        more: Sequence[Part] = (),
        apart: Collection[str] = (),
        told_of: int | Callable[[str], int] | None = None,
    ) -> None:
        self.request, self.form, self.pk, self._look = request, form, pk, look
        self.seat: Seat = SEATS[seat]
        self._told_of = told_of or pk
        self._more, self._apart = more, frozenset(apart)
        self.torn: list[Torn] = []
        self._told: list[str] = []
        self._shown: _Seen | None = None
        form.sitting = self

    # ------------------------------------------------------------------ saving

    def kept(self, deed: Callable[[], object]) -> bool:
        """Do `deed` with what the form says after what others changed is taken in; else the form says why not."""
        here = self.request.desk
        one = None if self.seat.all_rows else self.pk
        try:
            with holding(self.seat.row, seller_id=here.seller_id, pk=one):
                if not self._met() or not self._fine():
                    return False
                deed()
                announce(here.seller_id, self.topic)
        except EntrepotError as error:
            self.form.refuse(error)
        if not self._sound():
            return False
        for sentence in self._told:
            messages.info(self.request, sentence)
        return True

    def still(self, deed: Callable[[], object]) -> None:
        """Do what needs no form (take it away) unless it changed after it was looked at.

        Raises:
            ChangedMeanwhile: It did.
        """
        here = self.request.desk
        with holding(self.seat.row, seller_id=here.seller_id, pk=None if self.seat.all_rows else self.pk):
            seen = self._read()
            moved = [part for part in self._parts() if seen and seen.marks.get(part.name) != mark(part.now())]
            if moved:
                what = ", ".join(str(part.label) for part in moved)
                raise ChangedMeanwhile(who=str(self._who(moved[0].name)), what=what)
            deed()

    def _fine(self) -> bool:
        self.form.full_clean()
        return self._sound()

    def _sound(self) -> bool:
        return not self.form.errors and all(part.sound() for part in self._more)

    def _met(self) -> bool:
        """Take in what others changed; False where this person has to choose first."""
        seen = self._read()
        if seen is None:
            return True
        data = self._own_data()
        self.form.initial = {**self.form.initial, **self._look()}
        parts = {part.name: part for part in self._parts()}
        unsure = self._chosen(seen, parts, data)
        mine = {name: part.mine(data) for name, part in parts.items()}
        now = {name: part.now() for name, part in parts.items()}
        found = meet(seen=seen.marks, now=now, mine=mine)
        torn = dict.fromkeys([*unsure, *found.torn])
        whose = {name: self._who(name) for name in (*found.kept, *torn)}
        for name in found.kept:
            parts[name].take(data)
            if name in seen.marks:
                self._told.append(self._kept_words(str(parts[name].label), whose[name]))
        self.torn = [
            Torn(parts[name].key, str(parts[name].label), parts[name].theirs(), parts[name].said(data), whose[name])
            for name in torn
        ]
        self._shown = _Seen({name: mark(value) for name, value in now.items()}, list(torn))
        return not self.torn

    def _chosen(self, seen: _Seen, parts: Mapping[str, Part], data: QueryDict) -> list[str]:
        """Carry out what was chosen for the fields asked about; those still without an answer."""
        unsure = []
        for name in (name for name in seen.open if name in parts):
            answer = self.request.POST.get(f"choose-{parts[name].key}")
            if answer == THEIRS:
                parts[name].take(data)
            elif answer != MINE and mark(parts[name].mine(data)) != mark(parts[name].now()):
                unsure.append(name)
        return unsure

    def _own_data(self) -> QueryDict:
        """What was posted, as a copy that may be changed, in the form itself."""
        sent, data = self.form.data, QueryDict(mutable=True)
        if isinstance(sent, QueryDict):
            data = sent.copy()
        else:
            data.update(sent)
        self.form.data = data
        return data

    def _parts(self) -> list[Part]:
        started = self._look() if self.request.method == "POST" else self.form.initial
        fields: list[Part] = [
            FieldPart(self.form, name, started.get(name, field.initial))
            for name, field in self.form.fields.items()
            if name not in self._apart and not isinstance(field, forms.FileField)
        ]
        return [*fields, *self._more]

    def _kept_words(self, label: str, who: Who) -> str:
        return _("%(who)s changed “%(field)s” meanwhile; that was kept.") % {"who": who, "field": label}

    # ------------------------------------------------------------------ what goes with the form

    @property
    def topic(self) -> str:
        """What open pages hear when it changes."""
        return f"{self.seat.name}:{self.pk}"

    @property
    def topics(self) -> str:
        """Every topic after which this form asks whether it changed."""
        return " ".join([self.topic, *self.seat.topics])

    @cached_property
    def token(self) -> str:
        """What was seen, signed; a form that came back wrong keeps what it was opened with."""
        seen = self._shown or (self._read() if self.form.is_bound else None) or self._now_seen()
        said = {"of": self.topic, "by": self.request.desk.user.pk, "open": list(seen.open), "seen": dict(seen.marks)}
        return signing.Signer(salt=SALT).sign(json.dumps(said, separators=(",", ":")))

    @property
    def who_now(self) -> str:
        """Who changed it last; asked only by an open page that wants to say so."""
        return str(self._who("")) if self.request.headers.get("HX-Request") else ""

    @property
    def status(self) -> int:
        """The page's answer: 409 with a choice, 422 with a mistake."""
        if self.torn:
            return 409
        return 422 if self.form.is_bound and not self._sound() else 200

    @property
    def torn_words(self) -> str:
        """The heading above the choices."""
        one, many = _("You and somebody else both changed a field"), _("You and somebody else both changed fields")
        return one if len(self.torn) == 1 else many

    def _now_seen(self) -> _Seen:
        return _Seen({part.name: mark(part.now()) for part in self._parts()})

    def _read(self) -> _Seen | None:
        """What came with the form; None where a program posted none. What is not ours counts as nothing seen."""
        text = self.request.POST.get(FIELD)
        if text is None:
            return None
        try:
            said = json.loads(signing.Signer(salt=SALT).unsign(text))
        except (signing.BadSignature, ValueError):
            said = {}
        if said.get("of") != self.topic or said.get("by") != self.request.desk.user.pk:
            return _Seen(dict.fromkeys((part.name for part in self._parts()), "?"))
        return _Seen(said["seen"], said["open"])

    def _who(self, name: str) -> Who:
        """Who changed the field, else the object, last."""
        here = self.request.desk
        if self.seat.history:
            said: dict[str, Any] = {"seller_id": here.seller_id, "object_type": self.seat.history, "object_id": self.pk}
            change = (name and catalog.last_change(**said, field=name)) or catalog.last_change(**said)
            if change:
                kind, _sign, label = change.actor.partition(":")
                mine = kind == "user" and label == here.actor.label
                return Who(_("You, in another window") if mine else label, change.at)
        about = self._told_of(name) if callable(self._told_of) else self._told_of
        deed = accounts.last_deed(seller_id=here.seller_id, object_type=self.seat.audited, object_id=about)
        if deed is None:
            return Who(_("Somebody"))
        return Who(_("You, in another window") if deed.user_id == here.user.pk else deed.actor_label, deed.at)
