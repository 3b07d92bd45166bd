"""The control API: `POST /_control/<verb>` with a JSON body, for tests, demos and benchmarks on loopback.

It asks for no key. Verbs about orders are in order_verbs.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from entrepot.connectors.cafe24.simulator import order_verbs, versions
from entrepot.connectors.cafe24.simulator.answers import Refusal, Row, encode
from entrepot.connectors.cafe24.simulator.catalogue import rows
from entrepot.connectors.cafe24.simulator.mall import Mall, SoldOut

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.server import SimulatorServer

Verb = Callable[["SimulatorServer", Row], object]
_JSON = "application/json; charset=utf-8"


def answer(simulator: "SimulatorServer", verb: str, body: bytes) -> tuple[int, str, bytes]:
    """Run a verb and answer what came of it; 404 for an unknown verb, 422 for a refusal."""
    act = VERBS.get(verb)
    if act is None:
        return 404, _JSON, encode({"error": f"no verb {verb!r}", "verbs": sorted(VERBS)})
    try:
        asked = msgspec.json.decode(body, type=dict) if body else {}
        return 200, _JSON, encode({"result": act(simulator, asked)})
    except SoldOut as refusal:
        return 422, _JSON, encode({"error": "sold_out", "message": str(refusal)})
    except (TypeError, ValueError, KeyError, AttributeError, Refusal, msgspec.MsgspecError) as problem:
        return 422, _JSON, encode({"error": type(problem).__name__, "message": str(problem)})


def _mall_verb(name: str) -> Verb:
    def act(simulator: "SimulatorServer", asked: Row) -> object:
        return getattr(simulator.mall, name)(**asked)

    return act


def _order_verb(deed: Callable[[Mall, Row], object]) -> Verb:
    def act(simulator: "SimulatorServer", asked: Row) -> object:
        return deed(simulator.mall, asked)

    return act


def _set(target: object, asked: Mapping[str, object]) -> None:
    for name, value in asked.items():
        if not hasattr(target, name) or name.startswith("_"):
            raise ValueError(f"there is no setting {name!r}")
        setattr(target, name, tuple(value) if isinstance(value, list) else value)


def _settings(simulator: "SimulatorServer", asked: Row) -> Row:
    with simulator.mall.lock:
        _set(simulator.mall.settings, asked)
        return asdict(simulator.mall.settings)


def _clock(simulator: "SimulatorServer", asked: Row) -> Row:
    """`{"move": {"hours": 2}}`, `{"skew": 600}` or `{"stopped": "2026-03-02T09:00:00+09:00"}`; answers the time."""
    clock = simulator.mall.clock
    if "move" in asked:
        clock.move(**asked["move"])
    if "skew" in asked:
        clock.skew = float(asked["skew"])
    if "stopped" in asked:
        clock.stopped = None if asked["stopped"] is None else datetime.fromisoformat(asked["stopped"])
    return {"now": clock.stamp(), "skew": clock.skew}


def _limits(simulator: "SimulatorServer", asked: Row) -> Row:
    """`{"bucket": {"capacity": 10, "leak": 1, "enforced": false}, "quota": {"calls": 9}, "block": 37, "empty": 1}`."""
    bucket, quota = simulator.bucket, simulator.quota
    _set(bucket, asked.get("bucket", {}))
    _set(quota, asked.get("quota", {}))
    if asked.get("empty"):
        bucket.empty()
        quota.empty()
    if "block" in asked:
        quota.block(float(asked["block"]))
    return {
        "bucket": {"capacity": bucket.capacity, "leak": bucket.leak, "enforced": bucket.enforced},
        "quota": {"calls": quota.calls, "seconds": quota.seconds, "enforced": quota.enforced},
    }


def _oauth(simulator: "SimulatorServer", asked: Row) -> Row:
    """What the operator does: `{"decide": "allow"}`, `{"representative": false}`, `{"most_token_requests": 1000}`."""
    oauth = simulator.oauth
    _set(oauth, asked)
    return {
        "client_id": oauth.client_id,
        "decide": oauth.decide,
        "installed": oauth.installed,
        "representative": oauth.representative,
        "most_token_requests": oauth.most_token_requests,
        "live": sum(pair.accepted for pair in oauth.tokens.pairs),
    }


def _tokens(deed: str) -> Verb:
    def act(simulator: "SimulatorServer", asked: Row) -> object:
        with simulator.mall.lock:
            return getattr(simulator.oauth.tokens, deed)(**asked)

    return act


def _end_version(simulator: "SimulatorServer", asked: Row) -> Row:
    versions.end(simulator.mall.settings, asked["version"], asked["default"])
    return asdict(simulator.mall.settings)


def _fault(simulator: "SimulatorServer", asked: Row) -> int:
    simulator.faults.add(asked.pop("kind"), **asked)
    return len(simulator.faults.waiting)


def _clear_faults(simulator: "SimulatorServer", _asked: Row) -> int:
    simulator.faults.clear()
    return 0


def _counters(simulator: "SimulatorServer", asked: Row) -> Row:
    figures = simulator.counters.snapshot(since=int(asked.get("since", 0)))
    if asked.get("reset"):
        simulator.counters.reset()
    return figures


def _product(simulator: "SimulatorServer", asked: Row) -> Row | None:
    mall = simulator.mall
    with mall.lock:
        product = mall.products.get(asked["product_no"])
        if product is None:
            return None
        shop_no = int(asked.get("shop_no", 1))
        row = rows.detail_row(mall, product, shop_no)
        wanted = ("variants", "options")
        return rows.embed(mall, product, row, wanted, mall.settings.app_default_version)


VERBS: dict[str, Verb] = {
    **{
        name: _mall_verb(name)
        for name in (
            "add_product",
            "edit_product",
            "edit_products",
            "edit_variant",
            "delete_product",
            "set_stock",
            "stock",
        )
    },
    **{name: _order_verb(deed) for name, deed in order_verbs.VERBS.items()},
    **{name: _tokens(name) for name in ("expire_access", "revoke_all", "drop_scope")},
    "settings": _settings,
    "clock": _clock,
    "limits": _limits,
    "oauth": _oauth,
    "grant": lambda simulator, asked: simulator.grant(**asked),
    "uninstall": lambda simulator, _asked: simulator.oauth.uninstall(),
    "launch_query": lambda simulator, asked: simulator.oauth.launch_query(**asked),
    "end_version": _end_version,
    "fault": _fault,
    "clear_faults": _clear_faults,
    "counters": _counters,
    "product": _product,
}
