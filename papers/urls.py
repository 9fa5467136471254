"""Addresses of what is printed."""

from django.urls import URLPattern, URLResolver, path

from papers.views import certificate, consent, handover, letterhead, minutes, paper

SHELF = "sessions/<int:pk>/papers/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(SHELF, paper.SessionPapers.as_view(), name="session-papers"),
    path(f"{SHELF}bundle.zip", paper.SessionBundle.as_view(), name="session-bundle"),
    path(f"{SHELF}<slug:kind>/", paper.PaperPage.as_view(), name="paper-page"),
    path(f"{SHELF}<slug:kind>.pdf", paper.PaperPdf.as_view(), name="paper-pdf"),
    path(f"{SHELF}<slug:kind>/number/", paper.PaperNumber.as_view(), name="paper-number"),
    path("sessions/<int:pk>/minutes/", minutes.MinutesEdit.as_view(), name="minutes-edit"),
    path("sessions/<int:pk>/minutes/close/", minutes.MinutesClose.as_view(), name="minutes-close"),
    path("assignments/<int:pk>/letter/", paper.AssignmentLetter.as_view(), name="assignment-letter"),
    path("assignments/<int:pk>/letter.pdf", paper.AssignmentPdf.as_view(), name="assignment-pdf"),
    path("assignments/<int:pk>/letter/number/", paper.AssignmentNumber.as_view(), name="assignment-number"),
    path("villages/<int:pk>/consents/paper/", consent.ConsentPaper.as_view(), name="consent-paper"),
    path("villages/<int:pk>/consents/paper.pdf", consent.ConsentPdf.as_view(), name="consent-pdf"),
    path("handovers/<int:pk>/paper/", handover.HandoverPaper.as_view(), name="handover-paper"),
    path("handovers/<int:pk>/paper.pdf", handover.HandoverPdf.as_view(), name="handover-pdf"),
    path("programs/<int:pk>/letterhead/", letterhead.LetterheadEdit.as_view(), name="letterhead"),
    path("cohorts/<int:pk>/certificates/", certificate.CohortCertificates.as_view(), name="cohort-certificates"),
    path("cohorts/<int:pk>/certificates/issue/", certificate.CertificateIssue.as_view(), name="certificate-issue"),
    path("cohorts/<int:pk>/certificates/pdf/", certificate.CohortCertificatesPdf.as_view(), name="certificates-pdf"),
    path("cohorts/<int:pk>/certificates/zip/", certificate.CohortCertificatesZip.as_view(), name="certificates-zip"),
    path("certificates/<int:pk>/", certificate.CertificateDetail.as_view(), name="certificate-detail"),
    path("certificates/<int:pk>/pdf/", certificate.CertificatePdf.as_view(), name="certificate-pdf"),
    path("certificates/<int:pk>/revoke/", certificate.CertificateRevoke.as_view(), name="certificate-revoke"),
    path("certificates/<int:pk>/reissue/", certificate.CertificateReissue.as_view(), name="certificate-reissue"),
]
