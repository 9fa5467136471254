"""Stages of villages: the next move, the decree, the history, and counts that never mix."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from accounts.models import User
from common.errors import Refused, RowMoved
from common.models import Event
from programs.models import Cohort, Program
from tests import factories
from tests.factories import NOW
from tests.programs.browsing import press, read
from tests.programs.test_races import at_once
from villages.actions import move_village, record_decree
from villages.filters import VillageFilter
from villages.models import Village
from villages.states import CANDIDATES, DESA_DEVISA, STAGES_OF, STAGES_WITH_REASON, StageGroup, VillageStage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
S = VillageStage
DECREE = {"decree_number": "188/21/KEP/2026", "decree_on": "15/9/2026"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def desk(reader: Client, sari: User, cohort: Cohort) -> Client:
    reader.force_login(sari)
    return reader


def at_stage(village: Village, stage: str) -> Village:
    Village.objects.filter(pk=village.pk).update(stage=stage)
    village.refresh_from_db()
    return village


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_village_goes_its_way_and_the_history_tells_it(desk: Client, parengan: Village) -> None:
    at_stage(parengan, S.PROPOSED)
    press(desk, "village-stage", parengan.pk, to="assessed")
    page = read(desk, "village-stage", parengan.pk)
    assert re.findall(r'name="to" value="(\w+)"', page) == ["designated", "deferred", "rejected", "stopped"]
    press(desk, "village-stage", parengan.pk, to="designated", **DECREE)
    press(desk, "village-stage", parengan.pk, to="launched")
    parengan.refresh_from_db()
    assert (parengan.stage, parengan.decree_on) == ("launched", date(2026, 9, 15))
    page = plain(read(desk, "village-stage", parengan.pk))
    told = page[page.index("History") :]
    assert re.search(r"Launched Thu, 1 Oct 2026 10\.00 WIB · Sari Designated .* Sari Decree 188/21/KEP/2026, Tue", told)
    press(desk, "village-stage", parengan.pk, to="stopped", reason="Nobody weaves any more")
    page = plain(read(desk, "village-stage", parengan.pk))
    assert "This village left the programme: Nobody weaves any more" in page
    assert "Next move" not in page
    press(desk, "village-stage", parengan.pk, to="active", status=400)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Becomes: This field is required."),
        ({"to": "active"}, "Select a valid choice"),
        ({"to": "stopped", "reason": " "}, "Reason: Say why the village leaves the programme."),
        ({"to": "designated", "decree_number": "1"}, "Decree date: A decree has both a number and a date."),
        ({"to": "designated", "decree_on": "1/9/2026"}, "Decree number: A decree has both a number and a date."),
        ({"to": "designated", **DECREE, "decree_on": "2/10/2026"}, "A decree is dated today or earlier."),
        ({"to": "designated", **DECREE, "decree_on": "13/24/2026"}, "Write the date"),
        ({"to": "designated", **DECREE, "decree_number": "x" * 81}, "at most 80"),
    ],
)
def test_wrong_moves_are_said_beside_their_field(
    desk: Client, parengan: Village, typed: dict[str, str], said: str
) -> None:
    at_stage(parengan, S.ASSESSED)
    assert said in press(desk, "village-stage", parengan.pk, status=400, **typed)
    parengan.refresh_from_db()
    assert (parengan.stage, parengan.decree_number) == ("assessed", "")
    assert not Event.objects.about(parengan).exists()


def test_decree_is_written_down_later_and_corrected(desk: Client, parengan: Village) -> None:
    assert "Write down the decree" in read(desk, "village-stage", parengan.pk)
    press(desk, "village-decree", parengan.pk, **DECREE)
    press(desk, "village-decree", parengan.pk, **DECREE)
    press(desk, "village-decree", parengan.pk, decree_number="188/22/KEP/2026", decree_on="16/9/2026")
    page = plain(read(desk, "village-stage", parengan.pk))
    assert "188/22/KEP/2026, Wed, 16 Sep 2026" in page
    assert "Decree of Tue, 15 Sep 2026" in page
    events = Event.objects.about(parengan).order_by("pk")
    assert [(event.verb, event.facts) for event in events] == [
        ("decree_recorded", {"decree_on": "2026-09-15"}),
        ("decree_recorded", {"decree_on": "2026-09-16"}),
    ]
    at_stage(parengan, S.ASSESSED)
    assert "once the village is designated" in press(desk, "village-decree", parengan.pk, status=409, **DECREE)


def test_decree_that_another_hand_wrote_is_not_overwritten(parengan: Village, sari: User) -> None:
    slow = Village.objects.get(pk=parengan.pk)
    record_decree(parengan, decree_number="1", decree_on=date(2026, 9, 1), by=sari, at=NOW)
    with pytest.raises(RowMoved):
        record_decree(slow, decree_number="2", decree_on=date(2026, 9, 1), by=sari, at=NOW)
    with pytest.raises(ValidationError):
        record_decree(parengan, decree_number=" ", decree_on=date(2026, 9, 1), by=sari, at=NOW)
    with pytest.raises(Refused):
        record_decree(at_stage(parengan, S.STOPPED), decree_number="3", decree_on=date(2026, 9, 1), by=sari, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_many_hands_move_a_village_once(parengan: Village, sari: User, admin: User) -> None:
    at_stage(parengan, S.ACTIVE)
    hands = [Village.objects.get(pk=parengan.pk) for _ in range(8)]
    goals = [(S.FIRST_EXPORT, ""), (S.STOPPED, "Closed")] * 4

    def move(place: int) -> None:
        to, reason = goals[place]
        move_village(hands[place], to=to, reason=reason, by=(sari, admin)[place % 2], at=NOW)

    raised = at_once(*(lambda place=place: move(place) for place in range(8)))
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", *["RowMoved"] * 7]
    assert Event.objects.about(parengan).count() == 1


@pytest.mark.parametrize("role", ["made", "joko", "observer"])
def test_who_does_not_move_reads_the_history(
    reader: Client, cohort: Cohort, request: pytest.FixtureRequest, role: str
) -> None:
    reader.force_login(request.getfixturevalue(role))
    page = read(reader, "village-stage", cohort.village_id)
    assert "History" in page
    assert "Next move" not in page
    press(reader, "village-stage", cohort.village_id, status=403, to="launched")
    read(reader, "village-decree", cohort.village_id, status=403)


def test_stage_elsewhere_is_not_there(reader: Client, parengan: Village, rina: User) -> None:
    reader.force_login(rina)
    for name in ("village-stage", "village-decree"):
        read(reader, name, parengan.pk, status=404)
        press(reader, name, parengan.pk, status=404, to="launched", **DECREE)


def test_first_export_offers_the_move(desk: Client, parengan: Village, sari: User) -> None:
    at_stage(parengan, S.ACTIVE)
    row = factories.TransactionFactory.create(business_unit__village=parengan, exported_on=date(2026, 8, 20))
    factories.TransactionFactory.create(business_unit__village=parengan, exported_on=date(2026, 8, 1))
    assert "The first export of this village is verified" not in read(desk, "village-detail", parengan.pk)
    type(row)._default_manager.filter(pk=row.pk).update(state="verified", verified_at=NOW, verified_by=sari)
    page = plain(read(desk, "village-detail", parengan.pk))
    assert "The first export of this village is verified (Thu, 20 Aug 2026). Move the village to “First export”" in page
    press(desk, "village-stage", parengan.pk, to="first_export")
    assert "The first export of this village is verified" not in read(desk, "village-detail", parengan.pk)


# -- Counts and filters -----------------------------------------------------------------------------------------------


def test_groups_part_all_stages() -> None:
    stages = [stage for group in STAGES_OF.values() for stage in group]
    assert sorted(stages) == sorted(VillageStage.values)
    assert (len(CANDIDATES), len(DESA_DEVISA), len(STAGES_WITH_REASON)) == (3, 5, 3)


@pytest.fixture
def country(program: Program, cohort: Cohort) -> None:
    """Put one village at every stage into Sari's program, beside Parengan; two more cohorts must not count twice."""
    for stage in VillageStage.values:
        village = factories.VillageFactory.create(stage=stage, commodity="Songket")
        factories.CohortFactory.create(program=program, village=village)
        factories.CohortFactory.create(program=program, village=village)


@pytest.mark.usefixtures("country")
def test_counts_are_apart_whatever_is_filtered(desk: Client) -> None:
    counted = "6 Desa Devisa 3 Candidates for Desa Devisa 3 Out of the programme"
    assert counted in plain(read(desk, "village-list"))
    assert counted in plain(read(desk, "village-list", stage_group="candidate"))
    assert counted in plain(read(desk, "village-list", stage="stopped"))
    narrow = plain(read(desk, "village-list", commodity="songket"))
    assert "5 Desa Devisa 3 Candidates for Desa Devisa 3 Out of the programme" in narrow
    page = read(desk, "village-list", commodity="songket", stage="stopped")
    assert 'href="?commodity=songket&amp;stage_group=candidate"' in page
    assert "0 Desa Devisa" in plain(read(desk, "village-list", status=400, region="11.1"))


@pytest.mark.usefixtures("country")
def test_villages_by_group_and_commodity(program: Program) -> None:
    def found(**query: str) -> list[str]:
        rows = VillageFilter({"program": str(program.pk), **query}, queryset=Village.objects.all())
        assert rows.is_valid()
        return sorted(village.stage for village in rows.qs)

    for group, stages in STAGES_OF.items():
        extra = ["designated"] if group == StageGroup.DESA_DEVISA else []
        assert found(stage_group=group.value) == sorted([*map(str, stages), *extra])
    assert found(stage_group="out", stage="active") == []
    assert found(commodity="ikat") == ["designated"]
    assert not VillageFilter({"stage_group": "all"}, queryset=Village.objects.all()).is_valid()


@pytest.mark.usefixtures("country")
def test_counting_is_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        counts = Village.objects.filter(cohorts__isnull=False).by_group()
    assert counts == {"desa_devisa": 6, "candidate": 3, "out": 3}


def test_stage_page_speaks_indonesian_first(client: Client, sari: User, cohort: Cohort) -> None:
    client.force_login(sari)
    page = read(client, "village-stage", cohort.village_id)
    for words in ('<html lang="id"', "Jalan sebuah desa", "Langkah berikutnya", "Diresmikan"):
        assert words in page
