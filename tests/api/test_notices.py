"""What I want to be told, through the API."""

import pytest

from accounts.models import User
from reminders.models import Preference
from tests.api.conftest import Caller

ADDRESS = "/api/v1/me/messages/"


def test_i_see_and_choose_what_is_sent_to_my_role(ask: Caller, made: User) -> None:
    client = ask(made)
    kinds = client.get(ADDRESS).data["kinds"]
    assert [(line["kind"], line["wanted"]) for line in kinds] == [
        ("visit_tomorrow", True),
        ("visit_missing", True),
        ("action_due", True),
        ("action_overdue", True),
    ]
    assert kinds[0]["name"] == "Visit tomorrow"
    for _ in range(2):
        answer = client.patch(ADDRESS, {"kinds": [{"kind": "visit_missing", "wanted": False}]}, format="json")
        assert answer.status_code == 200
        assert [line["wanted"] for line in answer.data["kinds"]] == [True, False, True, True]
    answer = client.patch(ADDRESS, {"kinds": [{"kind": "visit_missing", "wanted": True}]}, format="json")
    assert [line["wanted"] for line in answer.data["kinds"]] == [True, True, True, True]
    assert not Preference.objects.exists()


def test_who_is_sent_nothing_has_nothing_to_choose(ask: Caller, observer: User) -> None:
    assert ask(observer).get(ADDRESS).data == {"kinds": []}
    assert ask(observer).patch(ADDRESS, {"kinds": [{"kind": "digest", "wanted": False}]}, format="json").data == {
        "kinds": []
    }
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"kinds": "digest"},
        {"kinds": [{"kind": "visit_returned", "wanted": False}]},
        {"kinds": [{"kind": "digest", "wanted": "perhaps"}]},
        {"kinds": [{"kind": "digest"}]},
    ],
)
def test_what_is_no_choice_is_refused(ask: Caller, sari: User, body: object) -> None:
    answer = ask(sari).patch(ADDRESS, body, format="json")
    assert answer.status_code == 400
    assert not Preference.objects.exists()


def test_nobody_chooses_without_signing_in(ask: Caller) -> None:
    assert ask(None).get(ADDRESS).status_code == 401
    assert ask(None).patch(ADDRESS, {"kinds": []}, format="json").status_code == 401
