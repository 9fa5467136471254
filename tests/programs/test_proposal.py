"""What a cohort is proposed: the table, the amounts, and the form that takes them."""

import re
from collections.abc import Mapping
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from programs.models import Cohort, Program, Venue
from programs.proposal import AMOUNTS, ASKS, JP, amount_for, proposal_for, propose
from programs.states import MODE_OF, Mode, ModuleCode
from tests import factories
from tests.programs.browsing import press, read
from tests.programs.plans import draft, scheduled
from villages.models import Assessment, Person, Village
from villages.states import Criterion

FIVE = range(1, 6)


def values(low: int = 5, **others: int) -> dict[str, int]:
    return dict.fromkeys(Criterion.values, low) | others


def amounts(scored: Mapping[str, int]) -> dict[str, int]:
    return {code: need.amount for code, need in propose(scored, scale=FIVE).items()}


# -- The table, without a database ------------------------------------------------------------------------------------


def test_table_names_every_criterion_and_every_module() -> None:
    assert {ask.criterion for ask in ASKS} == set(Criterion.values)
    assert {ask.module for ask in ASKS} == set(AMOUNTS) == set(ModuleCode.values)
    assert len({(ask.criterion, ask.module) for ask in ASKS}) == len(ASKS)
    assert all(str(ask.reason).endswith(".") for ask in ASKS)


@pytest.mark.parametrize("code", ModuleCode)
def test_amounts_fall_and_trainings_are_whole_hours(code: ModuleCode) -> None:
    given = AMOUNTS[code]
    assert given.full > given.half > given.light >= 0
    if MODE_OF[code] == Mode.TRAINING:
        assert not [minutes for minutes in (given.full, given.half, given.light) if minutes % JP]


def test_amount_goes_by_the_score() -> None:
    assert [amount_for("design", value, FIVE) for value in FIVE] == [540, 540, 270, 0, 0]
    assert [amount_for("handholding", value, FIVE) for value in FIVE] == [8, 8, 4, 2, 2]
    assert [amount_for("design", value, range(4)) for value in range(4)] == [540, 270, 0, 0]
    assert [amount_for("design", value, range(1, 10)) for value in range(1, 10)] == [540] * 3 + [270] * 2 + [0] * 4


def test_strong_village_is_proposed_little() -> None:
    assert {code: amount for code, amount in amounts(values(5)).items() if amount} == {
        "handholding": 2,
        "sample-shipping": 1,
        "international-trade": 1,
    }


def test_weakest_criterion_decides_about_a_module_and_is_named() -> None:
    needs = propose(values(5, process=3, infrastructure=1, village=4), scale=FIVE)
    assert (needs["production-capacity"].amount, needs["production-capacity"].criterion) == (720, "infrastructure")
    assert (needs["handholding"].amount, needs["handholding"].value) == (8, 1)
    equal = propose(values(2), scale=FIVE)
    assert equal["production-capacity"].criterion == "process"
    assert list(equal) == ModuleCode.values


def test_criterion_without_a_value_asks_for_nothing() -> None:
    assert list(propose({"finance": 1}, scale=FIVE)) == ["finance"]
    assert propose({}, scale=FIVE) == {}


def test_hours_are_told_of_trainings_only() -> None:
    needs = propose(values(2), scale=FIVE)
    assert (needs["design"].hours, needs["finance"].hours) == (12, None)
    assert needs["finance"].criterion_name == str(Criterion.FINANCE.label)


# -- Which assessment -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_last_final_one_goes_before_a_later_submitted_one(parengan: Village) -> None:
    rows = Assessment.objects.all()
    assert proposal_for(parengan, rows).assessment is None
    factories.assessed(1, village=parengan, state="draft", as_of=date(2026, 9, 9))
    assert proposal_for(parengan, rows).amounts == {}
    waiting = factories.assessed(2, village=parengan, state="submitted", as_of=date(2026, 9, 8))
    assert proposal_for(parengan, rows).assessment == waiting
    factories.assessed(5, village=parengan, as_of=date(2026, 1, 1))
    final = factories.assessed(3, village=parengan, as_of=date(2026, 2, 1))
    factories.assessed(1, as_of=date(2026, 3, 1))  # of another village
    assert proposal_for(parengan, rows).assessment == final
    assert proposal_for(parengan, rows).amounts["design"] == 270


# -- The form ---------------------------------------------------------------------------------------------------------

pages = pytest.mark.usefixtures("clock")


def field(page: str, name: str) -> str:
    [found] = re.findall(rf'<input type="number" name="{name}"[^>]*>', page)
    said = re.search(r'value="([^"]*)"', found)
    return said[1] if said else ""


@pages
def test_new_cohort_leads_to_what_it_is_owed(desk: Client, program: Program, cohort: Cohort) -> None:
    days = {"starts_on": "1/2/2026", "ends_on": "30/11/2026"}
    typed = {"village": cohort.village_id, "name": "Angkatan 2", **days}
    answer = desk.post(reverse("cohort-new", args=[program.pk]), typed)
    assert answer["Location"] == reverse("cohort-requirements", args=[Cohort.objects.get(name="Angkatan 2").pk])


@pages
def test_form_shows_what_is_proposed_and_why(desk: Client, cohort: Cohort) -> None:
    factories.assessed(values(4, finance=1, quality=3), village=cohort.village)
    page = read(desk, "cohort-requirements", cohort.pk)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Proposed: 4 visits · Financial capability: 1. A mentor keeps the books" in said
    assert "Proposed: 270 minutes (6 JP) · Product specification and quality: 3. A written" in said
    assert "Proposed: nothing · Product uniqueness: 4. Branding" in said
    assert field(page, "finance") == ""


@pages
def test_taking_fills_what_is_empty_and_saves_nothing(desk: Client, cohort: Cohort) -> None:
    factories.assessed(values(4, finance=1, quality=3), village=cohort.village)
    page = press(
        desk, "cohort-requirements", cohort.pk, status=200, take="proposal", finance="7", design="45", branding=""
    )
    assert [field(page, name) for name in ("finance", "design", "branding", "quality-assurance", "handholding")] == [
        *("7", "45", "", "270", "2")
    ]
    assert field(page, "quality-assurance-attendance") == "80"
    assert "nothing is saved yet" in page
    assert not cohort.requirements.exists()
    again = read(desk, "cohort-requirements", cohort.pk, take="proposal")
    assert [field(again, name) for name in ("finance", "design", "quality-assurance")] == ["4", "", "270"]
    assert not cohort.requirements.exists()


@pages
def test_taking_keeps_what_cannot_be_right_and_says_so(desk: Client, cohort: Cohort) -> None:
    factories.assessed(2, village=cohort.village)
    page = press(desk, "cohort-requirements", cohort.pk, status=200, take="proposal", design="-4")
    assert field(page, "design") == "-4"
    assert "greater than or equal to 1" in page
    assert field(page, "branding") == "360"


@pages
def test_taking_says_when_nothing_was_empty(desk: Client, cohort: Cohort) -> None:
    factories.lay_requirements(cohort)
    factories.assessed(2, village=cohort.village)
    full = dict.fromkeys(ModuleCode.values, "2")
    page = press(desk, "cohort-requirements", cohort.pk, status=200, take="proposal", **full)
    assert "Nothing was filled" in page


@pages
def test_submitted_assessment_is_said_to_be_no_more(desk: Client, cohort: Cohort) -> None:
    factories.assessed(2, village=cohort.village, state="submitted")
    assert "submitted, not final yet" in read(desk, "cohort-requirements", cohort.pk)


@pages
def test_without_an_assessment_amounts_come_from_another_cohort(desk: Client, cohort: Cohort, rina: User) -> None:
    page = read(desk, "cohort-requirements", cohort.pk)
    assert "Parengan is not assessed yet" in page
    assert reverse("assessment-new", args=[cohort.village_id]) in page
    assert "Copy from another cohort" not in page
    other = factories.CohortFactory.create(program=cohort.program, name="Angkatan 9")
    factories.RequirementFactory.create(cohort=other, required=315, minimum_attendance=70)
    foreign = factories.RequirementFactory.create(required=999).cohort
    page = read(desk, "cohort-requirements", cohort.pk)
    assert "Angkatan 9" in page
    assert foreign.name not in page
    page = press(desk, "cohort-requirements", cohort.pk, status=200, take="cohort", branding="90", **{"from": other.pk})
    assert [field(page, name) for name in ("design", "design-attendance", "branding")] == ["315", "70", "90"]
    for key in (foreign.pk, "x", ""):
        page = press(desk, "cohort-requirements", cohort.pk, status=200, take="cohort", **{"from": key})
        assert field(page, "design") == ""


@pages
def test_proposal_is_for_planners_of_this_program(reader: Client, cohort: Cohort, made: User, rina: User) -> None:
    reader.force_login(made)
    read(reader, "cohort-requirements", cohort.pk, status=403, take="proposal")
    reader.force_login(rina)
    press(reader, "cohort-requirements", cohort.pk, status=404, take="proposal")


@pages
def test_form_asks_the_same_number_of_queries(desk: Client, cohort: Cohort) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(desk, "cohort-requirements", cohort.pk)
        return len(queries)

    def more(day: int) -> None:
        factories.assessed(village=cohort.village, as_of=date(2026, 1, day))
        factories.RequirementFactory.create(cohort=factories.CohortFactory.create(program=cohort.program))

    more(1)
    count()
    before = count()
    for day in range(2, 8):
        more(day)
    assert count() == before


# -- What comes next --------------------------------------------------------------------------------------------------


@pages
def test_cohort_page_leads_through_its_planning(
    desk: Client, cohort: Cohort, lidia: Person, venue: Venue, sari: User
) -> None:
    def done() -> int:
        page = read(desk, "cohort-detail", cohort.pk)
        assert ("What comes next" in page) == (page.count('class="is-done"') < 4 and "steps" in page)
        return page.count('class="is-done"')

    assert done() == 0
    factories.lay_requirements(cohort)
    assert done() == 1
    factories.EnrollmentFactory.create(cohort=cohort, person=lidia)
    assert done() == 2
    draft(cohort, venue, by=sari)
    assert done() == 3
    scheduled(cohort, None, by=sari, mode="online", starts_at=factories.NOW.replace(day=20))
    page = read(desk, "cohort-detail", cohort.pk)
    assert "What comes next" not in page


@pages
def test_steps_are_for_who_plans(reader: Client, cohort: Cohort, made: User) -> None:
    reader.force_login(made)
    assert "What comes next" not in read(reader, "cohort-detail", cohort.pk)
