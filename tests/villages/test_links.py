"""A household's address: named by key, not guessable, ended by renewing or revoking."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from tests import factories
from villages.actions import renew_link, revoke_link
from villages.links import link_of, token_of
from villages.models import ContactPoint, PersonalLink


def fresh(point: ContactPoint) -> ContactPoint:
    return ContactPoint.objects.select_related("link").get(pk=point.pk)


@pytest.mark.django_db
def test_token_opens_its_number_and_writes_nothing() -> None:
    point = factories.ContactPointFactory.create()
    token = token_of(fresh(point))
    with CaptureQueriesContext(connection) as queries:
        link = link_of(token)
    assert link is not None
    assert (link.contact_point, len(queries)) == (point, 1)
    assert point.number[-6:] not in token
    assert not PersonalLink.objects.exists()


@pytest.mark.django_db
def test_renewing_ends_the_old_token(sari: User, at: datetime) -> None:
    point = factories.ContactPointFactory.create()
    old = token_of(fresh(point))
    link = renew_link(point, by=sari, at=at)
    new = token_of(fresh(point))
    assert token_of(link) == new != old
    assert link_of(old) is None
    assert link_of(new) == link


@pytest.mark.django_db
def test_revoking_closes_until_it_is_renewed(sari: User, at: datetime) -> None:
    point = factories.ContactPointFactory.create()
    old = token_of(fresh(point))
    revoke_link(point, by=sari, at=at)
    assert (link_of(old), token_of(fresh(point))) == (None, "")
    renew_link(point, by=sari, at=at)
    assert link_of(token_of(fresh(point))) is not None
    assert link_of(old) is None


@pytest.mark.django_db
def test_token_of_one_number_does_not_open_another() -> None:
    one, other = factories.ContactPointFactory.create(), factories.ContactPointFactory.create()
    mark = token_of(fresh(one)).partition("-")[2]
    assert link_of(f"{other.pk}-{mark}") is None


@pytest.mark.django_db
def test_hostile_tokens_open_nothing() -> None:
    for token in (
        "",
        "1",
        "1-",
        "-1-aaaaaaaaaaaaaaaa",
        "0-aaaaaaaaaaaaaaaa",
        "999999999999999999-aaaaaaaaaaaaaaaa",
        "1-AAAAAAAAAAAAAAAA",
        "1-aaaaaaaaaaaaaaaa\n",
        "٣-aaaaaaaaaaaaaaaa",
        "1' or 1=1--",
        "\x00",
    ):
        assert link_of(token) is None


@given(st.text(max_size=40).filter(lambda text: "-" not in text))
def test_text_without_the_shape_never_asks_the_database(text: str) -> None:
    assert link_of(text) is None
