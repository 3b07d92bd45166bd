"""Why a consent is not taken. Nothing was connected and nothing changed."""

from entrepot.kernel.errors import NotFound, Refused


class ConsentFirst(Refused):
    """This kind of store is connected in the browser: its owner agrees in the store's own pages."""

    code = "consent_first"
    message = (
        "{title} asks its owner first. Open Entrepot in a browser, press “Connect”, and agree in the pages of {title}."
    )


class NoConsentKind(Refused):
    """This kind of store has nothing to agree to."""

    code = "no_consent_kind"
    message = "{title} needs no consent in the browser. Enter its credentials on the connect page."


class ConsentUnknown(NotFound):
    """No such consent was begun by this seller."""

    code = "consent_unknown"
    message = "Entrepot did not begin this, or it was begun too long ago. Start again on the connect page."


class ConsentElsewhere(Refused):
    """The consent was begun in another browser, or before signing in anew."""

    code = "consent_elsewhere"
    message = (
        "This was begun in another browser, or before you signed in again. Nothing was connected. "
        "Start again on the connect page, in this browser."
    )


class ConsentExpired(Refused):
    """More than an hour has passed."""

    code = "consent_expired"
    message = "This took longer than an hour, so it counts no more. Start again on the connect page."


class ConsentUsed(Refused):
    """A consent counts once."""

    code = "consent_used"
    message = "This consent was used already. If the store is not in your list, start again on the connect page."
