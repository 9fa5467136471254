"""Certificates: who may get one, issuing, the paper itself, revoking and correcting."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.dates import local_date
from common.errors import Refused
from common.pages import FormPage, Page
from common.paper import Code
from papers.actions import (
    Signature,
    issue_certificates,
    note_certificates,
    note_named_paper,
    reissue_certificate,
    revoke_certificate,
)
from papers.certificate import Face, face_of, write_bundle, write_certificates
from papers.eligibility import eligibility_of
from papers.forms import IssueForm
from papers.models import Certificate
from papers.rules import Can
from papers.states import CertificateState
from programs.forms import ReasonForm
from programs.models import Cohort

IN_MEMORY = 1 << 20  # bytes of a file that is not yet put on disk
MOST_ROWS = 500
ALONG = ("enrollment__person", "enrollment__cohort__village__region__parent__parent", "issued_by", "revoked_by")


class CertificatesPage(Page[Cohort]):
    """What pages of one cohort's certificates share."""

    model = Cohort
    template = "papers/cohort_certificates.html"

    def rows(self) -> models.QuerySet[Cohort]:
        """Read along what is shown and printed of the cohort."""
        return super().rows().select_related("program__letterhead", "village__region__parent__parent")

    def board(self, cohort: Cohort) -> dict[str, Any]:
        """Say who is ready, who has one, and what the others lack."""
        certificates = Certificate.objects.visible_to(self.reader).filter(enrollment__cohort=cohort)
        return {
            "cohort": cohort,
            "found": eligibility_of(cohort, at=now()),
            "certificates": certificates.select_related("enrollment__person", "replacement").order_by("-number", "-pk")[
                :MOST_ROWS
            ],
        }

    def new_form(self, cohort: Cohort, data: Any = None) -> IssueForm:
        """Begin with who signed last in this program, else with its letterhead, and today."""
        usual = Signature.usual(cohort, on=local_date(now(), cohort.village.zone))
        return IssueForm(data, user=self.reader, cohort=cohort, initial=asdict(usual))


class CohortCertificates(CertificatesPage):
    """The certificates of a cohort; who is at the desk may issue them here."""

    ability = Can.READ_CERTIFICATE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show all three lists; whoever is ready is ticked."""
        cohort = self.row()
        board = self.board(cohort)
        ticked = {each.enrollment.pk for each in board["found"].ready}
        return self.show(**board, ticked=ticked, form=self.new_form(cohort))


class CertificateIssue(FormPage[Cohort], CertificatesPage):
    """Issue to those who were ticked."""

    ability = Can.ISSUE_CERTIFICATE

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Lead back to the lists."""
        return redirect("cohort-certificates", self.row().pk)

    def form(self, data: Any = None) -> forms.Form:
        """Take what was ticked and typed."""
        form: Any = self.new_form(self.row(), data)
        return cast("forms.Form", form)

    def context(self) -> dict[str, Any]:
        """Show the page again as it was filled."""
        board, ticked = self.board(self.row()), set(self.request.POST.getlist("enrollments"))
        keys = (each.enrollment.pk for each in board["found"].ready)
        return {**board, "ticked": {key for key in keys if str(key) in ticked}}

    def act(self, form: Any) -> HttpResponse:
        """Issue all or none, and say what was done."""
        cohort, people = self.row(), form.cleaned_data["enrollments"]
        issued = issue_certificates(cohort, enrollments=people, signature=form.signature(), by=self.reader, at=now())
        made, had = len(issued.made), len(issued.had)
        said = [ngettext("%(n)d certificate is issued.", "%(n)d certificates are issued.", made) % {"n": made}]
        if had:
            said.append(ngettext("%(n)d had one already.", "%(n)d had one already.", had) % {"n": had})
        messages.success(self.request, " ".join(said))
        return redirect("cohort-certificates", cohort.pk)


class CohortCertificatesFile(CertificatesPage):
    """All valid certificates of a cohort as one file."""

    ability = Can.READ_CERTIFICATE

    def faces(self, cohort: Cohort) -> list[Face]:
        """Read them by name, and write down who took them."""
        valid = Certificate.objects.visible_to(self.reader).valid().filter(enrollment__cohort=cohort)
        rows = valid.select_related("enrollment__person").order_by("name", "number")
        found = [face_of(row, base_url=settings.BASE_URL) for row in rows]
        if not found:
            raise Refused(_("This cohort has no valid certificate yet."))
        note_certificates(cohort, rows=len(found), by=self.reader, at=now())
        return found


class CohortCertificatesPdf(CohortCertificatesFile):
    """One PDF, a page for each."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:  # noqa: ARG002
        """Write it."""
        cohort = self.row()
        return sent(write_certificates, self.faces(cohort), f"sertifikat-{cohort.pk}.pdf")


class CohortCertificatesZip(CohortCertificatesFile):
    """One zip, a PDF for each."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:  # noqa: ARG002
        """Write it."""
        cohort = self.row()
        return sent(write_bundle, self.faces(cohort), f"sertifikat-{cohort.pk}.zip")


class CertificatePage(Page[Certificate]):
    """What pages of one certificate share."""

    ability = Can.READ_CERTIFICATE
    model = Certificate
    template = "papers/certificate_detail.html"

    def rows(self) -> models.QuerySet[Certificate]:
        """Read along what the page shows."""
        return super().rows().select_related(*ALONG, "replaces", "replacement")

    def read_row(self) -> Certificate:
        """Read the certificate, and keep who read it."""
        certificate = self.row()
        note_named_paper(certificate, by=self.reader, at=now())
        return certificate


class CertificateDetail(CertificatePage):
    """One certificate as it looks on paper, and what became of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it; the browser prints the paper only."""
        certificate = self.read_row()
        face = face_of(certificate, base_url=settings.BASE_URL)
        changes = self.reader.has_perm(Can.REVOKE_CERTIFICATE, certificate)
        return self.show(
            certificate=certificate,
            cohort=certificate.enrollment.cohort,
            face=face,
            code=Code(face.address),
            changes=changes and certificate.state == CertificateState.ISSUED,
        )


class CertificatePdf(CertificatePage):
    """One certificate as PDF."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:  # noqa: ARG002
        """Write it; the same certificate gives the same bytes."""
        face = face_of(self.read_row(), base_url=settings.BASE_URL)
        return sent(write_certificates, [face], f"{face.number}.pdf")


class CertificateRevoke(FormPage[Certificate], CertificatePage):
    """Revoke a certificate, with the reason."""

    ability = Can.REVOKE_CERTIFICATE
    form_class = ReasonForm
    template = "papers/certificate_revoke.html"

    def context(self) -> dict[str, Any]:
        """Name the certificate."""
        return {"certificate": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Revoke it; from now on the public page says so."""
        certificate = self.row()
        revoke_certificate(certificate, reason=form.cleaned_data["reason"], by=self.reader, at=now())
        messages.success(self.request, _("The certificate is revoked."))
        return redirect("certificate-detail", certificate.pk)


class CertificateReissue(CertificatePage):
    """Print a certificate anew with what was corrected."""

    ability = Can.REVOKE_CERTIFICATE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Lead back to the certificate."""
        return redirect("certificate-detail", self.row().pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Revoke the old number and show the new one."""
        made = reissue_certificate(self.row(), by=self.reader, at=now())
        messages.success(request, _("The corrected certificate is issued; the old number is revoked."))
        return redirect("certificate-detail", made.pk)


def sent(write: Callable[[Iterable[Face], BinaryIO], None], faces: list[Face], name: str) -> FileResponse:
    """Write a file beside the memory and send it; names stand in it, so no cache keeps it."""
    file = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  closed by the response
    write(faces, file)
    file.seek(0)
    return FileResponse(file, filename=name, headers={"Cache-Control": "no-store"})
