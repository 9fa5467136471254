"""What happens to samples, claims, buyers, exports and published figures; the only way to write them."""

from exports.actions.buyer import change_buyer, register_buyer
from exports.actions.figure import change_figure, enter_figure, withdraw_figure
from exports.actions.lead import change_lead, move_lead, start_lead
from exports.actions.paper import add_paper, evidence_transaction, remove_paper
from exports.actions.transaction import (
    change_transaction,
    report_transaction,
    verify_transaction,
    withdraw_transaction,
)

__all__ = [
    "add_paper",
    "change_buyer",
    "change_figure",
    "change_lead",
    "change_transaction",
    "enter_figure",
    "evidence_transaction",
    "move_lead",
    "register_buyer",
    "remove_paper",
    "report_transaction",
    "start_lead",
    "verify_transaction",
    "withdraw_figure",
    "withdraw_transaction",
]
