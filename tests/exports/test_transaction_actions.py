"""Exports: reported once, changed by version, shown by papers, verified by another hand, withdrawn with a reason."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.models import User
from common.errors import MoveRefused, Refused, RowMoved
from common.history import history_of_row
from common.models import Event
from exports.actions import (
    add_paper,
    change_transaction,
    evidence_transaction,
    remove_paper,
    verify_transaction,
    withdraw_transaction,
)
from exports.models import ExportTransaction
from exports.money import totals_of
from exports.origin import cautions_of, origin_named
from tests.exports.claims import pdf
from tests.exports.exported import evidenced, reported, verified
from tests.factories import NOW, BusinessUnitFactory, ProductUnitFactory, TransactionFactory
from villages.models import BusinessUnit, Village


@pytest.fixture
def exporter(db: None) -> BusinessUnit:
    """A house in Surabaya."""
    return BusinessUnitFactory.create(village=None, kind="exporter", name="CV Samudra", export_status="direct")


def paper(export: ExportTransaction, by: User, content: bytes | None = None) -> Any:
    return add_paper(export, kind="invoice", content=content or pdf(), media_type="application/pdf", by=by, at=NOW)


def test_export_is_reported_with_what_follows_from_it(group: BusinessUnit, made: User) -> None:
    ProductUnitFactory.create(business_unit=group, name="kodi", pieces=20)
    export = reported(group, by=made)
    export.refresh_from_db()
    assert (export.state, export.version, export.reported_by) == ("reported", 1, made)
    assert (export.hs_code, export.reference_key) == ("52085990", "peb000123")
    assert (export.pieces, export.rupiah) == (Decimal(200), Decimal("186000000.00"))
    event = Event.objects.about(export).get()
    assert (event.verb, event.by, event.facts["value"], event.facts["business_unit"]) == (
        "reported", made, "12000", group.pk
    )  # fmt: skip


def test_lot_that_nobody_wrote_down_is_not_guessed(group: BusinessUnit, made: User) -> None:
    export = reported(group, by=made)
    assert export.pieces is None
    assert any("“kodi”" in caution for caution in cautions_of(export))
    single = reported(group, by=made, reference="", unit="Lembar")
    assert single.pieces == 10


def test_rupiah_needs_no_rate_and_takes_no_other(group: BusinessUnit, made: User) -> None:
    at_home = {"currency": "IDR", "value": Decimal(5_000_000), "rate": None, "rate_source": ""}
    export = reported(group, by=made, **at_home)
    assert (export.rate, export.rate_source, export.rupiah) == (Decimal(1), "IDR", Decimal(5_000_000))
    with pytest.raises(ValidationError, match="rate of the rupiah is 1"):
        reported(group, by=made, **{**at_home, "rate": Decimal(2), "reference": ""})


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"hs_code": "520859"}, "hs_code", "8 digits"),
        ({"hs_code": "5208.59", "nomenclature": "HS2030"}, "nomenclature", "not a valid choice"),
        ({"country": "ID"}, "country", "leaves Indonesia"),
        ({"country": "ZZ"}, "country", "No country"),
        ({"currency": "DEM"}, "currency", "No currency"),
        ({"exported_on": date(2026, 10, 2)}, "exported_on", "still to come"),
        ({"quantity": Decimal(0)}, "quantity", "above 0"),
        ({"value": Decimal(-1)}, "value", "above 0"),
        ({"rate": Decimal(0)}, "rate", "above 0"),
        ({"rate": None}, "rate", "cannot be null"),
        ({"rate_source": ""}, "rate_source", "cannot be blank"),
        ({"source": "  "}, "source", "cannot be blank"),
        ({"product": ""}, "product", "cannot be blank"),
        ({"value": Decimal(10**14)}, "value", "Rp1,000 trillion"),
        ({"reference": "---"}, "reference", "letters or digits"),
        ({"product": "Ikat\x00"}, "product", "cannot be kept"),
        ({"route": "indirect"}, "__all__", "Name the exporter"),
        ({"route": "by-drone"}, "route", "not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    group: BusinessUnit, made: User, changes: dict[str, Any], field: str, why: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        reported(group, by=made, **changes)
    assert why in " ".join(refusal.value.message_dict[field])
    assert not ExportTransaction.objects.exists()


def test_export_counts_at_a_unit_of_a_village_that_stands(
    group: BusinessUnit, exporter: BusinessUnit, made: User
) -> None:
    with pytest.raises(ValidationError, match="unit of a village"):
        reported(exporter, by=made)
    gone = BusinessUnitFactory.create(village=group.village, inventory_state="dismissed", reason="Closed")
    with pytest.raises(ValidationError, match="left out of the inventory"):
        reported(gone, by=made)
    with pytest.raises(ValidationError) as refusal:
        reported(group, by=made, route="indirect", via=gone)
    assert list(refusal.value.message_dict) == ["via"]
    with pytest.raises(ValidationError, match="another business"):
        reported(group, by=made, route="indirect", via=group)
    with pytest.raises(ValidationError, match="a direct export has none"):
        reported(group, by=made, route="direct", via=exporter)


def test_one_document_is_one_direct_export(group: BusinessUnit, parengan: Village, made: User) -> None:
    first = reported(group, by=made)
    other = BusinessUnitFactory.create(village=parengan)
    for unit in (group, other):
        with pytest.raises(Refused, match=r"Tenun Lestari, Thu, 20 Aug 2026 \(export #"):
            reported(unit, by=made, reference="peb-000 123")
    withdraw_transaction(first, comment="It was another document.", by=made, at=NOW)
    assert reported(other, by=made).pk


def test_several_units_share_a_document_through_an_exporter_each_once(
    group: BusinessUnit, parengan: Village, exporter: BusinessUnit, made: User
) -> None:
    through = {"route": "indirect", "via": exporter}
    other = BusinessUnitFactory.create(village=parengan)
    reported(group, by=made, **through)
    reported(other, by=made, **through)
    with pytest.raises(Refused, match="It counts once"):
        reported(group, by=made, **through, value=Decimal(1))
    with pytest.raises(Refused, match="It counts once"):
        reported(other, by=made)
    assert ExportTransaction.objects.count() == 2


def test_other_export_is_named_only_to_who_sees_it(
    group: BusinessUnit, elsewhere: Village, made: User, ina: User
) -> None:
    reported(group, by=made)
    with pytest.raises(Refused) as refusal:
        reported(BusinessUnitFactory.create(village=elsewhere), by=ina)
    assert "Tenun Lestari" not in str(refusal.value)
    assert "already recorded" in str(refusal.value)


def test_without_a_number_nothing_is_compared_and_a_twin_is_only_pointed_at(group: BusinessUnit, made: User) -> None:
    first, second = (reported(group, by=made, reference="") for _ in range(2))
    assert any(f"Same unit, day and value as export {first}" in caution for caution in cautions_of(second))
    withdraw_transaction(first, comment="Twice.", by=made, at=NOW)
    assert not any("Same unit" in caution for caution in cautions_of(second))


def test_database_itself_refuses_a_second_count(group: BusinessUnit) -> None:
    first = TransactionFactory.create(business_unit=group, reference="PEB 1", state="verified")
    with pytest.raises(IntegrityError, match="export_counts_once"), transaction.atomic():
        TransactionFactory.create(business_unit=group, reference="PEB 1")
    ExportTransaction.objects.filter(pk=first.pk).update(state="withdrawn", comment="Wrong")
    assert TransactionFactory.create(business_unit=group, reference="PEB 1").pk


def test_change_goes_by_the_version_that_was_read(group: BusinessUnit, made: User, sari: User) -> None:
    export = reported(group, by=made)
    stale = ExportTransaction.objects.get(pk=export.pk)
    change_transaction(export, version=1, value=Decimal(13_000), by=made, at=NOW)
    assert (export.version, export.rupiah) == (2, Decimal("201500000.00"))
    with pytest.raises(RowMoved):
        change_transaction(export, version=1, value=Decimal(1), by=sari, at=NOW)
    with pytest.raises(RowMoved):
        change_transaction(stale, value=Decimal(1), by=sari, at=NOW)
    change_transaction(export, value=Decimal(13_000), by=made, at=NOW)
    assert Event.objects.about(export).filter(verb="changed").count() == 1
    (knot,) = [knot for knot in history_of_row(export) if knot.what == "Changed"]
    assert knot.facts == "value: 12.000 → 13.000"


def test_changed_lot_or_way_is_worked_out_anew(group: BusinessUnit, exporter: BusinessUnit, made: User) -> None:
    ProductUnitFactory.create(business_unit=group, name="kodi", pieces=20)
    export = reported(group, by=made)
    change_transaction(export, unit="KODI ", quantity=Decimal("2.5"), by=made, at=NOW)
    assert export.pieces == 50
    change_transaction(export, route="indirect", via=exporter, by=made, at=NOW)
    assert (export.lane.lower, export.lane.upper) == (group.pk, group.pk + 1)
    with pytest.raises(TypeError):
        change_transaction(export, state="verified", by=made, at=NOW)


def test_change_to_a_number_that_counts_already_is_refused(group: BusinessUnit, made: User) -> None:
    reported(group, by=made)
    export = reported(group, by=made, reference="PEB 2")
    with pytest.raises(Refused, match="already recorded"):
        change_transaction(export, reference="PEB 000123", by=made, at=NOW)


def test_paper_and_number_evidence_it_in_either_order(group: BusinessUnit, made: User) -> None:
    numbered = reported(group, by=made)
    paper(numbered, made)
    assert (numbered.state, numbered.version) == ("evidenced", 1)
    shown = reported(group, by=made, reference="")
    paper(shown, made)
    assert shown.state == "reported"
    with pytest.raises(Refused, match="document number first"):
        evidence_transaction(shown, by=made, at=NOW)
    change_transaction(shown, reference="PEB 9", by=made, at=NOW)
    assert shown.state == "evidenced"
    bare = reported(group, by=made, reference="PEB 10")
    with pytest.raises(Refused, match="Add a document"):
        evidence_transaction(bare, by=made, at=NOW)


def test_changed_facts_must_be_looked_at_again(group: BusinessUnit, made: User) -> None:
    export = evidenced(group, by=made)
    change_transaction(export, value=Decimal(12_500), by=made, at=NOW)
    assert export.state == "reported"
    evidence_transaction(export, by=made, at=NOW)
    assert export.state == "evidenced"


def test_last_paper_taken_out_leaves_a_report(group: BusinessUnit, made: User) -> None:
    export = evidenced(group, by=made)
    second = paper(export, made)
    with pytest.raises(Refused, match="already here"):
        paper(export, made, second.file.open().read())
    remove_paper(second, by=made, at=NOW)
    export.refresh_from_db()
    assert (export.state, export.version) == ("evidenced", 2)
    (last,) = export.papers.all()
    remove_paper(last, by=made, at=NOW)
    export.refresh_from_db()
    assert (export.state, export.version) == ("reported", 3)
    remove_paper(second, by=made, at=NOW)
    assert Event.objects.about(export).filter(verb="paper_removed").count() == 2


def test_paper_is_a_document_and_there_are_not_too_many(
    group: BusinessUnit, made: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = reported(group, by=made)
    for content, media_type in ((b"MZ...", "application/pdf"), (b"<html>", "text/html"), (b"", "image/png")):
        with pytest.raises(ValidationError):
            add_paper(export, kind="invoice", content=content, media_type=media_type, by=made, at=NOW)
    with pytest.raises(ValidationError):
        add_paper(export, kind="selfie", content=pdf(), media_type="application/pdf", by=made, at=NOW)
    monkeypatch.setattr("exports.actions.paper.MOST_PAPERS", 1)
    kept = paper(export, made)
    with pytest.raises(Refused, match="at most 12"):
        paper(export, made)
    assert default_storage.exists(kept.file.name)


def test_another_hand_at_the_desk_verifies(group: BusinessUnit, made: User, sari: User) -> None:
    export = evidenced(group, by=made)
    later = NOW + timedelta(days=1)
    verify_transaction(export, version=1, by=sari, at=later)
    assert (export.state, export.verified_by, export.verified_at) == ("verified", sari, later)
    with pytest.raises(MoveRefused):
        verify_transaction(export, by=sari, at=later)
    with pytest.raises(Refused, match="never changes"):
        change_transaction(export, value=Decimal(1), by=made, at=later)
    with pytest.raises(Refused, match="never changed"):
        paper(export, made)
    with pytest.raises(Refused, match="never changed"):
        remove_paper(export.papers.get(), by=made, at=later)
    assert Event.objects.about(export).filter(verb="verified").count() == 1


def test_who_wrote_any_of_it_does_not_verify_it(group: BusinessUnit, made: User, sari: User, dewi: User) -> None:
    own = evidenced(group, by=sari)
    with pytest.raises(Refused, match="ask a colleague"):
        verify_transaction(own, by=sari, at=NOW)
    corrected = evidenced(group, by=made, reference="PEB 2")
    change_transaction(corrected, value=Decimal(1), by=sari, at=NOW)
    evidence_transaction(corrected, by=made, at=NOW)
    with pytest.raises(Refused, match="ask a colleague"):
        verify_transaction(corrected, by=sari, at=NOW)
    verify_transaction(corrected, by=dewi, at=NOW)
    assert corrected.state == "verified"


def test_only_what_papers_show_and_as_it_was_read_is_verified(group: BusinessUnit, made: User, sari: User) -> None:
    export = reported(group, by=made)
    with pytest.raises(MoveRefused, match="“Reported” and cannot become “Verified”"):
        verify_transaction(export, by=sari, at=NOW)
    paper(export, made)
    read = ExportTransaction.objects.get(pk=export.pk)
    change_transaction(export, value=Decimal(99), by=made, at=NOW)
    evidence_transaction(export, by=made, at=NOW)
    for row, version in ((read, None), (export, 1)):
        with pytest.raises(RowMoved):
            verify_transaction(row, version=version, by=sari, at=NOW)
    export.refresh_from_db()
    assert export.state == "evidenced"


def test_withdrawn_export_counts_nowhere(group: BusinessUnit, made: User, sari: User) -> None:
    export = verified(group, by=made, desk=sari)
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_transaction(export, comment=" ", by=sari, at=NOW)
    withdraw_transaction(export, comment="The buyer sent it back.", by=sari, at=NOW)
    assert (export.state, export.comment) == ("withdrawn", "The buyer sent it back.")
    assert totals_of(ExportTransaction.objects.all()).verified == 0
    with pytest.raises(MoveRefused):
        withdraw_transaction(export, comment="Again", by=sari, at=NOW)


def test_totals_stand_beside_each_other(group: BusinessUnit, made: User, sari: User) -> None:
    verified(group, by=made, desk=sari)
    reported(group, by=made, reference="", value=Decimal(100))
    evidenced(group, by=made, reference="PEB 3", value=Decimal(10))
    gone = reported(group, by=made, reference="PEB 4")
    withdraw_transaction(gone, comment="Twice", by=made, at=NOW)
    totals = totals_of(ExportTransaction.objects.all())
    assert (totals.verified, totals.verified_count) == (Decimal("186000000.00"), 1)
    assert (totals.reported, totals.reported_count) == (Decimal("1705000.00"), 2)
    assert totals_of(ExportTransaction.objects.none()).verified == 0


def test_old_edition_is_pointed_at(group: BusinessUnit, made: User) -> None:
    export = reported(group, by=made, nomenclature="BTKI2017")
    assert any("BTKI 2017 does not hold for that day" in caution for caution in cautions_of(export))


def test_household_stays_without_its_name_to_who_only_reads(parengan: Village, observer: User, sari: User) -> None:
    home = BusinessUnitFactory.create(village=parengan, kind="household", name="Tenun Bu Rokhayah")
    assert origin_named(home, observer) == "A household business"
    assert origin_named(home, sari) == "Tenun Bu Rokhayah"


def test_sight_follows_the_village_and_who_only_reads_sees_what_is_verified(
    group: BusinessUnit, funded: object, made: User, sari: User, ina: User, rina: User, joko: User, observer: User
) -> None:
    counted = verified(group, by=made, desk=sari)
    open_one = reported(group, by=made, reference="")
    for user in (made, sari):
        assert set(ExportTransaction.objects.visible_to(user)) == {counted, open_one}
    for user in (joko, observer):
        assert set(ExportTransaction.objects.visible_to(user)) == {counted}
    for user in (ina, rina):
        assert not ExportTransaction.objects.visible_to(user).exists()
