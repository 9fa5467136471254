"""Where one sale counts: at its unit of origin, once, whoever writes it down."""

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from common.dates import written_date
from exports.models import ExportTransaction
from exports.states import Nomenclature, Route, TransactionState
from exports.tariff import out_of_force
from villages.models import BusinessUnit
from villages.states import UnitKind


def key_of(reference: str) -> str:
    """Reduce a document number to its letters and digits, so that `PEB 000-123` and `peb000123` are one."""
    return "".join(sign for sign in reference.casefold() if sign.isalnum())


def lane_of(route: str, unit: int) -> NumericRange:
    """Give what an export takes of its document: all of it when direct, one unit's share when through an exporter."""
    return NumericRange(None, None) if route == Route.DIRECT else NumericRange(unit, unit, "[]")


def same_document(transaction: ExportTransaction) -> QuerySet[ExportTransaction]:
    """Find the standing exports that already take this document, or this unit's share of it."""
    if not transaction.reference_key:
        return ExportTransaction.objects.none()
    others = ExportTransaction.objects.standing().filter(reference_key=transaction.reference_key)
    if transaction.route != Route.DIRECT:
        others = others.filter(Q(route=Route.DIRECT) | Q(business_unit=transaction.business_unit_id))
    return others.exclude(pk=transaction.pk).order_by("pk")


def twins_of(transaction: ExportTransaction) -> QuerySet[ExportTransaction]:
    """Find standing exports of the same unit, day and value: perhaps the same sale, written twice."""
    same = {"business_unit": transaction.business_unit_id, "exported_on": transaction.exported_on}
    worth = {"value": transaction.value, "currency": transaction.currency}
    return ExportTransaction.objects.standing().filter(**same, **worth).exclude(pk=transaction.pk).order_by("pk")


def origin_named(unit: BusinessUnit, reader: User) -> str:
    """Name a unit; to who only reads figures a household stays without its name, which is a person's."""
    hidden = reader.role == Role.OBSERVER and unit.kind == UnitKind.HOUSEHOLD
    return _("A household business") if hidden else unit.name


def via_named(export: ExportTransaction, reader: User) -> str:
    """Name the exporter that goods went through, in the same way; nothing when they left directly."""
    return origin_named(export.via, reader) if export.via else ""


def origin_for(reader: User, path: str = "business_unit") -> Case | F:
    """Let the database name the units of exports, or the exporters they went through, in the same way."""
    name = F(f"{path}__name")
    if reader.role != Role.OBSERVER:
        return name
    unnamed = When(**{f"{path}__kind": UnitKind.HOUSEHOLD}, then=Value(_("A household business")))
    return Case(unnamed, default=name)


def cautions_of(export: ExportTransaction) -> list[str]:
    """Say what a reader should look at twice; nothing here is refused."""
    said = []
    if twins := list(twins_of(export)[:5]) if export.state != TransactionState.WITHDRAWN else []:
        keys = ", ".join(map(str, twins))
        said.append(_("Same unit, day and value as export %(keys)s. Is it the same sale?") % {"keys": keys})
    if days := out_of_force(export.nomenclature, export.exported_on):
        words = {"edition": Nomenclature(export.nomenclature).label, "first": written_date(days[0])}
        said.append(_("%(edition)s does not hold for that day: it holds from %(first)s on, until the next.") % words)
    if export.pieces is None:
        unit = {"unit": export.unit}
        said.append(_("How many pieces one “%(unit)s” is, this unit has not written down; none are counted.") % unit)
    return said
