"""Which version of the Admin API a request speaks (reference §2, cases 1 and 2)."""

from entrepot.connectors.cafe24.simulator.answers import Refusal, bad_request
from entrepot.connectors.cafe24.simulator.settings import MallSettings

HEADER = "X-Cafe24-Api-Version"


def in_force(settings: MallSettings, asked: str | None) -> str:
    """The version asked for, or the app's own when none is.

    Raises:
        Refusal: 400, that version has ended; the text names the app's own.
    """
    if not asked:
        return settings.app_default_version
    if asked not in settings.living_versions:
        raise ended(settings, asked)
    return asked


def ended(settings: MallSettings, asked: str) -> Refusal:
    """The refusal of an ended version; connectors read its second date."""
    return bad_request(
        f"{asked} version you requested is not available. "
        f"The default value for the app version is {settings.app_default_version}."
    )


def end(settings: MallSettings, version: str, default: str) -> None:
    """A version ends; the app's own is `default` from now on."""
    settings.living_versions = tuple(kept for kept in {*settings.living_versions, default} if kept != version)
    settings.app_default_version = default
