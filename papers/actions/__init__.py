"""What is written about papers."""

from papers.actions.certificate import (
    Issued,
    Signature,
    forget_bearer,
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
)

__all__ = [
    "Issued",
    "Signature",
    "forget_bearer",
    "issue_certificates",
    "reissue_certificate",
    "revoke_certificate",
]
