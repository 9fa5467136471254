"""Buyers and leads, and figures that others published."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User
from common.errors import MoveRefused, Refused, RowMoved
from common.history import history_of_row
from common.models import Event
from exports.actions import (
    change_buyer,
    change_figure,
    change_lead,
    enter_figure,
    move_lead,
    register_buyer,
    start_lead,
    withdraw_figure,
)
from exports.models import Buyer, Lead, RegionFigure
from tests.factories import NOW, BusinessUnitFactory, BuyerFactory, LeadFactory, RegionFigureFactory
from villages.models import BusinessUnit, Region, Village

KYOTO: dict[str, Any] = {
    "name": "Kyoto Textile",
    "kind": "importer",
    "country": "JP",
    "city": "Kyoto",
    "website": "",
    "wants": "Ikat",
}


def test_buyer_is_written_down_and_a_lead_begins(group: BusinessUnit, made: User) -> None:
    buyer = register_buyer(**KYOTO, business_unit=group, by=made, at=NOW)
    lead = Lead.objects.get()
    assert (lead.business_unit, lead.buyer, lead.state) == (group, buyer, "lead")
    assert [event.verb for event in Event.objects.about(buyer)] == ["registered"]
    assert history_of_row(buyer)[0].what == "Written down"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"country": "XX"}, "country"), ({"name": " "}, "name"), ({"kind": "spy"}, "kind"), ({"website": "x"}, "website")],
)
def test_wrong_buyer_is_refused_by_field(made: User, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        register_buyer(**{**KYOTO, **changes}, by=made, at=NOW)
    assert field in refusal.value.message_dict
    assert not Buyer.objects.exists()


def test_known_buyer_is_met_by_naming_the_unit(group: BusinessUnit, elsewhere: Village, made: User, ina: User) -> None:
    known = register_buyer(**KYOTO, by=made, at=NOW)
    other: dict[str, Any] = {**KYOTO, "name": "kyoto TEXTILE", "wants": "Something else"}
    with pytest.raises(Refused, match="Name the business unit"):
        register_buyer(**other, by=ina, at=NOW)
    assert not Buyer.objects.visible_to(ina).exists()
    met = register_buyer(**other, business_unit=BusinessUnitFactory.create(village=elsewhere), by=ina, at=NOW)
    assert met == known
    known.refresh_from_db()
    assert (known.wants, Buyer.objects.count()) == ("Ikat", 1)
    assert list(Buyer.objects.visible_to(ina)) == [known]
    assert not Lead.objects.visible_to(made).exists()


def test_buyer_is_corrected_by_one_hand_at_a_time(made: User) -> None:
    buyer = BuyerFactory.create(registered_by=made)
    stale = Buyer.objects.get(pk=buyer.pk)
    change_buyer(buyer, city="Osaka", country="JP", by=made, at=NOW)
    change_buyer(buyer, city="Osaka", by=made, at=NOW)
    assert Event.objects.about(buyer).count() == 1
    with pytest.raises(RowMoved):
        change_buyer(stale, city="Nara", by=made, at=NOW)
    with pytest.raises(ValidationError):
        change_buyer(buyer, country="EU", by=made, at=NOW)


def test_lead_moves_on_and_is_given_up_with_a_reason(group: BusinessUnit, made: User) -> None:
    lead = start_lead(business_unit=group, buyer=BuyerFactory.create(), by=made, at=NOW, next_on=date(2026, 10, 3))
    move_lead(lead, to="sampling", by=made, at=NOW)
    with pytest.raises(MoveRefused):
        move_lead(lead, to="contacted", by=made, at=NOW)
    with pytest.raises(ValidationError, match="Say why"):
        move_lead(lead, to="lost", reason=" ", by=made, at=NOW)
    move_lead(lead, to="lost", reason="Too dear.", by=made, at=NOW)
    assert (lead.state, lead.reason) == ("lost", "Too dear.")
    move_lead(lead, to="contacted", reason="ignored", by=made, at=NOW)
    assert (lead.state, lead.reason) == ("contacted", "")
    change_lead(lead, next_step="Send prices", next_on=date(2026, 10, 9), by=made, at=NOW)
    assert [knot.facts for knot in history_of_row(lead)] == ["", "Contacted", "Lost", "Looking at samples", ""]


def test_two_that_deal_have_one_lead(group: BusinessUnit, made: User) -> None:
    lead = LeadFactory.create(business_unit=group)
    with pytest.raises((IntegrityError, ValidationError), match="already have a lead"):
        start_lead(business_unit=group, buyer=lead.buyer, by=made, at=NOW)


def test_lead_is_of_a_unit_of_a_village_that_stands(parengan: Village, made: User) -> None:
    outside = BusinessUnitFactory.create(village=None, kind="exporter")
    gone = BusinessUnitFactory.create(village=parengan, inventory_state="dismissed", reason="Closed")
    for unit in (outside, gone):
        with pytest.raises(ValidationError) as refusal:
            start_lead(business_unit=unit, buyer=BuyerFactory.create(), by=made, at=NOW)
        assert list(refusal.value.message_dict) == ["business_unit"]


def test_sight_of_buyers_and_leads(
    group: BusinessUnit, funded: object, made: User, sari: User, ina: User, rina: User, joko: User, observer: User
) -> None:
    lead = LeadFactory.create(business_unit=group)
    for user in (made, sari):
        assert list(Lead.objects.visible_to(user)) == [lead]
        assert list(Buyer.objects.visible_to(user)) == [lead.buyer]
    for user in (ina, rina, joko, observer):
        assert not Lead.objects.visible_to(user).exists()
        assert not Buyer.objects.visible_to(user).exists()


def published(region: Region, **changes: Any) -> dict[str, Any]:
    return {
        "region": region,
        "starts_on": date(2021, 1, 1),
        "ends_on": date(2021, 12, 31),
        "value": 1_800_000_000_000,
        "currency": "IDR",
        "units": 16,
        "centres": 2,
        "countries": 16,
        "continents": 5,
        "products": ["Footwear", " "],
        "population": "Exporters known to the office",
        "source": "Disperindag Lamongan",
        "source_url": "",
        "remark": "",
        **changes,
    }


@pytest.fixture
def lamongan(region: Region) -> Region:
    return Region.objects.get(code="35.24")


def test_two_sources_of_one_period_stand_beside_each_other(lamongan: Region, sari: User) -> None:
    one = enter_figure(**published(lamongan), by=sari, at=NOW)
    other = enter_figure(**published(lamongan, source="BPS", value=107_530_000_000), by=sari, at=NOW)
    assert one.products == ["Footwear"]
    assert RegionFigure.objects.standing().count() == 2
    assert other.counts
    with pytest.raises((IntegrityError, ValidationError), match="already here"):
        enter_figure(**published(lamongan, value=1), by=sari, at=NOW)


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"source": ""}, "source", "blank"),
        ({"population": ""}, "population", "blank"),
        ({"ends_on": date(2020, 1, 1)}, "__all__", "ends after it starts"),
        ({"currency": "DEM"}, "currency", "No currency"),
        ({"currency": ""}, "__all__", "A value has a currency"),
        ({"value": -1}, "__all__", "not negative"),
        ({"continents": 8}, "continents", "no more than 7"),
        ({"countries": 250}, "countries", "no more than 249"),
        ({"source_url": "x"}, "source_url", "valid URL"),
        (dict.fromkeys(("value", "units", "centres", "countries", "continents")), "__all__", "at least one figure"),
    ],
)
def test_wrong_figure_is_refused_by_field(
    lamongan: Region, sari: User, changes: dict[str, Any], field: str, why: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        enter_figure(**published(lamongan, **changes), by=sari, at=NOW)
    assert why in " ".join(refusal.value.message_dict[field])


def test_figure_is_corrected_or_taken_back(lamongan: Region, sari: User) -> None:
    figure = enter_figure(**published(lamongan), by=sari, at=NOW)
    stale = RegionFigure.objects.get(pk=figure.pk)
    change_figure(figure, value=None, by=sari, at=NOW)
    assert (figure.value, figure.currency) == (None, "")
    with pytest.raises(ValidationError, match="currency"):
        change_figure(figure, value=5, by=sari, at=NOW)
    figure.refresh_from_db()
    change_figure(figure, units=18, by=sari, at=NOW)
    with pytest.raises(RowMoved):
        change_figure(stale, units=17, by=sari, at=NOW)
    withdraw_figure(figure, by=sari, at=NOW)
    with pytest.raises(RowMoved):
        withdraw_figure(figure, by=sari, at=NOW)
    with pytest.raises(Refused, match="taken back"):
        change_figure(figure, units=1, by=sari, at=NOW)
    assert enter_figure(**published(lamongan), by=sari, at=NOW).pk
    assert [knot.what for knot in history_of_row(figure)] == ["Taken back", "Changed", "Changed", "Entered"]


def test_published_figures_are_everybodys(lamongan: Region, ina: User, observer: User, joko: User) -> None:
    RegionFigureFactory.create(region=lamongan)
    for user in (ina, observer, joko):
        assert RegionFigure.objects.visible_to(user).count() == 1
    ina.is_active = False
    assert not RegionFigure.objects.visible_to(ina).exists()
