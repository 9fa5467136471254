"""Exports: reported by the field, shown by papers, verified by another hand at the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.dates import local_date, short_date
from common.errors import Refused, RowMoved
from common.events import record
from common.models import Event
from common.zones import Zone
from exports.actions.columns import known
from exports.actions.lead import refuse_left_out
from exports.actions.paper import CHANGEABLE, evidence_transaction
from exports.countries import check_country
from exports.currencies import RUPIAH, check_currency
from exports.models import ExportTransaction
from exports.origin import key_of, lane_of, same_document
from exports.states import TransactionState
from exports.tariff import bare, check_code
from villages.models import BusinessUnit
from villages.quantities import pieces_in

COLUMNS: Final = frozenset(
    {
        *("buyer", "route", "via", "exported_on", "product", "nomenclature", "hs_code", "country", "quantity", "unit"),
        *("value", "currency", "rate", "rate_source", "reference", "source"),
    }
)
TOLD: Final = ("route", "exported_on", "hs_code", "country", "quantity", "unit", "value", "currency", "rate")
DERIVED: Final = ("pieces", "reference_key", "lane")
MOST_RUPIAH: Final = Decimal(10**15)
MOST_PIECES: Final = Decimal(10**12)


@transaction.atomic
def report_transaction(*, business_unit: BusinessUnit, by: User, at: datetime, **columns: Any) -> ExportTransaction:
    """Write down what a unit sold abroad; it counts at this unit, once, whoever else writes the same document."""
    refuse_left_out(business_unit)
    if business_unit.village_id is None:
        raise ValidationError(
            {"business_unit": _("An export counts where it was made: choose a unit of a village.")}, code="origin"
        )
    given = known(columns, COLUMNS)
    export = ExportTransaction(business_unit=business_unit, **given, reported_at=at, reported_by=by)
    _prepare(export, by=by, at=at)
    with _counted_once(export, by=by):
        export.save(force_insert=True)
    record(export, verb="reported", by=by, at=at, goal=export.state, business_unit=business_unit.pk, **_told(export))
    return export


@transaction.atomic
def change_transaction(
    export: ExportTransaction, *, version: int | None = None, by: User, at: datetime, **columns: Any
) -> None:
    """Correct what is not verified yet, by the version that was read; papers that showed it must be looked at again."""
    seen, origin, before = export.version, export.state, _told(export)
    if version not in (None, seen):
        raise RowMoved(export)
    if origin not in CHANGEABLE:
        raise Refused(gettext_lazy("A verified export never changes; withdraw it and report it anew."))
    was = {name: getattr(export, name) for name in COLUMNS}
    unnumbered = not export.reference_key
    for name, value in known(columns, COLUMNS).items():
        setattr(export, name, value)
    _prepare(export, by=by, at=at)
    changed = sorted(name for name in COLUMNS if getattr(export, name) != was[name])
    if not changed:
        return
    written = {name: getattr(export, name) for name in (*changed, *DERIVED)}
    rows = ExportTransaction.objects.filter(pk=export.pk, version=seen, state=origin)
    with _counted_once(export, by=by):
        done = rows.update(**written, state=TransactionState.REPORTED, version=seen + 1)
    if not done:
        raise RowMoved(export)
    export.refresh_from_db()
    facts = {"columns": changed, "was": before, "now": _told(export)}
    record(export, verb="changed", by=by, at=at, origin=origin, goal=export.state, **facts)
    if unnumbered and export.reference_key and export.papers.exists():
        evidence_transaction(export, by=by, at=at)


@transaction.atomic
def verify_transaction(export: ExportTransaction, *, version: int | None = None, by: User, at: datetime) -> None:
    """Take an export into the totals, as it was read and by a hand that wrote none of it; from now on it is final."""
    seen = export.version if version is None else version
    if Event.objects.about(export).filter(by=by, verb__in=("reported", "changed")).exists():
        raise Refused(gettext_lazy("Who reported or changed an export does not verify it; ask a colleague."))
    origin = export.state
    rows = ExportTransaction.objects.filter(version=seen)
    rows.move(export, TransactionState.VERIFIED, verified_at=at, verified_by=by)
    record(export, verb="verified", by=by, at=at, origin=origin, goal=export.state, version=seen)


@transaction.atomic
def withdraw_transaction(export: ExportTransaction, *, comment: str, by: User, at: datetime) -> None:
    """Take an export out of every total, and say why; its document number is free again."""
    why = comment.strip()
    if not why:
        raise ValidationError({"comment": _("Say why it is withdrawn.")}, code="comment")
    origin, export.comment = export.state, why
    export.clean_fields(exclude={field.name for field in export._meta.fields} - {"comment"})
    ExportTransaction.objects.move(export, TransactionState.WITHDRAWN, comment=why)
    record(export, verb="withdrawn", by=by, at=at, origin=origin, goal=export.state)


def _prepare(export: ExportTransaction, *, by: User, at: datetime) -> None:
    """Bring what was given into its form, work out what follows from it, and refuse what cannot be."""
    export.hs_code, export.reference_key = bare(export.hs_code), key_of(export.reference)[:60]
    _fix_rate(export)
    export.lane = lane_of(export.route, export.business_unit_id)
    if export.reference and not export.reference_key:
        raise ValidationError({"reference": _("A document number has letters or digits.")}, code="reference")
    export.clean_fields(exclude={"business_unit", "buyer", "via", "reported_by", "verified_by", "hs_code", *DERIVED})
    check_code(export.hs_code, export.nomenclature)
    check_country(export.country, abroad=True)
    check_currency(export.currency)
    if export.exported_on > local_date(at, Zone.WIB):
        raise ValidationError({"exported_on": _("This day is still to come: report an export when it has left.")})
    if export.via is not None:
        refuse_left_out(export.via, field="via")
    _bound(export)
    export.pieces = pieces_in(export.quantity, export.unit, export.business_unit.product_units.all())
    if (export.pieces or 0) > MOST_PIECES:
        raise ValidationError({"quantity": _("This is more pieces than can be meant.")}, code="range")
    _one_at_a_time(export.reference_key)
    _refuse_counted(export, by=by)
    export.full_clean()


def _fix_rate(export: ExportTransaction) -> None:
    """Let a rupiah be worth itself, without a source to ask for."""
    if export.currency == RUPIAH:
        export.rate = Decimal(1) if export.rate is None else export.rate
        export.rate_source = export.rate_source or RUPIAH


def _bound(export: ExportTransaction) -> None:
    """Refuse nothing at all, and sums beyond all trade: a rate or a comma stands wrong there."""
    for name in ("quantity", "value", "rate"):
        if getattr(export, name) <= 0:
            raise ValidationError({name: _("Write a number above 0.")}, code="range")
    if export.value * export.rate > MOST_RUPIAH:
        raise ValidationError({"value": _("This is more than Rp1,000 trillion. Look at the value and the rate.")})


def _one_at_a_time(key: str) -> None:
    """Let two hands with the same document number wait for each other, so that the second is told in words."""
    if key:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"export:{key}"])


def _refuse_counted(export: ExportTransaction, *, by: User) -> None:
    """Refuse a document number that counts already, and name the other export to who may see it."""
    other = same_document(export).select_related("business_unit").first()
    if other is None:
        return
    if not ExportTransaction.objects.visible_to(by).filter(pk=other.pk).exists():
        raise Refused(
            _("An export with this document number is already recorded, where you do not see it. Ask the desk there.")
        )
    said = _("Document number “%(number)s” is already recorded: %(unit)s, %(day)s (export %(key)s). It counts once.")
    name, day = other.business_unit.name, short_date(other.exported_on)
    raise Refused(said % {"number": other.reference, "unit": name, "day": day, "key": other})


@contextmanager
def _counted_once(export: ExportTransaction, *, by: User) -> Iterator[None]:
    """Turn the database's own refusal of a second count into the words that name the first."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        _refuse_counted(export, by=by)
        raise


def _told(export: ExportTransaction) -> dict[str, str]:
    """Keep what the history shows of an export: its numbers and codes, no words."""
    return {name: _plain(getattr(export, name)) for name in TOLD}


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
