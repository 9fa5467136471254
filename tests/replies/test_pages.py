"""The inbox and its conversation: who reads what, who answers, and who is written down."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.errors import RowMoved
from programs.models import Cohort
from reminders.models import Message
from reminders.states import Kind, MessageState
from replies.actions import answer_reply, close_reply
from replies.models import Answer, Reply
from replies.states import ReplyState
from tests import factories
from tests.reminders.worlds import happened, household, meeting, plan, send
from tests.replies.worlds import write
from villages.models import Consent, ContactPoint, Person, Village
from villages.states import ConsentHow, ContactState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
INBOX = "/messages/inbox/"
STRANGER = "+6281355512345"


@pytest.fixture
def number(cohort: Cohort) -> ContactPoint:
    """The number of Bu Lidia and Bu Siti."""
    return household(cohort, "Lidia Wati", "Siti Aminah")


@pytest.fixture
def reply(number: ContactPoint, at: datetime) -> Reply:
    """A sentence that waits."""
    return write(number, "Apakah boleh membawa anak?", at=at)


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    """Sari at her desk."""
    reader.force_login(sari)
    return reader


def body(client: Client, address: str) -> str:
    """Read a page that opens."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_inbox_shows_who_wrote_and_hides_the_number(desk: Client, reply: Reply, number: ContactPoint) -> None:
    page = body(desk, INBOX)
    assert "Lidia Wati, Siti Aminah" in page
    assert "Apakah boleh membawa anak?" in page
    assert "Waits for a person" in page
    assert number.number not in page
    assert f"••••-{number.number[-3:]}" in page


def test_the_inbox_stands_among_the_pages_of_messages(desk: Client, reply: Reply) -> None:
    page = body(desk, INBOX)
    assert f'<a href="{INBOX}" aria-current="page">' in page
    assert '<a href="/messages/calls/">' in page


def test_an_empty_inbox_says_what_it_is(desk: Client, program: object) -> None:
    assert "Nobody has written yet" in body(desk, INBOX)
    assert "No reply fits" in body(desk, f"{INBOX}?state=open")


@pytest.mark.parametrize(
    ("query", "shown"),
    [("state=open", 1), ("state=closed", 0), ("intent=free", 1), ("intent=yes", 0), ("village={village}", 1)],
)
def test_the_inbox_is_narrowed(desk: Client, reply: Reply, cohort: Cohort, query: str, shown: int) -> None:
    page = body(desk, f"{INBOX}?{query.format(village=cohort.village_id)}")
    assert page.count('<th scope="row">') == shown


@pytest.mark.parametrize("query", ["state=x", "intent=x", "village=x", "session=99999999999999999999", "from=31/31"])
def test_a_wrong_filter_is_said(desk: Client, reply: Reply, query: str) -> None:
    assert desk.get(f"{INBOX}?{query}").status_code == 400


def test_a_conversation_shows_both_sides_in_order(
    desk: Client, cohort: Cohort, number: ContactPoint, at: datetime
) -> None:
    session = meeting(cohort, at + timedelta(days=2), topic="Pewarnaan alam")
    plan(session, at=at - timedelta(minutes=1))
    send(at - timedelta(minutes=1))
    reply = write(number, "izin anak sakit", at=at)
    send(at)
    page = body(desk, f"{INBOX}{reply.pk}/")
    places = [page.index(text) for text in ("undangan pelatihan", '"talk-text">izin anak sakit', "tidak bisa hadir di")]
    assert places == sorted(places)
    assert "Answered by itself" in page
    assert "anak sakit" in body(desk, f"/sessions/{session.pk}/")


def test_an_answer_in_free_text_leaves_in_the_same_tick(desk: Client, reply: Reply, sari: User, at: datetime) -> None:
    answer = desk.post(f"{INBOX}{reply.pk}/answer/", {"text": "Boleh, Bu.", "close": "on"})
    assert answer.status_code == 302
    send(at)
    message = Message.objects.get(subject_type="replies.answer")
    assert (message.text, message.state, message.kind) == ("Boleh, Bu.", MessageState.SENT, Kind.REPLY)
    assert message.expires_at == reply.at + timedelta(days=1)
    reply.refresh_from_db()
    assert (reply.state, reply.closed_by) == (ReplyState.CLOSED, sari)
    page = body(desk, f"{INBOX}{reply.pk}/")
    assert "Boleh, Bu." in page
    assert "Sari" in page
    assert happened(reply) == ["read", "answered", "closed"]


def test_the_same_answer_twice_is_one(desk: Client, reply: Reply) -> None:
    for _ in range(2):
        assert desk.post(f"{INBOX}{reply.pk}/answer/", {"text": "Boleh, Bu."}).status_code == 302
    assert Answer.objects.count() == 1
    assert Message.objects.filter(subject_type="replies.answer").count() == 1


def test_an_answer_that_waits_is_shown_as_waiting(desk: Client, reply: Reply) -> None:
    desk.post(f"{INBOX}{reply.pk}/answer/", {"text": "Boleh, Bu."})
    page = body(desk, f"{INBOX}{reply.pk}/")
    assert "Boleh, Bu." in page
    assert "Planned" in page


@pytest.mark.parametrize("text", ["", " ", "x" * 1001, "bad\x07"])
def test_a_bad_answer_is_said_and_kept(desk: Client, reply: Reply, text: str) -> None:
    answer = desk.post(f"{INBOX}{reply.pk}/answer/", {"text": text})
    assert answer.status_code == 400
    assert "Please check this first" in answer.content.decode()


def test_after_a_day_the_page_says_why_not_and_offers_a_call(
    desk: Client, reply: Reply, number: ContactPoint, at: datetime, clock: Any
) -> None:
    clock.move_to(at + timedelta(hours=25))
    page = body(desk, f"{INBOX}{reply.pk}/")
    assert "More than 24 hours have passed" in page
    assert "Show the number" in page
    assert desk.post(f"{INBOX}{reply.pk}/answer/", {"text": "Boleh"}).status_code == 409
    write(number, "Halo?", at=at + timedelta(hours=25))
    assert desk.post(f"{INBOX}{reply.pk}/answer/", {"text": "Boleh"}).status_code == 302


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(ContactState.OPTED_OUT, "asked for no more messages"), (ContactState.WRONG_PERSON, "is not the right one")],
)
def test_who_may_not_be_written_to_is_called(
    desk: Client, reply: Reply, number: ContactPoint, state: str, sentence: str
) -> None:
    number.state = state
    number.save()
    assert sentence in body(desk, f"{INBOX}{reply.pk}/")
    assert desk.post(f"{INBOX}{reply.pk}/answer/", {"text": "Boleh"}).status_code == 409


def test_a_sender_without_a_number_cannot_be_answered(desk: Client, at: datetime, program: object) -> None:
    reply = write("TELCO", "Promo!", at=at)
    assert "no number that we could write to" in body(desk, f"{INBOX}{reply.pk}/")


def test_close_and_reopen(desk: Client, reply: Reply, sari: User) -> None:
    assert desk.post(f"{INBOX}{reply.pk}/close/").status_code == 302
    assert desk.post(f"{INBOX}{reply.pk}/close/").status_code == 409
    assert desk.post(f"{INBOX}{reply.pk}/reopen/").status_code == 302
    reply.refresh_from_db()
    assert (reply.state, reply.closed_at) == (ReplyState.OPEN, None)
    assert happened(reply) == ["read", "closed", "reopened"]


def test_a_slower_hand_is_told(reply: Reply, sari: User, at: datetime) -> None:
    mine = Reply.objects.get(pk=reply.pk)
    close_reply(reply, by=sari, at=at)
    with pytest.raises(RowMoved):
        close_reply(mine, by=sari, at=at)


def test_reading_a_number_is_written_down(desk: Client, reply: Reply, number: ContactPoint) -> None:
    assert desk.get(f"{INBOX}{reply.pk}/number/").status_code == 302
    answer = desk.post(f"{INBOX}{reply.pk}/number/")
    assert f"tel:{number.number}" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert happened(reply) == ["read", "read_number"]


# -- who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("sari", 200), ("made", 200), ("rina", 404), ("ina", 404), ("admin", 200)])
def test_a_reply_is_seen_with_its_people(client: Client, reply: Reply, request: Any, who: str, status: int) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"{INBOX}{reply.pk}/").status_code == status
    assert ("membawa anak" in body(client, INBOX)) == (status == 200)


@pytest.mark.parametrize("who", ["joko", "observer"])
def test_who_only_reads_figures_has_no_inbox(client: Client, reply: Reply, request: Any, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    for address in (INBOX, f"{INBOX}{reply.pk}/"):
        assert client.get(address).status_code == 403


def test_a_mentor_reads_and_does_not_answer(client: Client, reply: Reply, made: User) -> None:
    client.force_login(made)
    page = body(client, f"{INBOX}{reply.pk}/")
    assert "/answer/" not in page
    assert "/close/" not in page
    for act in ("answer", "close", "reopen", "register"):
        assert client.post(f"{INBOX}{reply.pk}/{act}/").status_code == 403


def test_a_stranger_is_everybodys_at_the_desk_and_no_mentors(
    client: Client, sari: User, rina: User, made: User, program: object, at: datetime
) -> None:
    reply = write(STRANGER, "Halo, ini siapa?", at=at)
    for user, status in ((sari, 200), (rina, 200), (made, 404)):
        client.force_login(user)
        assert client.get(f"{INBOX}{reply.pk}/").status_code == status


def test_who_names_a_village_is_seen_there_only(
    client: Client, sari: User, rina: User, made: User, cohort: Cohort, at: datetime
) -> None:
    reply = write(STRANGER, "daftar parengan", at=at)
    for user, status in ((sari, 200), (rina, 404), (made, 200)):
        client.force_login(user)
        assert client.get(f"{INBOX}{reply.pk}/").status_code == status


def test_people_of_other_villages_on_the_number_are_not_named(
    desk: Client, reply: Reply, elsewhere: Village, number: ContactPoint
) -> None:
    other = factories.reachable_person(elsewhere, number=number, name="Orang Lain")
    page = body(desk, INBOX) + body(desk, f"{INBOX}{reply.pk}/")
    assert other.name not in page


# -- writing down who wrote ------------------------------------------------------------------------------------------


@pytest.fixture
def wish(cohort: Cohort, at: datetime) -> Reply:
    """Somebody wrote DAFTAR an hour ago."""
    return write(STRANGER, "DAFTAR PARENGAN", at=at - timedelta(hours=1))


NEW = {"name": "Dewi Sartika", "sex": "female", "relation": "own"}


def test_a_writer_is_written_down_with_their_agreement(desk: Client, wish: Reply, cohort: Cohort, at: datetime) -> None:
    page = body(desk, f"{INBOX}{wish.pk}/register/")
    assert "that is kept as their agreement" in page
    assert STRANGER not in page
    answer = desk.post(f"{INBOX}{wish.pk}/register/", {**NEW, "village": cohort.village_id})
    person = Person.objects.get(name="Dewi Sartika")
    assert answer["Location"] == f"/people/{person.pk}/"
    assert person.contact_points.get().number == STRANGER
    consent = Consent.objects.get(person=person)
    assert (consent.how, consent.given_at) == (ConsentHow.MESSAGE, at - timedelta(hours=1))
    wish.refresh_from_db()
    assert wish.state == ReplyState.CLOSED
    send(at)
    assert Message.objects.get(subject_revision="welcome").text.startswith("Terima kasih, Bu Dewi.")
    assert desk.get(f"{INBOX}{wish.pk}/register/").status_code == 409


def test_a_writer_who_is_known_gets_the_number(desk: Client, wish: Reply, cohort: Cohort) -> None:
    person = factories.PersonFactory.create(village=cohort.village, name="Ani Lestari")
    given = {"village": cohort.village_id, "person": person.pk, "relation": "own"}
    assert desk.post(f"{INBOX}{wish.pk}/register/", given).status_code == 302
    assert person.contact_points.get().number == STRANGER
    assert person.consents.get().how == ConsentHow.MESSAGE
    assert Person.objects.count() == 1


@pytest.mark.parametrize("missing", ["name", "sex", "village", "relation"])
def test_a_form_with_a_gap_is_said(desk: Client, wish: Reply, cohort: Cohort, missing: str) -> None:
    given = {**NEW, "village": cohort.village_id, missing: ""}
    answer = desk.post(f"{INBOX}{wish.pk}/register/", given)
    assert answer.status_code == 400
    assert not Person.objects.exists()


@pytest.mark.parametrize("village", ["x", "0", "99999999999999999999", "-1"])
def test_a_village_that_is_none_is_said(desk: Client, wish: Reply, village: str) -> None:
    assert desk.post(f"{INBOX}{wish.pk}/register/", {**NEW, "village": village}).status_code == 400


def test_a_number_that_serves_somebody_is_not_written_down_again(desk: Client, reply: Reply) -> None:
    assert desk.get(f"{INBOX}{reply.pk}/register/").status_code == 409


def test_a_sentence_of_a_stranger_gives_no_agreement(desk: Client, cohort: Cohort, at: datetime) -> None:
    reply = write(STRANGER, "Halo, saya ingin ikut", at=at)
    assert desk.post(f"{INBOX}{reply.pk}/register/", {**NEW, "village": cohort.village_id}).status_code == 302
    assert not Consent.objects.exists()


# -- counts ----------------------------------------------------------------------------------------------------------


def test_the_morning_page_counts_what_waits(desk: Client, reply: Reply, cohort: Cohort, at: datetime) -> None:
    assert "1 reply waits for you" in body(desk, "/")
    write(household(cohort, "Ani Lestari"), "salah nomor", at=at)
    page = body(desk, "/")
    assert "2 replies wait for you" in page
    assert "1 of them about a wrong number" in page
    assert 'href="/messages/inbox/"' in body(desk, "/messages/")


@pytest.mark.parametrize("address", [INBOX, "detail", "/"])
def test_pages_ask_the_same_for_one_and_for_seven(
    desk: Client, cohort: Cohort, reply: Reply, number: ContactPoint, at: datetime, address: str
) -> None:
    page = f"{INBOX}{reply.pk}/" if address == "detail" else address
    counts = []
    for more in (1, 6):
        for n in range(more):
            write(number, f"Halo {n}", at=at)
            write(household(cohort, f"Ani {n}", f"Budi {n}"), "Halo?", at=at)
            answer_reply(reply, text=f"Ya {more} {n}", by=factories.UserFactory.create(), at=at)
        send(at)
        body(desk, page)
        with CaptureQueriesContext(connection) as queries:
            body(desk, page)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("language", "word"), [("en", "Inbox"), ("id", "Kotak masuk")])
def test_both_languages(client: Client, sari: User, reply: Reply, wish: Reply, language: str, word: str) -> None:
    sari.language = language
    sari.save()
    client.cookies["django_language"] = language
    client.force_login(sari)
    for address in (INBOX, f"{INBOX}{reply.pk}/", f"{INBOX}{wish.pk}/register/"):
        assert word in body(client, address)
