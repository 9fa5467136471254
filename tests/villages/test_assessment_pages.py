"""Pages of assessments: the list and its web, the form that keeps everything, the record, and who may what."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from programs.models import Cohort
from tests import factories
from tests.programs.browsing import press, read
from villages.models import Assessment, Village
from villages.states import Criterion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "cohort")]
FULL = dict.fromkeys(Criterion.values, "4") | {f"{code}-evidence": "Seen on 12 looms." for code in Criterion.values}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    factories.lay_criteria()
    with translation.override("en"):
        yield


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    reader.force_login(sari)
    return reader


@pytest.fixture
def field(made: User) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(made)
    return client


def start(client: Client, village: Village, kind: str = "mentor", as_of: str = "24/9/2026") -> Assessment:
    press(client, "assessment-new", village.pk, kind=kind, as_of=as_of)
    return Assessment.objects.latest("pk")


def test_mentor_scores_submits_and_the_desk_makes_it_final(field: Client, desk: Client, parengan: Village) -> None:
    row = start(field, parengan)
    page = read(field, "assessment-edit", row.pk)
    assert "Motif, material or making belong to the area." in page
    press(
        field, "assessment-edit", row.pk, version=1, state="draft", quality="2", **{"market-evidence": "Three buyers"}
    )
    page = read(field, "assessment-edit", row.pk)
    assert re.search(r'name="quality" value="2"[^>]* checked', page)
    assert "Three buyers" in page
    press(field, "assessment-edit", row.pk, version=2, state="submitted", **FULL)
    assert "A colleague at the desk" in read(field, "assessment-detail", row.pk)
    assert "Make it final" not in read(field, "assessment-detail", row.pk)
    assert "Make it final" in read(desk, "assessment-detail", row.pk)
    press(desk, "assessment-finalise", row.pk)
    page = read(desk, "assessment-detail", row.pk)
    for words in ("Made", "Sari", "Seen on 12 looms.", "4,00", "Thu, 1 Oct 2026 10.00 WIB", "12,5%"):
        assert words in page
    press(desk, "assessment-finalise", row.pk, status=409)
    assert field.get(reverse("assessment-edit", args=[row.pk]))["Location"] == reverse(
        "assessment-detail", args=[row.pk]
    )
    press(field, "assessment-edit", row.pk, version=3, status=409, **FULL)


def test_submitting_keeps_everything_and_lists_what_is_missing(field: Client, parengan: Village) -> None:
    row = start(field, parengan)
    typed = {**FULL, "finance": "", "village-evidence": " "}
    page = press(field, "assessment-edit", row.pk, version=1, state="submitted", status=400, **typed)
    assert "Everything you wrote is saved as a draft" in page
    assert page.count('<li><a href="#') == 2
    assert "Financial capability: Choose a score." in page
    assert "Village potential: Say what shows this." in page
    row.refresh_from_db()
    assert (row.state, row.scores.count()) == ("draft", 8)
    [version] = re.findall(r'name="version" value="(\d+)"', page)
    press(field, "assessment-edit", row.pk, version=version, state="submitted", **FULL)
    row.refresh_from_db()
    assert row.state == "submitted"


def test_slower_tab_is_told_and_keeps_its_words(field: Client, parengan: Village) -> None:
    row = start(field, parengan)
    press(field, "assessment-edit", row.pk, version=1, quality="4")
    page = press(
        field, "assessment-edit", row.pk, version=1, quality="1", status=409, **{"quality-evidence": "Late words"}
    )
    assert "Someone else changed this a moment ago" in page
    assert "Late words" in page
    assert row.scores.get(criterion="quality").value == 4
    again = press(field, "assessment-edit", row.pk, version=1, quality="1", status=409)
    assert "Someone else changed this" in again


@pytest.mark.parametrize(
    "typed",
    [{"quality": "9"}, {"quality": "x"}, {"version": "x"}, {"quality-evidence": "x" * 1001}, {"version": "9" * 30}],
)
def test_bad_scores_are_said_beside_their_field(field: Client, parengan: Village, typed: dict[str, str]) -> None:
    row = start(field, parengan)
    page = press(
        field, "assessment-edit", row.pk, status=400, **{"version": "1", "market-evidence": "Keep me", **typed}
    )
    assert "Keep me" in page
    assert not row.scores.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "lpei", "as_of": "24/9/2026"}, "Select a valid choice"),
        ({"kind": "self", "as_of": "13/24/2026"}, "Write the date"),
        ({"kind": "self", "as_of": "2/10/2026"}, "today or an earlier day"),
        ({"kind": "self", "as_of": "1/1/2001"}, "No criteria were in force"),
        ({"kind": "mentor", "as_of": "24/9/2026"}, "already has an assessment of this kind"),
    ],
)
def test_start_says_what_is_wrong(field: Client, parengan: Village, typed: dict[str, str], said: str) -> None:
    start(field, parengan)
    assert said in press(field, "assessment-new", parengan.pk, status=400, **typed)


def test_draft_of_the_desk_is_lpei_and_no_mentor_writes_in_it(field: Client, desk: Client, parengan: Village) -> None:
    row = start(desk, parengan, kind="lpei")
    read(field, "assessment-detail", row.pk)
    read(field, "assessment-edit", row.pk, status=403)
    press(field, "assessment-edit", row.pk, version=1, status=403, **FULL)
    press(field, "assessment-finalise", row.pk, status=403)
    press(desk, "assessment-day", row.pk, kind="self", as_of="2/9/2026")
    row.refresh_from_db()
    assert (row.kind, row.as_of) == ("self", date(2026, 9, 2))
    read(field, "assessment-edit", row.pk)


def test_who_submitted_is_asked_to_find_a_colleague(desk: Client, sari: User, parengan: Village) -> None:
    row = factories.assessed(village=parengan, state="submitted", by=sari)
    page = read(desk, "assessment-detail", row.pk)
    assert "You submitted this" in page
    assert "Make it final" not in page
    assert "ask a colleague" in press(desk, "assessment-finalise", row.pk, status=409)


# -- The list and its web ---------------------------------------------------------------------------------------------


def test_village_without_one_says_what_an_assessment_is(desk: Client, parengan: Village) -> None:
    page = read(desk, "assessment-list", parengan.pk)
    assert "Not assessed yet" in page
    assert '<svg class="radar"' not in page


def test_last_two_are_drawn_with_the_same_figures_in_a_table(desk: Client, parengan: Village) -> None:
    factories.assessed(2, village=parengan, as_of=date(2026, 6, 1))
    factories.assessed({"finance": 1}, village=parengan, as_of=date(2026, 9, 1))
    page = re.sub(r"\s+", " ", read(desk, "assessment-list", parengan.pk))
    drawn, table = page.split("<table", 1)
    assert (drawn.count('class="radar-now"'), drawn.count('class="radar-before"')) == (2, 2)  # shape and legend
    assert "Financial capability: 2 → 1." in drawn
    assert 'role="img"' in drawn
    assert re.search(
        r'Financial capability</th><td class="num">2</td><td class="num strong">1</td><td class="num">−1<', table
    )
    assert re.search(r'<td class="num">2,00</td><td class="num strong">2,75</td><td class="num">\+0,75<', table)
    assert "style=" not in page


def test_two_days_are_chosen_in_any_order(desk: Client, parengan: Village) -> None:
    rows = [factories.assessed(n, village=parengan, as_of=date(2026, n, 1)) for n in (1, 2, 3)]
    page = read(desk, "assessment-list", parengan.pk, now=rows[0].pk, before=rows[2].pk)
    assert "Product uniqueness: 1 → 3." in page
    assert "Product uniqueness: 2 → 3." in read(desk, "assessment-list", parengan.pk, now="x", before="99999999")
    alone = read(desk, "assessment-list", parengan.pk, now=rows[1].pk, before=rows[1].pk)
    assert "Product uniqueness: 2." in alone


def test_totals_of_two_sets_are_not_set_side_by_side(desk: Client, parengan: Village) -> None:
    factories.assessed(2, village=parengan, as_of=date(2026, 6, 1))
    second = factories.next_criteria()
    factories.assessed(4, village=parengan, as_of=date(2026, 9, 2), criteria_set=second)
    page = read(desk, "assessment-list", parengan.pk)
    assert "so their totals and changes are not set side by side" in page
    assert "<tfoot>" not in page


def test_observer_and_finance_read_what_is_final(reader: Client, observer: User, joko: User, parengan: Village) -> None:
    final = factories.assessed(2, village=parengan, as_of=date(2026, 6, 1))
    waiting = factories.assessed(4, village=parengan, as_of=date(2026, 9, 1), state="submitted")
    for user in (observer, joko):
        reader.force_login(user)
        page = read(reader, "assessment-list", parengan.pk)
        assert "New assessment" not in page
        assert "2,00" in page
        assert "4,00" not in page
        read(reader, "assessment-detail", final.pk)
        read(reader, "assessment-detail", waiting.pk, status=404)
        read(reader, "assessment-new", parengan.pk, status=403)
        press(reader, "assessment-finalise", final.pk, status=403)


@pytest.mark.parametrize("role", ["ina", "rina"])
def test_assessments_elsewhere_are_not_there(
    reader: Client, parengan: Village, request: pytest.FixtureRequest, role: str
) -> None:
    row = factories.assessed(village=parengan, state="draft")
    reader.force_login(request.getfixturevalue(role))
    for name, key in (
        ("assessment-list", parengan.pk),
        ("assessment-new", parengan.pk),
        ("assessment-detail", row.pk),
        ("assessment-edit", row.pk),
        ("assessment-day", row.pk),
    ):
        read(reader, name, key, status=404)
    press(reader, "assessment-finalise", row.pk, status={"ina": 403, "rina": 404}[role])


def test_pages_ask_the_same_number_of_queries(desk: Client, parengan: Village) -> None:
    def count(name: str, key: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            read(desk, name, key)
        return len(queries)

    row = factories.assessed(village=parengan, as_of=date(2026, 1, 1))
    factories.assessed(village=parengan, as_of=date(2026, 1, 2))
    pages: list[tuple[str, Any]] = [
        ("assessment-list", parengan.pk),
        ("village-detail", parengan.pk),
        ("assessment-detail", row.pk),
    ]
    for page in pages:
        count(*page)
    before = [count(*page) for page in pages]
    for day in range(1, 7):
        factories.assessed(village=parengan, as_of=date(2026, 2, day))
    assert [count(*page) for page in pages] == before


def test_village_page_shows_where_it_stands(desk: Client, parengan: Village) -> None:
    assert "Not assessed yet." in read(desk, "village-detail", parengan.pk)
    factories.assessed(2, village=parengan, as_of=date(2026, 6, 1))
    factories.assessed({"finance": 1, "market": 2}, village=parengan, as_of=date(2026, 9, 1), state="submitted")
    page = re.sub(r"\s+", " ", read(desk, "village-detail", parengan.pk))
    for words in (
        "2,63 of 5",
        "(+0,63)",
        "Financial capability (1), Market potential and positioning (2)",
        "Submitted",
    ):
        assert words in page


def test_pages_speak_indonesian_first(client: Client, sari: User, parengan: Village) -> None:
    row = factories.assessed(village=parengan, state="draft")
    client.force_login(sari)
    for name, key in (("assessment-list", parengan.pk), ("assessment-edit", row.pk), ("assessment-detail", row.pk)):
        page = client.get(reverse(name, args=[key])).content.decode()
        assert '<html lang="id"' in page
    assert "Motif, bahan, atau cara membuatnya khas daerah." in page


def test_drawing_writes_its_numbers_with_a_point_in_indonesian_too(
    client: Client, sari: User, parengan: Village
) -> None:
    factories.assessed(2, village=parengan, as_of=date(2026, 6, 1))
    factories.assessed(3, village=parengan, as_of=date(2026, 9, 1))
    client.force_login(sari)
    page = client.get(reverse("assessment-list", args=[parengan.pk])).content.decode()
    drawing = page[page.index('<svg class="radar"') : page.index("</svg>", page.index('<svg class="radar"'))]
    numbers = re.findall(r' (?:x|y|x1|y1|x2|y2|cx|cy|r)="([^"]*)"', drawing)
    assert len(numbers) > 100
    assert not [number for number in numbers if not re.fullmatch(r"\d+(\.\d+)?", number)]
    assert "2,00" in page


def test_pages_ask_to_sign_in(client: Client, cohort: Cohort) -> None:
    for path in ("/villages/1/assessments/", "/villages/1/assessments/new/", "/assessments/1/", "/criteria-sets/"):
        assert "/accounts/login/" in client.get(path)["Location"]
