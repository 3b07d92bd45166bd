"""Refusals about people and keys."""

from entrepot.kernel.errors import Forbidden, Invalid, NotFound, Refused


class LinkNotValid(Refused):
    """Unknown, used or expired: which of them is not told to a stranger."""

    code = "link_not_valid"
    message = "This link has been used, has expired, or was never ours. Ask for a new one."


class AlreadyOwned(Refused):
    """The installation has its first owner."""

    code = "already_owned"
    message = "This installation already has an owner. Ask them for an invitation."


class SignInFirst(Refused):
    """The invited address has an account; only its owner may accept."""

    code = "sign_in_first"
    message = "There is an account for {email} already. Sign in to it, then open the link again."


class AlreadyAMember(Refused):
    """Nothing to invite to."""

    code = "already_a_member"
    message = "{email} already works here. Change their role under People."


class LastOwner(Refused):
    """A seller always has an owner."""

    code = "last_owner"
    message = "This is the last owner. Make somebody else an owner first."


class AboveYourRole(Refused):
    """Nobody raises anybody above themselves."""

    code = "above_your_role"
    message = "You cannot give or take a role above your own."


class WrongPassword(Refused):
    """Sign-in or the old password; which half was wrong is not told."""

    code = "wrong_password"
    message = "The e-mail address or the password is not right. Try again, or ask an owner for a sign-in link."


class TooManyAttempts(Refused):
    """Throttled after repeated failures."""

    code = "too_many_attempts"
    message = "Too many failed attempts. Wait {minutes} minutes, or ask an owner for a sign-in link."


class KeyNotValid(Refused):
    """An API key that is unknown or revoked."""

    code = "key_not_valid"
    message = "This API key is unknown or has been revoked. Make a new one under Settings › API keys."


class ScopeNotYours(Refused):
    """A key never may more than its maker."""

    code = "scope_not_yours"
    message = "Your role does not include: {scopes}. Choose others, or ask an owner."


class LimitedReach(Refused):
    """Who works for some stores or warehouses only does not decide who works for all of them."""

    code = "limited_reach"
    message = (
        "You work for some stores or warehouses only, so you cannot manage people or make API keys. Ask somebody who "
        "works for all of them."
    )


class ViewNotFound(NotFound):
    """Deleted meanwhile, or never this person's to see."""

    code = "view_not_found"
    message = "This view has been deleted, or it is not shared with you. Choose another one."


class ViewNotYours(Forbidden):
    """A shared view stays as its owner made it."""

    code = "view_not_yours"
    message = "This view belongs to {owner}. Save it under a name of your own to change it."


class ViewNameTaken(Invalid):
    """Two views of one name would not be told apart."""

    code = "view_name_taken"
    message = "You have a view called “{name}” already. Give this one another name."


class TooManyViews(Refused):
    """More tabs than anybody reads."""

    code = "too_many_views"
    message = "You have {most} views of this list. Delete one that is no longer needed."
