"""Two hands at one moment: one document counts once, one export is verified once.

Each guard has a twin in which it is taken away, and there the race shows.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from time import sleep
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from common.errors import Refused, RowMoved
from common.models import Event
from exports.actions import change_transaction, remove_paper, verify_transaction
from exports.actions import transaction as acting
from exports.models import ExportTransaction
from exports.querysets import TransactionQuerySet
from tests.exports.exported import evidenced, reported
from tests.factories import NOW, BusinessUnitFactory
from tests.programs.test_races import Act, at_once
from villages.models import BusinessUnit, Village

pytestmark = pytest.mark.django_db(transaction=True)
PAUSE = 0.3


@pytest.fixture
def exporter(db: None) -> BusinessUnit:
    return BusinessUnitFactory.create(village=None, kind="exporter", name="CV Samudra")


@pytest.fixture
def slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking for the same document and writing it."""
    look: Callable[..., None] = vars(acting)["_refuse_counted"]

    def later(export: ExportTransaction, *, by: User) -> None:
        look(export, by=by)
        sleep(PAUSE)

    monkeypatch.setattr(acting, "_refuse_counted", later)


@pytest.fixture
def unguarded() -> Iterator[None]:
    """Take the exclusion constraint out for one test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'export_counts_once'")
        (definition,) = cursor.fetchone()
        cursor.execute("ALTER TABLE exports_exporttransaction DROP CONSTRAINT export_counts_once")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM exports_transactiondocument; DELETE FROM exports_exporttransaction")
        cursor.execute(f"ALTER TABLE exports_exporttransaction ADD CONSTRAINT export_counts_once {definition}")


def both(group: BusinessUnit, parengan: Village, exporter: BusinessUnit, made: User) -> list[Act]:
    """One document, written at once as one unit's own and as another's share."""
    other = BusinessUnitFactory.create(village=parengan, name="Tenun Sejahtera")
    return [
        lambda: reported(group, by=made),
        lambda: reported(other, by=made, route="indirect", via=exporter),
    ]


@pytest.mark.usefixtures("slow_look")
def test_one_document_counts_once_and_the_second_is_told_of_the_first(
    group: BusinessUnit, parengan: Village, exporter: BusinessUnit, made: User
) -> None:
    raised = at_once(*both(group, parengan, exporter, made))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, Refused)
    assert "It counts once" in str(refusal)
    assert ExportTransaction.objects.count() == 1


@pytest.mark.usefixtures("slow_look")
def test_without_waiting_the_database_still_refuses_one_in_words(
    group: BusinessUnit, parengan: Village, exporter: BusinessUnit, made: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "_one_at_a_time", lambda _key: None)
    raised = at_once(*both(group, parengan, exporter, made))
    assert len([error for error in raised if error]) == 1
    assert ExportTransaction.objects.count() == 1


@pytest.mark.usefixtures("slow_look", "unguarded")
def test_without_both_guards_one_document_counts_twice(
    group: BusinessUnit, parengan: Village, exporter: BusinessUnit, made: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "_one_at_a_time", lambda _key: None)
    assert at_once(*both(group, parengan, exporter, made)) == [None, None]
    assert ExportTransaction.objects.filter(reference_key="peb000123").count() == 2


@pytest.mark.usefixtures("slow_look")
def test_many_units_share_one_document_at_once(parengan: Village, exporter: BusinessUnit, made: User) -> None:
    units = [BusinessUnitFactory.create(village=parengan) for _ in range(6)]

    def share(unit: BusinessUnit) -> Act:
        return lambda: reported(unit, by=made, route="indirect", via=exporter)

    assert at_once(*(share(unit) for unit in units)) == [None] * 6
    assert ExportTransaction.objects.count() == 6


def verifying(export: ExportTransaction, by: User) -> Act:
    mine = ExportTransaction.objects.get(pk=export.pk)
    return lambda: verify_transaction(mine, version=1, by=by, at=NOW + timedelta(hours=1))


@pytest.fixture
def slow_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking who wrote it and verifying it."""
    about = Event.objects.about

    def later(subject: Any) -> Any:
        found = about(subject)
        sleep(PAUSE)
        return found

    monkeypatch.setattr(Event.objects, "about", later)


@pytest.mark.usefixtures("slow_events")
def test_two_hands_verify_and_one_is_told(group: BusinessUnit, made: User, sari: User, dewi: User) -> None:
    export = evidenced(group, by=made)
    raised = at_once(verifying(export, sari), verifying(export, dewi))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, RowMoved)
    export.refresh_from_db()
    assert export.verified_by in (sari, dewi)
    assert Event.objects.filter(verb="verified").count() == 1


@pytest.mark.usefixtures("slow_events")
def test_without_comparing_both_verify(
    group: BusinessUnit, made: User, sari: User, dewi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(_rows: Any, row: ExportTransaction, to: str, **facts: object) -> None:
        ExportTransaction.objects.filter(pk=row.pk).update(state=to, **facts)

    export = evidenced(group, by=made)
    monkeypatch.setattr(TransactionQuerySet, "move", blind)
    assert at_once(verifying(export, sari), verifying(export, dewi)) == [None, None]
    assert Event.objects.filter(verb="verified").count() == 2


@pytest.mark.usefixtures("slow_events")
@pytest.mark.parametrize("act", ["change", "remove"])
def test_what_changes_while_it_is_verified_is_not_verified(
    group: BusinessUnit, made: User, sari: User, act: str
) -> None:
    export = evidenced(group, by=made)
    extra = ExportTransaction.objects.get(pk=export.pk)
    if act == "remove":
        paper = export.papers.get()
        raised = at_once(verifying(export, sari), lambda: remove_paper(paper, by=made, at=NOW))
    else:
        raised = at_once(verifying(export, sari), lambda: change_transaction(extra, value=Decimal(1), by=made, at=NOW))
    export.refresh_from_db()
    assert (export.state, export.version) == ("reported", 2)
    assert isinstance(raised[0], RowMoved)
    assert raised[1] is None
