"""Sellers (tenants), the people who work for them, and what they did."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Seller(models.Model):
    """A tenant: everything below belongs to exactly one."""

    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a user who signs in by `email`; without a password they can only come by a one-time link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)  # house: save-all-fields a new row
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do is said by their memberships, one for each seller."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    shortcuts = models.BooleanField(default=True, db_default=True)
    """Whether keys of one letter do something."""
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    OPERATOR = "operator", _("Operator")
    PICKER = "picker", _("Picker")
    READ_ONLY = "read_only", _("Read only")


class Membership(models.Model):
    """A person's role at a seller. Empty `store_ids` / `warehouse_ids` = all of them."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    store_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    warehouse_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "user"], name="membership_once")]

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        """The word for the role. Django's own translates the words of every role first, for each row."""
        return str(Role(self.role).label)


class SignInLink(models.Model):
    """A one-time link: the first owner's, an invitation, or a forgotten password. Only its hash is kept."""

    class Purpose(models.TextChoices):
        FIRST_OWNER = "first_owner"
        INVITATION = "invitation"
        SIGN_IN = "sign_in"

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, null=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)


class ApiKey(models.Model):
    """A key for programs. Shown once, kept as a hash; `prefix` lets its owner recognise it."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """One deed: who, when, what (dotted verb), on what, and the facts. Never changed, never holds a secret."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=120)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=30, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["seller", "-id"], name="audit_newest"),
            models.Index(fields=["seller", "object_type", "object_id", "-id"], name="audit_object"),
        ]


class SavedView(models.Model):
    """A list as somebody wants to see it again: the `query` of its address and its `columns` (none: the viewer's own).

    `screen` names the list (`orders`). A shared one is seen by everybody at the seller, changed only by its owner.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    screen = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    columns = ArrayField(models.CharField(max_length=30), default=list)
    shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "user", "screen", "name"], name="saved_view_once")]
        indexes = [models.Index(fields=["seller", "screen", "position", "id"], name="saved_view_of_screen")]


class ScreenChoice(models.Model):
    """How one person has a list: its columns, how many rows, and the view it begins with. Empty = as it comes."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    screen = models.CharField(max_length=40)
    columns = ArrayField(models.CharField(max_length=30), default=list)
    page_size = models.PositiveSmallIntegerField(null=True)
    first_view = models.ForeignKey(SavedView, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "user", "screen"], name="screen_choice_once")]


class FirstPath(models.Model):
    """What of a seller's first steps the books cannot tell: steps `skipped`, places `looked` at, and who hid the path.

    `hidden_for` holds ids of people. What is done is never written here: the books say it.
    """

    seller = models.OneToOneField(Seller, on_delete=models.CASCADE, primary_key=True, related_name="+")
    skipped = ArrayField(models.CharField(max_length=20), default=list)
    looked = ArrayField(models.CharField(max_length=20), default=list)
    hidden_for = ArrayField(models.BigIntegerField(), default=list)
