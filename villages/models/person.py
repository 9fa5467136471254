"""Villagers, the numbers that reach them, and what they agreed to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from villages.models.village import Village
from villages.querysets import ConsentQuerySet, ContactPointQuerySet, PersonQuerySet
from villages.states import REACHABLE, ConsentHow, ContactState, Purpose, Relation, Sex


class Person(models.Model):
    """A villager; no national id number is ever kept."""

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="people", verbose_name=_("village"))
    name = models.CharField(_("name"), max_length=120, validators=[refuse_control_characters])
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    hamlet = models.CharField(_("hamlet"), max_length=80, blank=True)
    craft = models.CharField(_("craft"), max_length=80, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        """A birth year is one that a living person can have."""

        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="person_birth_year_is_plausible",
                condition=Q(birth_year__isnull=True) | Q(birth_year__range=(1900, 2100)),
                violation_error_message=_("A birth year lies between 1900 and 2100."),
            ),
            models.CheckConstraint(
                name="person_sex_is_known",
                condition=Q(sex__in=Sex.values),
                violation_error_message=_("This sex is not known."),
            ),
        ]
        indexes = [models.Index(fields=["village", "name", "id"], name="person_by_village_and_name")]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name

    @property
    def address(self) -> str:
        """Address as Indonesians do: Bu or Pak and the first word of the name."""
        title = "Bu" if self.sex == Sex.FEMALE else "Pak"
        return f"{title} {self.name.split()[0]}" if self.name else title


class ContactPoint(models.Model):
    """One mobile number or e-mail address; a household may share it."""

    number = models.CharField(_("number"), max_length=254, unique=True, help_text=_("E.164, or an e-mail address"))
    state = models.CharField(_("state"), max_length=16, choices=ContactState.choices, default=ContactState.UNVERIFIED)
    people = models.ManyToManyField(
        Person, through="PersonContact", related_name="contact_points", verbose_name=_("people")
    )

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        """A number is kept in one form only; a forgotten one keeps its row and never gets a message."""

        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.CheckConstraint(
                name="contact_number_is_e164",
                condition=Q(number__regex=r"^\+[1-9][0-9]{6,14}$")
                | Q(number__regex=r"^[^@\s]+@[^@\s]+$")
                | Q(number__regex=r"^erased-[0-9]+$", state=ContactState.OPTED_OUT),
                violation_error_message=_("A phone number is kept as +62 and its digits, an e-mail address as it is."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key; a number is shown only where it is asked for."""
        return f"#{self.pk}"

    @property
    def is_email(self) -> bool:
        """Tell an e-mail address from a phone number."""
        return "@" in self.number

    @property
    def is_reachable(self) -> bool:
        """Tell whether a message may try this number."""
        return self.state in REACHABLE


class PersonContact(models.Model):
    """How one person is reached by one number."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("person"))
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("number")
    )
    relation = models.CharField(_("relation"), max_length=16, choices=Relation.choices, default=Relation.OWN)
    preferred_from = models.TimeField(_("reached best from"), null=True, blank=True)
    preferred_until = models.TimeField(_("until"), null=True, blank=True)
    wrong_at = models.DateTimeField(
        _("said to be wrong at"), null=True, blank=True, help_text=_("Others may be reached by this number.")
    )

    class Meta:
        """A person and a number are joined once."""

        verbose_name = _("contact of a person")
        verbose_name_plural = _("contacts of people")
        constraints = [
            models.UniqueConstraint(
                name="person_has_number_once",
                fields=["person", "contact_point"],
                violation_error_message=_("This person already has this number."),
            ),
            models.CheckConstraint(
                name="preferred_hours_run_forward",
                condition=Q(preferred_from__isnull=True, preferred_until__isnull=True)
                | Q(preferred_from__lt=F("preferred_until")),
                violation_error_message=_("Preferred hours have a beginning and a later end."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the relation."""
        return str(self.get_relation_display())

    def absorb(self, other: Self) -> dict[str, object]:
        """Be one with another line to the same number: one's own number is one's own, hours are kept where known."""
        own = Relation.OWN in (self.relation, other.relation)
        hours = other if self.preferred_from is None else self
        return {
            "relation": Relation.OWN if own else self.relation,
            "preferred_from": hours.preferred_from,
            "preferred_until": hours.preferred_until,
            "wrong_at": self.wrong_at and other.wrong_at,  # one who is reached by it is reached by it
        }


class Consent(models.Model):
    """One person's agreement to one purpose; withdrawing closes it, agreeing again opens a new one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    how = models.CharField(_("how"), max_length=16, choices=ConsentHow.choices)
    text_version = models.CharField(_("version of the text"), max_length=20)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        """One live consent per person and purpose."""

        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                name="one_live_consent_per_purpose",
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("This person has already agreed to this."),
            ),
            models.CheckConstraint(
                name="consent_is_withdrawn_after_it_was_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                violation_error_message=_("A consent is withdrawn after it was given."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the purpose."""
        return str(self.get_purpose_display())

    def absorb(self, other: Self) -> dict[str, object]:
        """Be one with another live agreement to the same purpose: the later one holds, with its words."""
        last = max(self, other, key=lambda consent: consent.given_at)
        return {name: getattr(last, name) for name in ("given_at", "how", "text_version", "recorded_by_id")}


class PersonalLink(models.Model):
    """A household's way in without an account: one number, one link; a new version ends the old address."""

    contact_point = models.OneToOneField(
        ContactPoint, on_delete=models.PROTECT, related_name="link", verbose_name=_("number")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        """Names only."""

        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")

    def __str__(self) -> str:
        """Read as the key, never as the address."""
        return f"#{self.pk}"
