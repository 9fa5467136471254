"""What is kept of the papers: certificates and their counter."""

from papers.models.certificate import Certificate, CertificateCounter

__all__ = ["Certificate", "CertificateCounter"]
