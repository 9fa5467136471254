"""What is written about papers."""

from papers.actions.certificate import (
    Issued,
    Signature,
    forget_bearer,
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
)
from papers.actions.letter import number_assignment, number_paper
from papers.actions.letterhead import save_letterhead
from papers.actions.minutes import close_minutes, write_minutes
from papers.actions.printing import (
    note_bundle,
    note_certificates,
    note_contacts_printed,
    note_named_paper,
    note_names,
    note_numbers,
    note_paper,
)

__all__ = [
    "Issued",
    "Signature",
    "close_minutes",
    "forget_bearer",
    "issue_certificates",
    "note_bundle",
    "note_certificates",
    "note_contacts_printed",
    "note_named_paper",
    "note_names",
    "note_numbers",
    "note_paper",
    "number_assignment",
    "number_paper",
    "reissue_certificate",
    "revoke_certificate",
    "save_letterhead",
    "write_minutes",
]
