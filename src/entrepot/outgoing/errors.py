"""Refusals of this app, and the troubles of another system that is told something."""

from typing import ClassVar

from entrepot.kernel.errors import EntrepotError, Forbidden, Invalid, NotFound, Refused


class EndpointNotFound(NotFound):
    code = "endpoint_not_found"
    message = (
        "There is no such address. It may have been deleted, or belong to somebody else. Choose one from the list."
    )


class NoticeNotFound(NotFound):
    code = "notice_not_found"
    message = "There is no such message. It may be older than what is kept. Choose one from the list."


class EndpointNameTaken(Invalid):
    code = "endpoint_name_taken"
    message = "You already have an address called “{name}”. Give this one another name."


class EndpointNameMissing(Invalid):
    code = "endpoint_name_missing"
    message = "Give the address a name, so that you know it again in lists and problems."


class EndpointUrlInvalid(Invalid):
    code = "endpoint_url_invalid"
    message = "“{url}” cannot be used. Give a whole address that begins with https://, without a user name in it."


class EndpointKindsInvalid(Invalid):
    code = "endpoint_kinds_invalid"
    message = "Choose at least one kind of message, of these: {known}."


class WarehouseHasEndpoint(Refused):
    code = "warehouse_has_endpoint"
    message = "The system of {warehouse} has an address already. Change that one."


class WarehouseNotExternal(Refused):
    code = "warehouse_not_external"
    message = "{warehouse} is not worked in by another system. Set it to “another system” first."


class EndpointPaused(Refused):
    code = "endpoint_paused"
    message = "{name} is paused. Press Resume first."


class NoticeWaits(Refused):
    code = "notice_waits"
    message = "This message was not taken yet, and is tried again by itself. Press Try now on its address."


class EndpointsLimited(Forbidden):
    """An address hears of every store and warehouse of the seller."""

    code = "endpoints_limited"
    message = (
        "You work for some stores or warehouses only, and another system hears of all of them. Ask somebody who works "
        "for all of them."
    )


class Undelivered(EntrepotError):
    """A message was not taken. `lasting` = the address as such; else only this message was refused."""

    code = "undelivered"
    message = "The message was not taken. Entrepot tries again by itself."
    lasting: ClassVar[bool] = True


class TargetUnknown(Undelivered):
    code = "target_unknown"
    message = "There is no machine called {host}. Correct the address."


class TargetPrivate(Undelivered):
    code = "target_private"
    message = (
        "{host} is an address inside a private network, where nothing is sent to. Give a public address, or let "
        "whoever runs Entrepot set ENTREPOT_PRIVATE_TARGETS=1."
    )


class TargetSilent(Undelivered):
    code = "target_silent"
    message = "{host} does not answer. See that it runs and can be reached from here."


class TargetSlow(Undelivered):
    code = "target_slow"
    message = "{host} did not answer within {seconds} seconds. Let it take a message first and work on it then."


class TargetUncertified(Undelivered):
    code = "target_uncertified"
    message = "The certificate of {host} cannot be trusted ({problem}). Renew it there."


class TargetRedirects(Undelivered):
    code = "target_redirects"
    message = "{host} sends messages on to another address, which is not followed. Enter the final address."


class TargetForbids(Undelivered):
    code = "target_forbids"
    message = "{host} refused the message as not allowed ({status}). Check that it has the present secret."


class TargetMissing(Undelivered):
    code = "target_missing"
    message = "{host} has nothing at this address ({status}). Correct the address."


class TargetBusy(Undelivered):
    code = "target_busy"
    message = "{host} asked to be sent less ({status}). It goes on by itself."


class TargetBroken(Undelivered):
    code = "target_broken"
    message = "{host} failed on the message ({status}). Look into its own log."


class NoticeRefused(Undelivered):
    code = "notice_refused"
    message = "{host} refused this message ({status}). Look at its answer; other messages go on."
    lasting = False
