"""Who asks to be forgotten takes their words along; that something was written stays."""

from datetime import datetime, timedelta

import pytest

from programs.models import Cohort
from reminders.models import LoggedText, Message
from replies.actions import answer_reply
from replies.models import Answer, KnownUser, Reply
from tests import factories
from tests.reminders.worlds import household, meeting, plan, send
from tests.replies.worlds import converse, write
from villages.actions import anonymise_person, merge_people
from villages.models import Person

pytestmark = pytest.mark.django_db


def test_their_words_go_and_the_rows_stay(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari")
    session = meeting(cohort, at + timedelta(days=2))
    plan(session, at=at)
    send(at)
    by = factories.UserFactory.create()
    converse(number, "izin, anak Ani sakit", at=at, user_id="person-7")
    reply, _left = converse(number, "Ani boleh datang sore?", at=at)
    answer_reply(reply, text="Boleh, Bu Ani.", by=by, at=at)
    send(at)
    anonymise_person(Person.objects.get(name="Ani Lestari"), by=by, at=at)
    assert set(Reply.objects.values_list("text", "sender", "user_id")) == {("", "", "")}
    assert set(Answer.objects.values_list("text", flat=True)) == {""}
    assert not KnownUser.objects.exists()
    assert set(session.seats.values_list("rsvp_reason", flat=True)) == {""}
    assert not Message.objects.filter(text__contains="Ani").exists()
    assert not LoggedText.objects.filter(text__contains="Ani").exists()
    assert Reply.objects.count() == 2


def test_words_from_a_number_that_others_use_stay(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari", "Siti Aminah")
    reply = write(number, "Boleh datang sore?", at=at)
    by = factories.UserFactory.create()
    anonymise_person(Person.objects.get(name="Ani Lestari"), by=by, at=at)
    reply.refresh_from_db()
    assert reply.text == "Boleh datang sore?"
    anonymise_person(Person.objects.get(name="Siti Aminah"), by=by, at=at)
    reply.refresh_from_db()
    assert reply.text == ""


def test_an_answer_for_a_seat_goes_with_its_person(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari", "Siti Aminah")
    session = meeting(cohort, at + timedelta(days=2))
    plan(session, at=at)
    send(at)
    reply = write(number, "izin, Ani sakit", at=at)
    anonymise_person(Person.objects.get(name="Ani Lestari"), by=factories.UserFactory.create(), at=at)
    reply.refresh_from_db()
    assert reply.text == ""
    assert sorted(session.seats.values_list("rsvp_reason", flat=True)) == ["", "Ani sakit"]


def test_answers_and_doubts_move_with_a_merged_person(cohort: Cohort, at: datetime) -> None:
    number = household(cohort, "Ani Lestari")
    keep = factories.PersonFactory.create(village=cohort.village, name="Ani L.")
    session = meeting(cohort, at + timedelta(days=2))
    reply = write(number, "izin sakit", at=at)
    merge_people(keep, gone=Person.objects.get(name="Ani Lestari"), by=factories.UserFactory.create(), at=at)
    seat = session.seats.get()
    assert seat.enrollment.person == keep
    assert list(reply.seats.all()) == [seat]
    assert seat.rsvp_reason == "sakit"
