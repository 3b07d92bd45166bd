"""Runs the checks on a connector and reports."""

import time
from collections.abc import Collection, Sequence

from entrepot.connectors.conformance import (
    catalogue,
    reading_orders,
    trouble,
    writing_claims,
    writing_listings,
    writing_many,
    writing_orders,
    writing_parcels,
    writing_stock,
)
from entrepot.connectors.conformance.bench import Bench
from entrepot.connectors.conformance.model import Broken, Check, NotApplicable, Outcome, Report, Result
from entrepot.connectors.conformance.stage import Stage
from entrepot.connectors.contract import Connector
from entrepot.kernel.errors import ChannelError

CHECKS: Sequence[Check] = (
    *catalogue.REGISTER.checks,
    *reading_orders.REGISTER.checks,
    *writing_stock.REGISTER.checks,
    *writing_orders.REGISTER.checks,
    *writing_listings.REGISTER.checks,
    *writing_parcels.REGISTER.checks,
    *writing_many.REGISTER.checks,
    *writing_claims.REGISTER.checks,
    *trouble.CHECKS,
)


def run(
    connector: Connector, *, write: bool, stage: Stage | None = None, only: Collection[str] | None = None
) -> Report:
    """Run all checks, or those `only` names, one after the other; none is run that writes unless `write`.

    Where the checks can look at little because the connector reads large pages, open it with small ones.
    """
    bench = Bench(connector, stage)
    shop = _shop_name(bench)
    chosen = [check for check in CHECKS if only is None or check.id in only]
    return Report(connector.name, shop, [_result(check, bench, write=write) for check in chosen])


def _shop_name(bench: Bench) -> str:
    try:
        return f"{bench.info.name} ({bench.info.url})"
    except Exception:  # noqa: BLE001 - the first check says what is wrong; here only a title is wanted
        return "a shop that does not answer"


def _result(check: Check, bench: Bench, *, write: bool) -> Result:
    reason = _why_not(check, bench, write=write)
    if reason:
        return Result(check.id, check.sentence, "skipped", reason)
    started = time.monotonic()
    outcome, reason = _attempt(check, bench)
    return Result(check.id, check.sentence, outcome, reason, round(time.monotonic() - started, 3))


def _why_not(check: Check, bench: Bench, *, write: bool) -> str:
    lacking = [part for part in check.parts if getattr(bench.connector, part) is None]
    if lacking:
        return f"the connector has no {', '.join(lacking)}"
    if check.stage and bench.stage_or_none is None:
        return "needs a simulator, which lets things happen in the store"
    if check.writes and not write:
        return "writes, and this run only reads"
    return ""


def _attempt(check: Check, bench: Bench) -> tuple[Outcome, str]:
    try:
        check.act(bench)
    except Broken as broken:
        return "failed", str(broken)
    except NotApplicable as reason:
        return "skipped", str(reason)
    except ChannelError as error:
        return "failed", f"the store could not be used: {error}"
    except Exception as error:  # noqa: BLE001 - whatever else a connector raises is the finding
        return "failed", f"it raised {type(error).__name__}, which is no ChannelError: {error}"
    return "passed", ""
