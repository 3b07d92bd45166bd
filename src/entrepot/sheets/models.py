"""Files that people upload to change many things at once: what was asked for, row by row, and what became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import Seller, User
from entrepot.channels.models import Store


class Upload(models.Model):
    """One file, or the way back of another upload (`undoes`).

    `facts`: what was found in the file (sheet, headings) and what the person said (reason, reach, apply at once).
    `done` of `total` rows are checked or applied in the present phase; `cursor` = the last row of the file that is
    staged. What stands in the rows is the truth; `counts` and `alarms` are summed up when a phase ends.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CHECKING = "checking", _("Being checked")
        READY = "ready", _("Look and apply")
        APPLYING = "applying", _("Being applied")
        DONE = "done", _("Applied")
        FAILED = "failed", _("Not usable")
        CANCELED = "canceled", _("Canceled")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, null=True, related_name="uploads")
    undoes = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="undone_by")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=8, blank=True)
    facts = models.JSONField(default=dict)
    cursor = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    alarms = models.JSONField(default=list)
    error_code = models.CharField(max_length=60, blank=True)
    error_fields = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=120)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    phase_started_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["seller", "-id"], name="upload_newest"),
            models.Index(
                fields=["id"], name="upload_open", condition=models.Q(state__in=["waiting", "checking", "applying"])
            ),
        ]


class UploadFile(models.Model):
    """The file that came, and the workbook that goes back. Kept for some days.

    In the database, because the worker that makes it and the machine that hands it out need not be the same.
    """

    class Role(models.TextChoices):
        SOURCE = "source", _("The file as it came")
        RESULT = "result", _("The file with its results")

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=8, choices=Role.choices)
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "role"], name="upload_file_once")]


class UploadRow(models.Model):
    """One row of the file: `values` it asks for, `before` = what stood there, `errors` = [[column, sentence, fields]].

    `key` is what may stand only once in a file; `alarm` names the guard rail it touches and `weight` how far.
    `object_id` is what it was done to: an item, a listing.
    """

    class State(models.TextChoices):
        GOOD = "good", _("Would be done")
        SAME = "same", _("Nothing to change")
        BAD = "bad", _("To be corrected")
        DONE = "done", _("Done")

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=5, choices=State.choices)
    key = models.CharField(max_length=600, blank=True)
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    alarm = models.CharField(max_length=20, blank=True)
    weight = models.FloatField(null=True)
    object_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="upload_row_once")]
        indexes = [
            models.Index(fields=["upload", "state", "number"], name="upload_row_state"),
        ]
