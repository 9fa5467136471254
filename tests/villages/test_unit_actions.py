"""What happens to business units, their papers and lots: each write checked, told once, and with no person's data."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from programs.models import Cohort
from tests import factories
from tests.factories import NOW
from villages.actions import (
    add_licence,
    add_product_unit,
    change_licence,
    change_product_unit,
    change_unit,
    dismiss_unit,
    register_unit,
    remove_licence,
    remove_product_unit,
    verify_unit,
)
from villages.models import BusinessUnit, Licence, ProductUnit, Region, Village
from villages.states import InventoryState

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {"name": "Tenun Sekar", "kind": "household", "product_group": "textile"}
NIB = "1234567890123"


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def register(village: Village | None, by: User, /, **changes: Any) -> BusinessUnit:
    return register_unit(**{"village": village, **GIVEN, **changes}, by=by, at=NOW)


def verbs(row: Any) -> list[str]:
    return list(Event.objects.about(row).order_by("pk").values_list("verb", flat=True))


def test_unit_enters_as_a_lead_at_the_seat(parengan: Village, made: User) -> None:
    unit = register(parengan, made, name="  Tenun   Sekar ", nib="1234 5678 9012-3", source="Pak Kades")
    assert (unit.name, unit.nib, unit.inventory_state) == ("Tenun Sekar", NIB, InventoryState.LEAD)
    assert (unit.region, unit.settled_by, unit.registered_by) == (parengan.region, None, made)
    (event,) = Event.objects.about(unit)
    assert (event.verb, event.goal, event.facts) == ("registered", "lead", {"village": parengan.pk})


def test_unit_stands_in_a_desa_that_the_village_covers(parengan: Village, made: User) -> None:
    other, gone, far = (factories.lay_region(code) for code in ("35.24.10.2001", "35.24.10.2002", "35.24.10.2003"))
    factories.VillageRegionFactory.create(village=parengan, region=other)
    factories.VillageRegionFactory.create(village=parengan, region=gone, left_on=date(2026, 5, 1))
    assert register(parengan, made, region=other).region == other
    for place in (gone, far):
        with pytest.raises(ValidationError, match="Choose a desa that this village covers"):
            register(parengan, made, name="Other", region=place)


def test_only_an_exporter_stands_outside(region: Region, sari: User) -> None:
    city = factories.lay_region("35.78")
    with pytest.raises(ValidationError, match="Say where this exporter is"):
        register(None, sari, kind="exporter")
    with pytest.raises(ValidationError, match="only an exporter may stand outside"):
        register(None, sari, region=city)
    assert register(None, sari, kind="exporter", region=city).village is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "blank"),
        ({"name": "a\x00b"}, "characters"),
        ({"name": "x" * 121}, "120"),
        ({"kind": "shop"}, "not a valid choice"),
        ({"product_group": "gold"}, "not a valid choice"),
        ({"nib": "123"}, "13 digits"),
        ({"nib": "١٢٣٤٥٦٧٨٩٠١٢٣"}, "13 digits"),
        ({"workers": -1}, "greater than or equal to 0"),
        ({"first_export_on": date(2026, 9, 1)}, "exports directly or indirectly"),
        ({"first_export_on": date(2026, 10, 2), "export_status": "direct"}, "today or earlier"),
    ],
)
def test_wrong_facts_are_said_and_nothing_is_written(
    parengan: Village, made: User, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        register(parengan, made, **wrong)
    assert not BusinessUnit.objects.exists()
    assert not Event.objects.filter(subject_type="villages.businessunit").exists()


def test_known_nib_is_refused_by_the_name_of_who_has_it(parengan: Village, elsewhere: Village, made: User) -> None:
    register(parengan, made, nib=NIB)
    with pytest.raises(ValidationError, match="already belongs to “Tenun Sekar”"):
        register(parengan, made, name="Another", nib=NIB)
    factories.BusinessUnitFactory.create(village=elsewhere, name="Secret", nib="9" * 13)
    with pytest.raises(ValidationError) as refusal:
        register(parengan, made, name="Another", nib="9" * 13)
    assert refusal.value.message_dict == {"nib": ["This NIB already belongs to another business unit."]}


def test_same_name_and_kind_in_a_village_is_refused(parengan: Village, elsewhere: Village, made: User) -> None:
    register(parengan, made)
    with pytest.raises(ValidationError, match="already has a business unit of this name and kind"):
        register(parengan, made)
    register(parengan, made, kind="cooperative")
    register(elsewhere, made)


def test_lead_is_verified_once_and_left_out_with_a_reason(parengan: Village, sari: User) -> None:
    unit = register(parengan, sari)
    verify_unit(unit, by=sari, at=NOW)  # who registered may also verify
    assert (unit.inventory_state, unit.settled_by) == ("verified", sari)
    with pytest.raises(MoveRefused):
        verify_unit(unit, by=sari, at=NOW)
    with pytest.raises(ValidationError, match="Say why"):
        dismiss_unit(unit, reason=" ", by=sari, at=NOW)
    later = NOW + timedelta(days=1)
    dismiss_unit(unit, reason="Closed  down", by=sari, at=later)
    assert (unit.inventory_state, unit.reason, unit.settled_at) == ("dismissed", "Closed down", later)
    with pytest.raises(MoveRefused):
        verify_unit(unit, by=sari, at=NOW)
    assert verbs(unit) == ["registered", "verified", "dismissed"]
    assert not Event.objects.about(unit).filter(facts__has_key="reason").exists()


def test_slower_hand_is_told(parengan: Village, sari: User, admin: User) -> None:
    unit = register(parengan, sari)
    slow = BusinessUnit.objects.get(pk=unit.pk)
    verify_unit(unit, by=sari, at=NOW)
    with pytest.raises(RowMoved):
        verify_unit(slow, by=admin, at=NOW)
    with pytest.raises(RowMoved):
        dismiss_unit(slow, reason="Closed down", by=admin, at=NOW)
    with pytest.raises(RowMoved):
        change_unit(slow, workers=3, by=admin, at=NOW)


def test_what_was_left_out_frees_its_name_and_nib(parengan: Village, sari: User) -> None:
    unit = register(parengan, sari, nib=NIB)
    dismiss_unit(unit, reason="The same as another", by=sari, at=NOW)
    again = register(parengan, sari, nib=NIB)
    assert again.pk != unit.pk


def test_of_a_unit_left_out_only_the_name_is_corrected(parengan: Village, sari: User) -> None:
    unit = register(parengan, sari, name="Tenun Bu Lidia")
    dismiss_unit(unit, reason="Closed down", by=sari, at=NOW)
    with pytest.raises(Refused, match="only its name"):
        change_unit(unit, workers=3, by=sari, at=NOW)
    change_unit(unit, name="Usaha rumah tangga 1", by=sari, at=NOW)  # a household asked to be forgotten
    unit.refresh_from_db()
    assert unit.name == "Usaha rumah tangga 1"
    assert "Lidia" not in str(list(Event.objects.about(unit).values()))
    for act in (
        lambda: add_licence(unit, kind="brand", number="1", by=sari, at=NOW),
        lambda: add_product_unit(unit, name="kodi", pieces=20, by=sari, at=NOW),
    ):
        with pytest.raises(Refused, match="left out of the inventory"):
            act()


def test_correction_is_told_by_its_columns_and_only_when_something_changed(parengan: Village, made: User) -> None:
    unit = register(parengan, made)
    change_unit(unit, name=" Tenun  Sekar ", nib="", by=made, at=NOW)
    change_unit(unit, nib="1234567 890123", workers=4, export_status="indirect", by=made, at=NOW)
    unit.refresh_from_db()
    assert (unit.nib, unit.workers, unit.export_status) == (NIB, 4, "indirect")
    event = Event.objects.about(unit).get(verb="changed")
    assert event.facts == {"columns": ["export_status", "nib", "workers"]}
    with pytest.raises(TypeError):
        change_unit(unit, village=3, by=made, at=NOW)
    with pytest.raises(ValidationError, match="Choose a desa"):
        change_unit(unit, region=factories.lay_region("35.24.10.2003"), by=made, at=NOW)


def test_column_that_another_hand_changed_is_not_overwritten(parengan: Village, made: User) -> None:
    unit = register(parengan, made)
    slow = BusinessUnit.objects.get(pk=unit.pk)
    change_unit(unit, workers=4, by=made, at=NOW)
    with pytest.raises(RowMoved):
        change_unit(slow, workers=9, by=made, at=NOW)
    fresh = BusinessUnit.objects.get(pk=unit.pk)
    fresh.workers = 4
    change_unit(fresh, source="Pak Kades", by=made, at=NOW)
    assert BusinessUnit.objects.get(pk=unit.pk).workers == 4


# -- Papers and lots --------------------------------------------------------------------------------------------------


@pytest.fixture
def unit(parengan: Village, sari: User) -> BusinessUnit:
    return factories.BusinessUnitFactory.create(village=parengan)


def test_papers_are_written_corrected_and_removed(unit: BusinessUnit, made: User) -> None:
    paper = add_licence(unit, kind="halal", number=" ID  1 ", expires_on=date(2027, 1, 1), by=made, at=NOW)
    assert paper.number == "ID 1"
    change_licence(paper, number="ID 1", by=made, at=NOW)
    stale = Licence.objects.get(pk=paper.pk)
    change_licence(paper, number="ID 2", issued_on=date(2026, 1, 1), by=made, at=NOW)
    with pytest.raises(RowMoved):
        change_licence(stale, number="ID 3", by=made, at=NOW)
    with pytest.raises(ValidationError, match="expires after it was issued"):
        change_licence(paper, issued_on=date(2028, 1, 1), by=made, at=NOW)
    paper.refresh_from_db()
    remove_licence(paper, by=made, at=NOW)
    with pytest.raises(RowMoved):
        remove_licence(Licence(pk=999_999, business_unit=unit, kind="halal"), by=made, at=NOW)
    assert verbs(unit) == ["licence_added", "licence_changed", "licence_removed"]
    assert "ID 2" not in str(list(Event.objects.about(unit).values()))
    with pytest.raises(TypeError):
        change_licence(paper, business_unit=1, by=made, at=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [{"kind": "driving"}, {"number": " "}, {"number": "x" * 81}, {"issued_on": date(2027, 1, 2)}]
)
def test_wrong_papers_are_refused(unit: BusinessUnit, made: User, wrong: dict[str, Any]) -> None:
    given = {"kind": "halal", "number": "ID 1", "expires_on": date(2027, 1, 1), **wrong}
    with pytest.raises(ValidationError):
        add_licence(unit, **given, by=made, at=NOW)
    add_licence(unit, kind="halal", number="ID 1", by=made, at=NOW)
    with pytest.raises(ValidationError, match="already written down"):
        add_licence(unit, kind="halal", number="ID 1", by=made, at=NOW)


def test_lots_are_written_corrected_and_removed(unit: BusinessUnit, made: User) -> None:
    lot = add_product_unit(unit, name=" KODI ", pieces=20, by=made, at=NOW)
    assert lot.name == "kodi"
    with pytest.raises(ValidationError, match="already says how many pieces"):
        add_product_unit(unit, name="Kodi", pieces=19, by=made, at=NOW)
    slow = ProductUnit.objects.get(pk=lot.pk)
    change_product_unit(lot, pieces=20, by=made, at=NOW)
    change_product_unit(lot, pieces=24, by=made, at=NOW)
    with pytest.raises(RowMoved):
        change_product_unit(slow, pieces=12, by=made, at=NOW)
    remove_product_unit(lot, by=made, at=NOW)
    assert verbs(unit) == ["lot_added", "lot_changed", "lot_removed"]


@pytest.mark.parametrize(("name", "pieces"), [("pcs", 2), ("Lembar", 1), ("", 5), ("kodi", 0), ("x" * 41, 2)])
def test_wrong_lots_are_refused(unit: BusinessUnit, made: User, name: str, pieces: int) -> None:
    with pytest.raises(ValidationError):
        add_product_unit(unit, name=name, pieces=pieces, by=made, at=NOW)
    assert not unit.product_units.exists()


# -- Scopes and counts ------------------------------------------------------------------------------------------------


def test_database_holds_what_actions_promise(parengan: Village, sari: User) -> None:
    made = factories.BusinessUnitFactory
    made.create(village=parengan, nib=NIB)
    for wrong, name in (
        ({"nib": NIB}, "nib_belongs_to_one_unit"),
        ({"village": None}, "unit_outside_villages_is_an_exporter"),
        ({"inventory_state": "dismissed"}, "dismissed_unit_has_a_reason"),
        ({"inventory_state": "lead", "settled_at": NOW}, "settled_unit_has_a_time_and_a_hand"),
        ({"first_export_on": date(2026, 1, 1)}, "unit_that_never_exported_has_no_first_export"),
        ({"kind": "shop"}, "unit_states_are_known"),
    ):
        with pytest.raises(IntegrityError, match=name):
            _alone(made, {"village": parengan, **wrong})


def _alone(factory: Any, columns: dict[str, Any]) -> None:
    with transaction.atomic():
        factory.create(**columns)


def test_each_role_sees_its_units(
    cohort: Cohort, elsewhere: Village, sari: User, made: User, ina: User, joko: User, observer: User, admin: User
) -> None:
    new = factories.BusinessUnitFactory.create
    group, house = new(village=cohort.village), new(village=cohort.village, kind="household")
    lead, far = new(village=cohort.village, inventory_state="lead"), new(village=elsewhere)
    outside = new(village=None, kind="exporter")
    seen = {user.name: set(BusinessUnit.objects.visible_to(user)) for user in (sari, made, ina, joko, observer, admin)}
    ours = {group, house, lead, outside}
    assert seen == {
        "Sari": ours,
        "Made": ours,
        "Joko": ours,
        "Ina": {far, outside},
        "Observer": {group},
        "Admin": ours | {far},
    }


def test_tally_and_first_export(parengan: Village, sari: User, at: datetime) -> None:
    new = factories.BusinessUnitFactory.create
    unit = new(village=parengan, export_status="direct")
    new(village=parengan, export_status="indirect")
    new(village=parengan)
    new(village=parengan, inventory_state="lead", export_status="direct")
    new(village=parengan, inventory_state="dismissed", reason="x", export_status="direct")
    assert BusinessUnit.objects.all().tally() == {"verified": 3, "direct": 1, "indirect": 1, "leads": 1}
    for state, day in (("verified", 20), ("verified", 12), ("reported", 2), ("withdrawn", 1)):
        factories.TransactionFactory.create(business_unit=unit, state=state, exported_on=date(2026, 8, day))
    found: Any = BusinessUnit.objects.with_first_export().get(pk=unit.pk)
    assert found.first_verified_on == date(2026, 8, 12)
