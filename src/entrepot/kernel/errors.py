"""What may go wrong, as classes. The class decides what happens next: answer, wait, skip, or call a person.

EntrepotError
├── Refused                 a rule says no; the person reads the message       -> 409
│   ├── NotFound            no such thing for this seller                      -> 404
│   ├── ChangedMeanwhile    somebody else was quicker; look again              -> 409 (412 to a program's If-Match)
│   ├── Invalid             understood, but a value cannot be                  -> 422
│   └── Forbidden           this person may not                                -> 403
└── ChannelError            a store said no, or said nothing
    ├── ChannelDown         try again by itself (time-out, 5xx, maintenance)
    ├── ChannelThrottled    try again after `retry_after` seconds
    ├── ChannelRejected     this item never works as it is; a person must look
    └── ChannelMisconfigured  nothing works until a setting changes (wrong secret, wrong shop, clock)

`code` is stable and documented in docs/errors.md. `message` is one English sentence with `{fields}` in it; the
outer floors translate it (gettext knows it by its English text) and then fill the fields in.
`detail` is for the engineer and never shown to a merchant.
"""

from typing import ClassVar


class EntrepotError(Exception):
    """Something Entrepot expected might happen. Anything else that is raised is a bug."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "Something went wrong."

    def __init__(self, detail: str = "", **fields: object) -> None:
        super().__init__(detail or self.message)
        self.fields = fields
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence()}" + (f" ({self.detail})" if self.detail else "")

    def sentence(self) -> str:
        """The message in English with its fields in; as it stands where one is missing."""
        try:
            return self.message.format(**self.fields)
        except (KeyError, IndexError, ValueError):
            return self.message


class Refused(EntrepotError):
    """A rule says no. Nothing has changed."""

    code = "refused"
    message = "This is not possible now. Reload the page and look at what has changed."


class NotFound(Refused):
    """No such thing for this seller."""

    code = "not_found"
    message = "This does not exist, or it belongs to somebody else. Go back and choose it from its list."


class Invalid(Refused):
    """A value cannot be used; `field` names it where there is one, `reason` is a sentence that says what can."""

    code = "invalid"
    message = "{reason}"


class Forbidden(Refused):
    """The person's role does not allow it."""

    code = "forbidden"
    message = "Your role does not allow this. Ask an owner or a manager."


class ChangedMeanwhile(Refused):
    """Somebody else changed it after this person looked at it."""

    code = "changed_meanwhile"
    message = (
        "{who} changed this after you opened it: {what}. Nothing was done. Look at it as it is now, then repeat what "
        "you wanted."
    )


class ChannelError(EntrepotError):
    """A store said no, or said nothing. Raised by connectors' clients only."""

    code = "channel_error"
    message = "The store did not do what was asked. Look at it in the store, then try again."


class ChannelDown(ChannelError):
    """Nobody knows what happened at the store; asking again later is right."""

    code = "channel_down"
    message = "The store cannot be reached. Entrepot goes on trying by itself."


class ChannelThrottled(ChannelError):
    """The store asks for patience."""

    code = "channel_throttled"
    message = "The store asks Entrepot to slow down. It goes on by itself in {retry_after} seconds."

    def __init__(self, detail: str = "", *, retry_after: float, **fields: object) -> None:
        super().__init__(detail, retry_after=retry_after, **fields)
        self.retry_after = retry_after


class ChannelRejected(ChannelError):
    """This item never works as it is."""

    code = "channel_rejected"
    message = "The store refused this. {reason} Correct it, then try again."


class ChannelMisconfigured(ChannelError):
    """Nothing works at this store until a setting changes."""

    code = "channel_misconfigured"
    message = "The connection to the store needs attention. {reason} Open the store's page and follow it."
