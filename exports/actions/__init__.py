"""What happens to samples, parcels, schemes and claims."""

from exports.actions.claim import change_claim, missing_documents, start_claim, submit_claim
from exports.actions.deciding import (
    approve_claim,
    cancel_claim,
    close_claim,
    pay_claim,
    reject_claim,
    return_claim,
    verify_claim,
)
from exports.actions.document import add_document, remove_document
from exports.actions.sample import change_sample, register_sample
from exports.actions.scheme import change_scheme, create_scheme, move_scheme
from exports.actions.shipment import change_shipment, note_answer, note_delivery, ship_samples

__all__ = [
    "add_document",
    "approve_claim",
    "cancel_claim",
    "change_claim",
    "change_sample",
    "change_scheme",
    "change_shipment",
    "close_claim",
    "create_scheme",
    "missing_documents",
    "move_scheme",
    "note_answer",
    "note_delivery",
    "pay_claim",
    "register_sample",
    "reject_claim",
    "remove_document",
    "return_claim",
    "ship_samples",
    "start_claim",
    "submit_claim",
    "verify_claim",
]
