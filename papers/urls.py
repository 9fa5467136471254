"""Addresses of what is printed."""

from django.urls import URLPattern, URLResolver, path

from papers.views import certificate

urlpatterns: list[URLPattern | URLResolver] = [
    path("cohorts/<int:pk>/certificates/", certificate.CohortCertificates.as_view(), name="cohort-certificates"),
    path("cohorts/<int:pk>/certificates/issue/", certificate.CertificateIssue.as_view(), name="certificate-issue"),
    path("cohorts/<int:pk>/certificates/pdf/", certificate.CohortCertificatesPdf.as_view(), name="certificates-pdf"),
    path("cohorts/<int:pk>/certificates/zip/", certificate.CohortCertificatesZip.as_view(), name="certificates-zip"),
    path("certificates/<int:pk>/", certificate.CertificateDetail.as_view(), name="certificate-detail"),
    path("certificates/<int:pk>/pdf/", certificate.CertificatePdf.as_view(), name="certificate-pdf"),
    path("certificates/<int:pk>/revoke/", certificate.CertificateRevoke.as_view(), name="certificate-revoke"),
    path("certificates/<int:pk>/reissue/", certificate.CertificateReissue.as_view(), name="certificate-reissue"),
]
