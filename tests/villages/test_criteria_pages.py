"""Pages of the sets of criteria: read by everyone, written by an administrator only."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from tests import factories
from tests.programs.browsing import press, read
from villages.models import CriteriaSet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def first() -> CriteriaSet:
    return factories.lay_criteria()


@pytest.fixture
def keeper(reader: Client, admin: User, first: CriteriaSet) -> Client:
    reader.force_login(admin)
    return reader


@pytest.fixture
def draft(keeper: Client) -> CriteriaSet:
    press(keeper, "criteria-set-new", name="Second set", in_force_from="1/11/2026")
    return CriteriaSet.objects.get(name="Second set")


def typed(criteria_set: CriteriaSet, **changes: str) -> dict[str, str]:
    fields = {"name": criteria_set.name, "source": criteria_set.source, "in_force_from": "1/11/2026"}
    for line in criteria_set.lines:
        fields[f"{line.code}-weight"] = f"{line.weight / 100:g}".replace(".", ",")
        for language, words in (("id", line.anchors_id), ("en", line.anchors_en)):
            fields |= {f"{line.code}-{language}-{value}": said for value, said in enumerate(words, 1)}
    return fields | changes


def test_set_is_drafted_worded_published_and_kept(keeper: Client, draft: CriteriaSet, first: CriteriaSet) -> None:
    assert 'value="12,5"' in read(keeper, "criteria-set-edit", draft.pk)
    given = typed(draft, **{"quality-weight": "15", "market-weight": "10.0", "quality-en-3": "Written and followed."})
    press(keeper, "criteria-set-edit", draft.pk, **given)
    page = read(keeper, "criteria-set-detail", draft.pk)
    assert "Written and followed." in page
    assert "15%" in page
    press(keeper, "criteria-set-publish", draft.pk)
    page = read(keeper, "criteria-set-detail", draft.pk)
    assert "Published by Admin." in page
    assert reverse("criteria-set-edit", args=[draft.pk]) not in page
    press(keeper, "criteria-set-publish", draft.pk, status=409)
    press(keeper, "criteria-set-edit", draft.pk, status=409, **given)
    press(keeper, "criteria-set-edit", first.pk, status=409, **typed(first))


def test_weights_that_do_not_sum_are_said_in_words(keeper: Client, draft: CriteriaSet) -> None:
    press(keeper, "criteria-set-edit", draft.pk, **typed(draft, **{"quality-weight": "13,75"}))
    page = press(keeper, "criteria-set-publish", draft.pk, status=400)
    assert "sum to 101,25 percent" in page
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quality-weight": "0"}, "Write a percent above 0"),
        ({"quality-weight": "100,01"}, "Write a percent above 0"),
        ({"quality-weight": "twelve"}, "Write a percent above 0"),
        ({"quality-weight": "1e9"}, "Write a percent above 0"),
        ({"quality-weight": ""}, "This field is required"),
        ({"quality-id-2": " "}, "This field is required"),
        ({"quality-en-5": "x" * 241}, "at most 240"),
        ({"name": "a\x00b"}, "cannot be kept"),
        ({"in_force_from": "soon"}, "Write the date"),
    ],
)
def test_bad_words_are_said_and_nothing_typed_is_lost(
    keeper: Client, draft: CriteriaSet, change: dict[str, str], said: str
) -> None:
    given = typed(draft, **{"market-en-1": "Keep these words."}) | change
    page = press(keeper, "criteria-set-edit", draft.pk, status=400, **given)
    assert said in page
    assert "Keep these words." in page
    draft.refresh_from_db()
    assert draft.weights["quality"] == 1250


def test_name_is_taken_once(keeper: Client, draft: CriteriaSet) -> None:
    page = press(keeper, "criteria-set-new", name="Second set", in_force_from="2/11/2026", status=400)
    assert "already exists" in page
    assert CriteriaSet.objects.filter(name="Second set").count() == 1


@pytest.mark.parametrize("role", ["sari", "made", "joko", "observer"])
def test_others_read_what_is_published_and_write_nothing(
    keeper: Client, draft: CriteriaSet, first: CriteriaSet, request: pytest.FixtureRequest, role: str
) -> None:
    keeper.force_login(request.getfixturevalue(role))
    page = read(keeper, "criteria-set-list")
    assert first.name in page
    assert "Second set" not in page
    assert "New draft" not in page
    assert "The product is like what many places sell." in read(keeper, "criteria-set-detail", first.pk)
    read(keeper, "criteria-set-detail", draft.pk, status=404)
    read(keeper, "criteria-set-new", status=403)
    read(keeper, "criteria-set-edit", draft.pk, status=403)
    press(keeper, "criteria-set-publish", draft.pk, status=403)


def test_pages_ask_the_same_number_of_queries(keeper: Client, first: CriteriaSet) -> None:
    def count() -> list[int]:
        found = []
        for name, keys in (("criteria-set-list", []), ("criteria-set-detail", [first.pk])):
            with CaptureQueriesContext(connection) as queries:
                read(keeper, name, *keys)
            found.append(len(queries))
        return found

    count()
    before = count()
    for day in range(1, 7):
        factories.next_criteria(name=f"Set {day}", in_force_from=date(2027, 1, day))
    assert count() == before


def test_menu_leads_there_for_who_keeps_the_system_only(keeper: Client, sari: User) -> None:
    address = f'href="{reverse("criteria-set-list")}"'
    assert address in read(keeper, "village-list")
    keeper.force_login(sari)
    assert address not in read(keeper, "village-list")
