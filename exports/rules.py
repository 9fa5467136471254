"""What a signed-in person may do with claims, samples, buyers, exports and published figures."""

from enum import StrEnum

import rules

from accounts.models import User
from accounts.states import Role
from exports.states import TransactionState
from villages.rules import DESK, FIELD, at_the_desk, in_the_field, signed_in

PAYERS = frozenset({Role.ADMINISTRATOR, Role.FINANCE})


class Can(StrEnum):
    """Abilities over what comes of the programme; which rows, the scopes say."""

    READ_SAMPLE = "exports.read_sample"
    SEND_SAMPLE = "exports.send_sample"
    READ_SCHEME = "exports.read_scheme"
    CHANGE_SCHEME = "exports.change_scheme"
    READ_BUDGET = "exports.read_budget"
    READ_CLAIM = "exports.read_claim"
    WRITE_CLAIM = "exports.write_claim"
    VERIFY_CLAIM = "exports.verify_claim"
    APPROVE_CLAIM = "exports.approve_claim"
    PAY_CLAIM = "exports.pay_claim"
    READ_BUYER = "exports.read_buyer"
    CHANGE_BUYER = "exports.change_buyer"
    READ_TRANSACTION = "exports.read_transaction"
    REPORT_TRANSACTION = "exports.report_transaction"
    VERIFY_TRANSACTION = "exports.verify_transaction"
    WITHDRAW_TRANSACTION = "exports.withdraw_transaction"
    READ_FIGURE = "exports.read_figure"
    CHANGE_FIGURE = "exports.change_figure"


@rules.predicate
def reads_claims(user: User, _row: object) -> bool:
    """Who works with claims; an observer reads figures."""
    return user.role in FIELD | PAYERS


@rules.predicate
def pays_claims(user: User, _row: object) -> bool:
    """Finance officers and administrators."""
    return user.role in PAYERS


@rules.predicate
def keeps_the_money(user: User, _row: object) -> bool:
    """Who runs programs and who pays."""
    return user.role in DESK | PAYERS


@rules.predicate
def withdraws_exports(user: User, row: object) -> bool:
    """The desk; a mentor too, until somebody verified it."""
    return user.role in DESK or (user.role in FIELD and getattr(row, "state", "") != TransactionState.VERIFIED)


rules.add_perm(Can.READ_SAMPLE, reads_claims)
rules.add_perm(Can.SEND_SAMPLE, in_the_field)
rules.add_perm(Can.READ_SCHEME, reads_claims)
rules.add_perm(Can.CHANGE_SCHEME, at_the_desk)
rules.add_perm(Can.READ_BUDGET, keeps_the_money)
rules.add_perm(Can.READ_CLAIM, reads_claims)
rules.add_perm(Can.WRITE_CLAIM, in_the_field)
rules.add_perm(Can.VERIFY_CLAIM, at_the_desk)
rules.add_perm(Can.APPROVE_CLAIM, at_the_desk)
rules.add_perm(Can.PAY_CLAIM, pays_claims)
rules.add_perm(Can.READ_BUYER, in_the_field)
rules.add_perm(Can.CHANGE_BUYER, in_the_field)
rules.add_perm(Can.READ_TRANSACTION, signed_in)
rules.add_perm(Can.REPORT_TRANSACTION, in_the_field)
rules.add_perm(Can.VERIFY_TRANSACTION, at_the_desk)
rules.add_perm(Can.WITHDRAW_TRANSACTION, withdraws_exports)
rules.add_perm(Can.READ_FIGURE, signed_in)
rules.add_perm(Can.CHANGE_FIGURE, at_the_desk)
