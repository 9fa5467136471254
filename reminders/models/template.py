"""The words that somebody changed, and what WhatsApp says of words."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.states import Language
from reminders.querysets import TemplateQuerySet
from reminders.states import Form, Script, TemplateState


class Template(models.Model):
    """The words of one script in one form and language, where they differ from those that come with the release.

    WhatsApp sends only what it approved: the approved name and body stay in use while changed words wait for its word.
    """

    script = models.CharField(_("message"), max_length=24, choices=Script.choices)
    form = models.CharField(_("form"), max_length=8, choices=Form.choices)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    body = models.TextField(_("text"), blank=True, help_text=_("Empty: the words that come with the release."))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    provider_name = models.CharField(_("name at WhatsApp"), max_length=120, blank=True)
    provider_state = models.CharField(
        _("state at WhatsApp"), max_length=10, choices=TemplateState.choices, default=TemplateState.UNHEARD
    )
    category = models.CharField(_("category"), max_length=20, blank=True, help_text=_("As WhatsApp says."))
    approved_name = models.CharField(_("name in use at WhatsApp"), max_length=120, blank=True)
    approved_body = models.TextField(_("text in use at WhatsApp"), blank=True)
    edition = models.PositiveIntegerField(_("edition"), default=0, help_text=_("Counts the changes."))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        """One row of words is in force."""

        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [
            models.UniqueConstraint(
                name="one_template_per_script_form_and_language",
                fields=["script", "form", "language"],
                violation_error_message=_("These words exist already."),
            ),
            models.UniqueConstraint(
                name="one_template_per_name_at_whatsapp",
                fields=["provider_name", "language"],
                condition=~Q(provider_name=""),
                violation_error_message=_("Another message has this name at WhatsApp."),
            ),
            models.CheckConstraint(
                name="template_in_use_has_name_and_words",
                condition=Q(approved_name="", approved_body="") | ~Q(approved_name="") & ~Q(approved_body=""),
                violation_error_message=_("What WhatsApp has in use has a name and words."),
            ),
            models.CheckConstraint(
                name="template_state_is_known",
                condition=Q(provider_state__in=TemplateState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]

    def __str__(self) -> str:
        """Read as what it is for."""
        return f"{self.script}/{self.form}/{self.language}"
