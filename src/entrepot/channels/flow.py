"""The life of a store's connection, as a table. `broken` and `paused` remember where they came from."""

from entrepot.channels.models import Store
from entrepot.kernel.flow import Flow, move

_S = Store.State

STORE_FLOW = Flow(
    initial=[_S.SHADOW],
    final=frozenset(),
    moves=[
        move("go_live", _S.SHADOW, to=_S.LIVE),
        move("back_to_shadow", _S.LIVE, to=_S.SHADOW),
        move("pause", _S.SHADOW, _S.LIVE, _S.BROKEN, to=_S.PAUSED),
        move("resume_shadow", _S.PAUSED, _S.BROKEN, to=_S.SHADOW),
        move("resume_live", _S.PAUSED, _S.BROKEN, to=_S.LIVE),
        move("break", _S.SHADOW, _S.LIVE, to=_S.BROKEN),
        move("disconnect", _S.SHADOW, _S.LIVE, _S.PAUSED, _S.BROKEN, to=_S.DISCONNECTED),
        move("reconnect", _S.DISCONNECTED, to=_S.SHADOW),
    ],
)
"""`resume_…` goes back to the `resume_state` that the store kept; a person's pause outranks a breakage."""
