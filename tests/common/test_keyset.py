"""Keyset pages walk every row once, both ways."""

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from common.keyset import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def many() -> None:
    User.objects.bulk_create(User(name=f"Orang {n // 3}", role="mentor", email=f"p{n}@demo.test") for n in range(23))


@pytest.mark.parametrize("order", [("name", "id"), ("-name", "id"), ("-id",), ("created_at", "-id")])
@pytest.mark.usefixtures("many")
def test_page_walks_forth_and_back_over_every_row_once(order: tuple[str, ...]) -> None:
    wanted = list(User.objects.order_by(*order).values_list("pk", flat=True))
    seen, cursor, pages = [], None, []
    while True:
        found = page(User.objects.all(), order=order, cursor=cursor, size=5)
        pages.append([row.pk for row in found.rows])
        seen += pages[-1]
        if found.next is None:
            break
        cursor = found.next
    assert seen == wanted
    walked = [pages.pop()]
    while found.previous is not None:
        found = page(User.objects.all(), order=order, cursor=found.previous, size=5)
        walked.append([row.pk for row in found.rows])
        assert walked[-1] == pages.pop()
    assert not pages


@pytest.mark.usefixtures("many")
def test_page_costs_one_query_and_one_to_find_its_edge(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cursor = page(User.objects.all(), order=("id",), size=5).next
    with django_assert_num_queries(1):
        page(User.objects.all(), order=("id",), size=5)
    with django_assert_num_queries(2):
        page(User.objects.all(), order=("id",), cursor=cursor, size=5)


@pytest.mark.usefixtures("many")
def test_cursor_holds_no_name() -> None:
    cursor = page(User.objects.all(), order=("name", "id"), size=5).next
    assert cursor
    assert len(signing.loads(cursor, salt="page:accounts.user:name,id")) == 2
    assert "Orang" not in str(signing.loads(cursor, salt="page:accounts.user:name,id"))


@pytest.mark.usefixtures("many")
def test_page_goes_on_when_the_edge_was_renamed_and_stops_when_it_is_gone() -> None:
    found = page(User.objects.all(), order=("name", "id"), size=5)
    edge = found.rows[-1]
    User.objects.filter(pk=edge.pk).update(name="Zzz")
    assert page(User.objects.all(), order=("name", "id"), cursor=found.next).rows == []
    edge.delete()
    with pytest.raises(ValidationError):
        page(User.objects.all(), order=("name", "id"), cursor=found.next)


@pytest.mark.parametrize("cursor", ["", "x", "eyJ9", "\x00", "a:b:c"])
@pytest.mark.usefixtures("many")
def test_page_refuses_a_cursor_that_it_did_not_write(cursor: str) -> None:
    if not cursor:
        assert page(User.objects.all(), order=("id",), cursor=cursor).previous is None
        return
    with pytest.raises(ValidationError):
        page(User.objects.all(), order=("id",), cursor=cursor)


@pytest.mark.usefixtures("many")
def test_page_refuses_a_cursor_of_another_order() -> None:
    cursor = page(User.objects.all(), order=("id",), size=5).next
    with pytest.raises(ValidationError):
        page(User.objects.all(), order=("-id",), cursor=cursor)


def test_page_of_nothing_is_empty_and_alone() -> None:
    found = page(User.objects.none(), order=("id",))
    assert (found.rows, found.next, found.previous) == ([], None, None)
