"""How work ends early, and how lists and waves end: what is left of them is arithmetic."""

from datetime import datetime

from django.db.models import F

from entrepot.catalog.rows import clip
from entrepot.kernel.actor import Actor
from entrepot.orders.models import Order
from entrepot.warehouse.models import PickLine, PickList, Tote, Wave, WorkLine, WorkOrder
from entrepot.warehouse.work import step


def recall(work: WorkOrder, order: Order, *, actor: Actor, now: datetime, reason: str) -> None:
    """End work whose order turned back: what is not picked vanishes from the lists, the rest waits to be put back.

    What is to be put back is arithmetic: `picked` of the lines of recalled work. The caller has locked the order.
    """
    drop_open_lines(work, now)
    Tote.objects.filter(seller_id=work.seller_id, work=work).update(work=None)
    rows = WorkLine.objects.filter(work__seller_id=work.seller_id, work=work)
    rows.update(packed=0)
    work.recall_reason = clip(reason, 300)
    left = sum(rows.values_list("picked", flat=True))
    step(work, order, "recall", actor=actor, now=now, facts={"reason": reason, "put_back": left})


def drop_open_lines(work: WorkOrder, now: datetime) -> None:
    """Take what is not picked of this work off its pick lists; lists and waves with nothing left are done."""
    rows = PickLine.objects.filter(work_line__work=work, pick_list__seller_id=work.seller_id)
    lists = set(rows.values_list("pick_list_id", flat=True))
    rows.filter(picked=0, short=0).delete()
    rows.filter(quantity__gt=F("picked") + F("short")).update(quantity=F("picked") + F("short"))
    close_done(work.seller_id, lists, now)


def close_done(seller_id: int, list_ids: set[int], now: datetime) -> None:
    """Lists on which everything is picked or short are done, and waves of which all lists are.

    They are locked last, so that of two pickers with the last two lines the second sees what the first did.
    """
    list(PickList.objects.select_for_update().filter(seller_id=seller_id, pk__in=list_ids).order_by("pk"))
    left = PickLine.objects.filter(pick_list__seller_id=seller_id, quantity__gt=F("picked") + F("short"))
    open_lists = [PickList.State.OPEN, PickList.State.PICKING]
    rows = PickList.objects.filter(seller_id=seller_id, pk__in=list_ids, state__in=open_lists)
    for done in rows.exclude(pk__in=left.filter(pick_list_id__in=list_ids).values("pick_list_id")):
        touched = PickLine.objects.filter(pick_list__seller_id=seller_id, pick_list=done).exists()
        done.state = PickList.State.DONE if touched else PickList.State.CANCELED
        done.done_at = now
        done.save(update_fields=["state", "done_at"])
    wave_ids = PickList.objects.filter(seller_id=seller_id, pk__in=list_ids).values("wave_id")
    waves = Wave.objects.select_for_update().filter(seller_id=seller_id, pk__in=wave_ids)
    for wave in waves.filter(state__in=[Wave.State.OPEN, Wave.State.PICKING]).order_by("pk"):
        states = set(PickList.objects.filter(seller_id=seller_id, wave=wave).values_list("state", flat=True))
        if not states & set(open_lists):
            wave.state = Wave.State.DONE if PickList.State.DONE in states else Wave.State.CANCELED
            wave.done_at = now
            wave.save(update_fields=["state", "done_at"])
