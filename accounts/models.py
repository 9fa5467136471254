"""Staff accounts, and how often codes were asked for; villagers have no account."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.states import Language, Role


class UserQuerySet(models.QuerySet["User"]):
    """Scopes over accounts."""

    def mentors(self) -> Self:
        """Keep the mentors who may sign in."""
        return self.filter(role=Role.MENTOR, is_active=True)

    def visible_to(self, user: "User") -> Self:
        """Coordinators and administrators choose people for their work; everyone else sees only themself."""
        if user.role in (Role.ADMINISTRATOR, Role.COORDINATOR):
            return self.filter(is_active=True)
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    """Makes accounts with a hashed password."""

    def create_user(self, *, name: str, role: str, password: str | None = None, **columns: object) -> "User":
        """Create an account; without a password it signs in by code only."""
        user: User = self.model(name=name, role=role, **columns)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, *, name: str, email: str, password: str | None = None) -> "User":
        """Create the first administrator, by `manage.py createsuperuser`."""
        return self.create_user(name=name, role=Role.ADMINISTRATOR, password=password, email=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff: coordinator, mentor, finance officer, observer or administrator."""

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, unique=True, null=True, blank=True, help_text=_("E.164"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.INDONESIAN)
    is_active = models.BooleanField(_("may sign in"), default=True)
    calendar_version = models.PositiveIntegerField(_("version of the calendar address"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """An account is reached by e-mail or phone."""

        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_has_email_or_phone",
                condition=Q(email__isnull=False) | Q(phone__isnull=False),
                violation_error_message=_("An account needs an e-mail address or a phone number."),
            ),
            models.CheckConstraint(
                name="user_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_("This role is not known."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the name; nobody's number or address."""
        return self.name

    @property
    def is_administrator(self) -> bool:
        """Tell whether this account keeps the system."""
        return self.role == Role.ADMINISTRATOR


class CodeAllowance(models.Model):
    """When a number or address last asked for a code, known or not; the number itself is not kept."""

    key = models.CharField(_("keyed hash of the number"), max_length=64, primary_key=True)
    times = ArrayField(models.DateTimeField(), verbose_name=_("times of the last day"))
    last_at = models.DateTimeField(_("last asked at"), db_index=True)

    class Meta:
        """Names only."""

        verbose_name = _("allowance of codes")
        verbose_name_plural = _("allowances of codes")

    def __str__(self) -> str:
        """Read as a part of the hash."""
        return self.key[:8]


class CodeDay(models.Model):
    """How many codes were paid for on one day, so that nobody can run up a bill."""

    day = models.DateField(_("day"), primary_key=True)
    sent = models.PositiveIntegerField(_("codes sent"))

    class Meta:
        """Names only."""

        verbose_name = _("codes of a day")
        verbose_name_plural = _("codes of days")

    def __str__(self) -> str:
        """Read as the day."""
        return str(self.day)
