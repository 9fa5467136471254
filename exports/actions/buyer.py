"""Buyers: companies that buy or might."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from common.events import record
from exports.actions.columns import correct, known
from exports.actions.lead import start_lead
from exports.countries import check_country
from exports.models import Buyer
from villages.models import BusinessUnit

COLUMNS: Final = frozenset({"name", "kind", "country", "city", "website", "wants"})


@transaction.atomic
def register_buyer(*, business_unit: BusinessUnit | None = None, by: User, at: datetime, **columns: Any) -> Buyer:
    """Write a buyer down; with a unit that deals with them, a lead begins, also where others knew the buyer already.

    A company stands once in its country: without such a unit, one that is known already is refused.
    """
    buyer = Buyer(**known(columns, COLUMNS), registered_at=at, registered_by=by)
    check_country(buyer.country)
    same = Buyer.objects.filter(country=buyer.country, name__iexact=buyer.name).order_by("pk").first()
    if same is None:
        buyer.full_clean()
        buyer.save(force_insert=True)
        record(buyer, verb="registered", by=by, at=at, country=buyer.country)
    elif business_unit is None:
        raise Refused(
            _("A buyer of this name is already known in this country. Name the business unit that deals with them.")
        )
    if business_unit is not None:
        start_lead(business_unit=business_unit, buyer=same or buyer, by=by, at=at)
    return same or buyer


@transaction.atomic
def change_buyer(buyer: Buyer, *, by: User, at: datetime, **columns: Any) -> None:
    """Correct what is known of a buyer; saying what is so already changes nothing."""
    given = known(columns, COLUMNS)
    if "country" in given:
        check_country(given["country"])
    if changed := correct(buyer, given):
        record(buyer, verb="changed", by=by, at=at, columns=changed)
