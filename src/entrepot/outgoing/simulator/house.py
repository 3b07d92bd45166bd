"""What the other warehouse system remembers and does. It knows Entrepot only by its messages and its API."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2


@dataclass(frozen=True)
class Received:
    """One message as it came: its id, kind and data. `again` = its id had been here before."""

    uid: str
    kind: str
    data: Mapping[str, Any]
    again: bool = False


@dataclass
class Job:
    """What it knows of one order: `state` is `open`, `stopped`, `recalled`, `picked`, `packed` or `gone`."""

    data: dict[str, Any]
    state: str = "open"
    parcels: dict[int, dict[str, Any]] = field(default_factory=dict)
    returns: list[Mapping[str, Any]] = field(default_factory=list)


class ReportRefused(Exception):
    """Entrepot did not take a report; `code` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OtherWarehouse:
    """The other system. `by_itself`: it picks what is released, and packs and hands over what has its label."""

    def __init__(self, *, api: str = "", key: str = "", by_itself: bool = False) -> None:
        self.jobs: dict[int, Job] = {}
        self.inbox: list[Received] = []
        self.refusals: list[str] = []
        self.by_itself = by_itself
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self._api, self._key = api.rstrip("/"), key

    def take(self, uid: str, kind: str, data: Mapping[str, Any]) -> None:
        """Take a message in. One whose id was here before changes nothing: it is the same message."""
        with self._lock:
            again = uid in self._seen
            self._seen.add(uid)
            self.inbox.append(Received(uid, kind, data, again))
            if not again and {"order_id", "warehouse_id"} <= data.keys():
                self._note(kind, data)
        if self.by_itself and not again:
            threading.Thread(target=self._work, args=(kind, data), daemon=True).start()

    def _note(self, kind: str, data: Mapping[str, Any]) -> None:
        job = self.jobs.setdefault(data["order_id"], Job(dict(data)))
        match kind:
            case "order.released":
                self.jobs[data["order_id"]] = Job(dict(data))
            case "order.changed":
                job.data = dict(data)
                job.state = "stopped" if data["stopped"] else "open" if job.state == "stopped" else job.state
            case "order.recalled":
                job.state = "recalled"
            case "parcel.labelled":
                job.parcels[data["parcel_id"]] = dict(data)
            case "parcel.voided":
                job.parcels.pop(data["parcel_id"], None)
            case "return.expected":
                job.returns.append(data)

    def _work(self, kind: str, data: Mapping[str, Any]) -> None:
        try:
            match kind:
                case "order.released":
                    self.pick(data["order_id"])
                case "parcel.labelled":
                    self.pack(data["order_id"], box="L", weight_grams=500)
                    self.hand_over([data["order_id"]])
        except (ReportRefused, httpx2.HTTPError) as refusal:
            self.refusals.append(str(refusal))

    # ----------------------------------------------------------------- what people do there

    def pick(self, order_id: int) -> None:
        """Everything of an order is off the shelf."""
        job = self.jobs[order_id]
        self._report("picked", job, order_id=order_id)
        job.state = "picked"

    def miss(self, order_id: int, line: int, quantity: int) -> None:
        """So much of the order's n-th line is not where it should be."""
        job = self.jobs[order_id]
        words = job.data["lines"][line]
        self._report(
            "short", job, order_id=order_id, line_id=words["line_id"], item_id=words["item_id"], quantity=quantity
        )

    def pack(self, order_id: int, *, box: str = "", weight_grams: int | None = None) -> None:
        """The parcel is closed, and its label sticks on it."""
        job = self.jobs[order_id]
        self._report("packed", job, order_id=order_id, box=box, weight_grams=weight_grams)
        job.state = "packed"

    def hand_over(self, order_ids: Sequence[int]) -> None:
        """The carrier has taken these orders' parcels."""
        self._report("handed_over", self.jobs[order_ids[0]], order_ids=list(order_ids))
        for order_id in order_ids:
            self.jobs[order_id].state = "gone"

    def take_back(self, order_id: int, *, good: int) -> None:
        """What was expected back has come, so much of the first line good enough to be sold again."""
        job = self.jobs[order_id]
        line = job.returns[-1]["lines"][0]
        back = {"line_id": line["line_id"], "good": good, "scrapped": line["quantity"] - good}
        self._report("returned", job, order_id=order_id, lines=[back])

    def _report(self, kind: str, job: Job, **facts: object) -> None:
        """Report a step under a key that is the same whenever the step is reported again.

        Raises:
            ReportRefused: Entrepot refused it.
        """
        data = job.data
        body = {"kind": kind, "warehouse_id": data["warehouse_id"], **facts}
        key = f"{kind}:{data.get('work_id', 0)}:{facts.get('line_id', '')}:{facts.get('order_ids', '')}"[:80]
        answer = httpx2.post(
            f"{self._api}/api/v1/wms/messages",
            json=body,
            headers={"Authorization": f"Bearer {self._key}", "Idempotency-Key": key},
            timeout=30,
            trust_env=False,
        )
        if answer.status_code != 200:
            raise ReportRefused(str(answer.json()["error"]["code"]))
