"""What happens to samples, parcels, schemes, claims, buyers, exports and published figures."""

from exports.actions.buyer import change_buyer, register_buyer
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
from exports.actions.figure import change_figure, enter_figure, withdraw_figure
from exports.actions.lead import change_lead, move_lead, start_lead
from exports.actions.paper import add_paper, evidence_transaction, remove_paper
from exports.actions.sample import change_sample, register_sample
from exports.actions.scheme import change_scheme, create_scheme, move_scheme
from exports.actions.shipment import change_shipment, note_answer, note_delivery, ship_samples
from exports.actions.transaction import (
    change_transaction,
    report_transaction,
    verify_transaction,
    withdraw_transaction,
)

__all__ = [
    "add_document",
    "add_paper",
    "approve_claim",
    "cancel_claim",
    "change_buyer",
    "change_claim",
    "change_figure",
    "change_lead",
    "change_sample",
    "change_scheme",
    "change_shipment",
    "change_transaction",
    "close_claim",
    "create_scheme",
    "enter_figure",
    "evidence_transaction",
    "missing_documents",
    "move_lead",
    "move_scheme",
    "note_answer",
    "note_delivery",
    "pay_claim",
    "register_buyer",
    "register_sample",
    "reject_claim",
    "remove_document",
    "remove_paper",
    "report_transaction",
    "return_claim",
    "ship_samples",
    "start_claim",
    "start_lead",
    "submit_claim",
    "verify_claim",
    "verify_transaction",
    "withdraw_figure",
    "withdraw_transaction",
]
