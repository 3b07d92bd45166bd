"""Promises about answering buyers' wishes, on a stage."""

from collections.abc import Sequence
from uuid import uuid4

from entrepot.connectors.conformance.bench import Bench
from entrepot.connectors.conformance.model import Register, expect, expect_equal
from entrepot.connectors.contract import ChannelClaim, ChannelOrder, ClaimWrite
from entrepot.kernel.errors import ChannelDown

REGISTER = Register()
check = REGISTER.check
NEEDS = ("orders", "claims")


def _asked(bench: Bench, kind: str) -> tuple[ChannelOrder, ChannelClaim]:
    """An order of which the buyer wishes something."""
    order_id = bench.stage.place_order(2)
    bench.stage.ask(order_id, kind)  # type: ignore[arg-type]
    order = bench.order(order_id)
    told = [(claim.kind, claim.state, tuple(claim.lines)) for claim in order.claims]
    wanted = tuple((line.remote_id, line.quantity) for line in order.lines)
    expect_equal(told, [(kind, "asked", wanted)], "the wish as it is read")
    return order, order.claims[0]


def _write(order: ChannelOrder, claim: ChannelClaim, deed: str) -> ClaimWrite:
    return ClaimWrite(
        key=f"conformance-{uuid4()}",
        order_id=order.remote_id,
        claim_id=claim.remote_id,
        kind=claim.kind,
        deed=deed,  # type: ignore[arg-type]
        lines=claim.lines,
        reason="A & B <c>",
    )


def _told_twice(bench: Bench, write: ClaimWrite) -> ChannelOrder:
    answers = [bench.claims.answer(write) for _ in range(2)]
    expect_equal([answer.repeated for answer in answers], [False, True], f"repeated of “{write.deed}” told twice")
    return bench.order(write.order_id)


def _states(order: ChannelOrder) -> Sequence[str]:
    return [claim.state for claim in order.claims]


@check(
    "claims.cancel_refused",
    "A refused wish to cancel leaves the order as it was before.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def claims_cancel_refused(bench: Bench) -> None:
    """The goods go on; the wish is no longer open."""
    before = bench.order(bench.stage.place_order(2))
    order, claim = _asked(bench, "cancel")
    expect(order.status_id != before.status_id, "a wish to cancel does not show in the order's status")
    after = _told_twice(bench, _write(order, claim, "refuse"))
    expect_equal(after.status_id, before.status_id, "status after the refusal")
    expect_equal([line.state for line in after.lines], ["open"], "lines after the refusal")
    expect(not {"asked", "accepted"} & set(_states(after)), "the wish is still open")


@check(
    "claims.cancel_accepted",
    "An accepted wish to cancel cancels its lines, once.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def claims_cancel_accepted(bench: Bench) -> None:
    """Accepted, or done at once."""
    order, claim = _asked(bench, "cancel")
    after = _told_twice(bench, _write(order, claim, "accept"))
    expect(set(_states(after)) <= {"accepted", "done"}, f"the wish is {_states(after)} after it was accepted")
    expect(after.claims, "the wish is forgotten")


@check(
    "claims.return_received",
    "Goods that are back are told once, and the return is then received.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def claims_return_received(bench: Bench) -> None:
    """Accepted first, then received; the refund stays the store's business."""
    order, claim = _asked(bench, "return")
    accepted = _told_twice(bench, _write(order, claim, "accept"))
    expect_equal(_states(accepted), ["accepted"], "the wish after it was accepted")
    after = _told_twice(bench, _write(accepted, accepted.claims[0], "receive"))
    expect(set(_states(after)) <= {"received", "done"}, f"the wish is {_states(after)} after the goods were back")


@check(
    "claims.lost_answer",
    "When the answer is lost after the work, answering again changes nothing.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def claims_lost_answer(bench: Bench) -> None:
    """The repeat finds it done."""
    order, claim = _asked(bench, "cancel")
    write = _write(order, claim, "accept")
    bench.stage.trouble("lost", writes=True)
    try:
        bench.claims.answer(write)
    except ChannelDown:
        pass
    finally:
        bench.stage.heal()
    expect(bench.claims.answer(write).repeated, "the repeat after a lost answer says that it was not done before")
    expect(set(_states(bench.order(write.order_id))) <= {"accepted", "done"}, "the wish is not accepted")
