"""The menu shows what a person may open, and a phone's bar never more than four of it."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from common.templatetags.navigation import BAR_SIZE, DESK, FIELD, Navigation, navigation


def seen_by(user: object, path: str = "/") -> Navigation:
    request = RequestFactory().get(path)
    request.user = user  # type: ignore[assignment]
    return navigation({"request": request})


def staff(role: str, *abilities: str) -> SimpleNamespace:
    return SimpleNamespace(is_authenticated=True, role=role, has_perm=lambda name: name in abilities)


ALL = [entry.ability for entry in (*DESK, *FIELD)]


def test_navigation_of_a_stranger_is_empty() -> None:
    assert seen_by(AnonymousUser()).items == []
    assert navigation({}).items == []


def test_navigation_shows_only_what_may_be_opened() -> None:
    urls = [item.url for item in seen_by(staff("finance", "programs.read_program")).items]
    assert urls == ["/", "/programs/"]


def test_navigation_of_the_desk_comes_in_small_groups() -> None:
    nav = seen_by(staff("administrator", *ALL))
    assert [len(group) for group in nav.groups] == [3, 3, 3, 2, 2]
    assert nav.items == [item for group in nav.groups for item in group]
    assert len({item.icon for item in nav.items} - {"program"}) == len(nav.items) - 1


def test_navigation_leaves_no_empty_group() -> None:
    assert [len(group) for group in seen_by(staff("finance", "programs.read_program")).groups] == [1, 1]


@pytest.mark.parametrize("role", ["coordinator", "mentor", "observer", "administrator", "finance"])
def test_navigation_bar_holds_at_most_four(role: str) -> None:
    nav = seen_by(staff(role, *ALL))
    assert len(nav.bar) <= BAR_SIZE
    assert len(nav.items) > 1


def test_navigation_bar_leads_to_the_whole_menu() -> None:
    assert seen_by(staff("coordinator", *ALL)).bar[-1].url == "#menu"
    assert all(item.url != "#menu" for item in seen_by(staff("mentor", *ALL)).bar)


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", ["/"]), ("/schedule/", ["/schedule/"]), ("/sessions/7/", ["/schedule/"]), ("/help/", [])],
)
def test_navigation_marks_where_one_is(path: str, current: list[str]) -> None:
    assert [item.url for item in seen_by(staff("coordinator", *ALL), path).items if item.current] == current
