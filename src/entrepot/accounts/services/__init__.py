"""What may be done about people, their roles, links and keys."""

from entrepot.accounts.services.audit import audit
from entrepot.accounts.services.keys import MadeKey, find_api_key, make_api_key, revoke_api_key
from entrepot.accounts.services.links import (
    Accepted,
    LinkFacts,
    accept_link,
    first_owner_link,
    invite,
    look_at_link,
    sign_in_link,
    withdraw_invitation,
)
from entrepot.accounts.services.path import hide_path, look_at, skip_step, take_step_up, unhide_path
from entrepot.accounts.services.people import (
    change_password,
    remove_member,
    set_profile,
    set_role,
    set_scope,
    set_seller_facts,
)
from entrepot.accounts.services.tidy import forget_expired
from entrepot.accounts.services.views import begin_with_view, change_view, choose_columns, delete_view, save_view

__all__ = [
    "Accepted",
    "LinkFacts",
    "MadeKey",
    "accept_link",
    "audit",
    "begin_with_view",
    "change_password",
    "change_view",
    "choose_columns",
    "delete_view",
    "find_api_key",
    "first_owner_link",
    "forget_expired",
    "hide_path",
    "invite",
    "look_at",
    "look_at_link",
    "make_api_key",
    "remove_member",
    "revoke_api_key",
    "save_view",
    "set_profile",
    "set_role",
    "set_scope",
    "set_seller_facts",
    "sign_in_link",
    "skip_step",
    "take_step_up",
    "unhide_path",
    "withdraw_invitation",
]
