"""Changing words: what is checked at save, what WhatsApp says meanwhile, what it tells of its own accord."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from common.errors import RowMoved
from common.models import Event
from reminders.models import Template
from reminders.rewording import (
    change_template,
    hear_refusal,
    hear_template,
    note_template,
    reset_template,
)
from reminders.states import Channel, Form, Kind, Script, TemplateState
from reminders.wording import open_book, usable, write
from reminders.wording.defaults import Words, words_given
from tests.reminders.wording.scenes import number, topic

H1 = words_given(Script.H1, Form.LONG, "id")
NEW = Words(H1.body.replace("pengingat pelatihan", "jangan lupa pelatihan"), name=H1.name)
SHORT = words_given(Script.H1, Form.SHORT, "id")
MAIL = words_given(Script.H1, Form.EMAIL, "id")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def reword(words: Words, by: User, at: datetime, *, form: Form = Form.LONG, edition: int = 0) -> Template:
    return change_template(Script.H1, form, "id", words=words, edition=edition, by=by, at=at)


def said(channel: str) -> str:
    return write([topic(Kind.H1)], channel=channel, point=number()).text


def faults(words: Words, by: User, at: datetime, *, form: Form = Form.LONG, script: Script = Script.H1) -> str:
    with pytest.raises(ValidationError) as refused:
        change_template(script, form, "id", words=words, edition=0, by=by, at=at)
    assert not Template.objects.exists()
    return " ".join(sentence for field in refused.value.message_dict.values() for sentence in field)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("*{title}*", "*{titel}*", "Not known here: {titel}."),
        ("Hari: {day}\n", "", "Missing: {day}."),
        ("Pukul: {hours}\n", "", "Missing: {time} or {hours}."),
        ("Tempat: {place}", "", "Missing: {place}."),
        ("jawab di sini: {link}", "jawab", "Missing: {link}."),
        ("*{title}*", "*{title}* {", "Braces stand in pairs"),
        ("*{title}*", "*{title}* {Title}", "Braces stand in pairs"),
        ("Halo {hello}", "{hello}", "begins with a value"),
        ("\nBalas BERHENTI untuk tidak menerima pesan.", " BERHENTI {place}", "ends with a value"),
        ("Hari: {day}", "Hari: {day} {day}", "side by side"),
        ("Balas BERHENTI", "Balas STOP", "the word BERHENTI"),
        ("Hari", "Hari\x07", "cannot be kept"),
        ("Hari", "x" * 900 + "Hari", "WhatsApp takes 1,024."),
    ],
)
def test_words_that_cannot_be_said_are_refused_by_a_sentence(
    admin: User, at: datetime, before: str, after: str, sentence: str
) -> None:
    assert before in H1.body
    assert sentence in faults(Words(H1.body.replace(before, after), name=H1.name), admin, at)


def test_all_faults_are_told_at_once(admin: User, at: datetime) -> None:
    told = faults(Words("{titel}", name="Nama Baru"), admin, at)
    for part in ("Not known here", "Missing", "BERHENTI", "begins with", "small letters"):
        assert part in told


def test_change_names_both_times(admin: User, at: datetime) -> None:
    given = words_given(Script.CHANGE, Form.LONG, "id")
    words = Words(given.body.replace("Semula: {before}.\n", ""), name=given.name)
    assert "Missing: {before}." in faults(words, admin, at, script=Script.CHANGE)


def test_text_message_stays_in_one_part_with_long_names(admin: User, at: datetime) -> None:
    told = faults(
        Words(SHORT.body.replace("Pengingat", "Pengingat yang sangat penting sekali dari panitia")),
        admin,
        at,
        form=Form.SHORT,
    )
    assert "in 2 parts; at most 1." in told


@pytest.mark.parametrize("subject", ["", "x" * 201, "satu\ndua"])
def test_mail_has_a_subject_of_one_line(admin: User, at: datetime, subject: str) -> None:
    assert "subject" in faults(Words(MAIL.body, subject), admin, at, form=Form.EMAIL)


@pytest.mark.parametrize("language", ["id", "en"])
def test_words_of_the_release_pass_and_are_no_change(admin: User, at: datetime, language: str) -> None:
    for script, form in product(Script, Form):
        words = words_given(script, form, language)
        change_template(script, form, language, words=words, edition=0, by=admin, at=at)
    assert not Event.objects.filter(subject_type="reminders.template").exists()


def test_changed_words_are_said_at_once_by_hand_and_kept_in_history(admin: User, at: datetime) -> None:
    row = reword(NEW, admin, at)
    assert "jangan lupa pelatihan" in said(Channel.MANUAL)
    assert (row.edition, row.changed_by, row.changed_at) == (1, admin, at)
    event = Event.objects.get(subject_type="reminders.template")
    assert (event.verb, event.facts) == ("reworded", {"edition": 1})


def test_whatsapp_says_the_old_words_until_it_approves_the_new(admin: User, at: datetime) -> None:
    row = reword(NEW, admin, at)
    assert (row.provider_name, row.provider_state) == ("pengingat_sesi_h1_v2", TemplateState.PENDING)
    letter = write([topic(Kind.H1)], channel=Channel.WHATSAPP, point=number())
    assert (letter.template, "pengingat pelatihan" in letter.text) == ("pengingat_sesi_h1", True)
    assert usable(Channel.WHATSAPP, [Kind.H1])
    assert hear_template("pengingat_sesi_h1_v2", "id", state="APPROVED", at=at)
    letter = write([topic(Kind.H1)], channel=Channel.WHATSAPP, point=number())
    assert (letter.template, "jangan lupa" in letter.text) == ("pengingat_sesi_h1_v2", True)


def test_words_taken_back_are_those_in_use_again(admin: User, at: datetime) -> None:
    row = reword(NEW, admin, at)
    row = reset_template(Script.H1, Form.LONG, "id", edition=row.edition, by=admin, at=at)
    assert (row.body, row.provider_name, row.provider_state) == ("", "", TemplateState.UNHEARD)
    assert said(Channel.MANUAL) == said(Channel.WHATSAPP)


def test_second_change_gets_the_next_name(admin: User, at: datetime) -> None:
    reword(NEW, admin, at)
    again = Words(NEW.body.replace("jangan lupa", "ingat"), name="pengingat_sesi_h1_v2")
    row = reword(again, admin, at, edition=1)
    assert (row.provider_name, row.approved_name) == ("pengingat_sesi_h1_v3", "pengingat_sesi_h1")


@pytest.mark.parametrize("name", ["pengingat_sesi_h0", "undangan_sesi"])
def test_name_of_another_message_is_refused(admin: User, at: datetime, name: str) -> None:
    with pytest.raises(ValidationError, match="has this name"):
        reword(Words(NEW.body, name=name), admin, at)


def test_other_forms_change_without_whatsapp(admin: User, at: datetime) -> None:
    row = reword(Words(SHORT.body.replace("Pengingat", "Ingat")), admin, at, form=Form.SHORT)
    assert (row.provider_state, row.approved_name) == (TemplateState.UNHEARD, "")
    assert said(Channel.SMS).startswith("Ingat utk Bu Ani")
    reword(Words(MAIL.body, "Jangan lupa: {title}"), admin, at, form=Form.EMAIL)
    assert write([topic(Kind.H1)], channel=Channel.EMAIL, point=number()).subject == "Jangan lupa: Pewarnaan Alam"


def test_slower_hand_is_told(admin: User, at: datetime) -> None:
    reword(NEW, admin, at)
    with pytest.raises(RowMoved):
        reword(Words(NEW.body.replace("jangan lupa", "ingat"), name=NEW.name), admin, at)


@pytest.mark.django_db(transaction=True)
def test_of_two_hands_at_once_one_is_told(admin: User, at: datetime) -> None:
    start, results = Barrier(2), []

    def change(word: str) -> None:
        try:
            start.wait()
            reword(Words(NEW.body.replace("jangan lupa", word), name=NEW.name), admin, at)
            results.append("kept")
        except RowMoved:
            results.append("told")
        finally:
            connections.close_all()

    hands = [Thread(target=change, args=(word,)) for word in ("ingat", "mari ikut")]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(results) == ["kept", "told"]
    assert Template.objects.get().edition == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "state", "taken"),
    [
        ("APPROVED", TemplateState.APPROVED, True),
        ("REJECTED", TemplateState.REJECTED, False),
        ("PAUSED", TemplateState.PAUSED, False),
        ("PENDING", TemplateState.PENDING, False),
        ("DISABLED", TemplateState.REJECTED, False),
        ("FLAGGED", TemplateState.UNHEARD, True),
        ("SOMETHING_NEW", TemplateState.UNHEARD, True),
    ],
)
def test_word_of_whatsapp_decides_whether_it_is_asked(at: datetime, told: str, state: str, taken: bool) -> None:  # noqa: FBT001
    assert hear_template("pengingat_sesi_h1", "id", state=told, at=at)
    assert Template.objects.get().provider_state == state
    assert usable(Channel.WHATSAPP, [Kind.H1]) is taken
    assert usable(Channel.SMS, [Kind.H1])
    assert usable(Channel.WHATSAPP, [Kind.H0, Kind.REPLY])
    assert usable(Channel.WHATSAPP, [Kind.H0, Kind.H1]) is taken


@pytest.mark.django_db
def test_paused_words_come_back(at: datetime) -> None:
    hear_template("pengingat_sesi_h1", "id", state="APPROVED", at=at)
    hear_template("pengingat_sesi_h1", "id", state="PAUSED", at=at)
    assert not usable(Channel.WHATSAPP, [Kind.H1])
    hear_template("pengingat_sesi_h1", "id", state="APPROVED", at=at)
    assert usable(Channel.WHATSAPP, [Kind.H1])
    goals = Event.objects.filter(subject_type="reminders.template").order_by("pk").values_list("goal", flat=True)
    assert list(goals) == ["approved", "paused", "approved"]


def test_old_words_that_are_paused_leave_no_way(admin: User, at: datetime) -> None:
    reword(NEW, admin, at)
    hear_template("pengingat_sesi_h1", "id", state="PAUSED", at=at)
    assert not usable(Channel.WHATSAPP, [Kind.H1])
    assert said(Channel.SMS)


@pytest.mark.django_db
def test_strange_names_and_codes_change_nothing(at: datetime) -> None:
    assert not hear_template("promo_lebaran", "id", state="APPROVED", at=at)
    assert not hear_refusal("pengingat_sesi_h1", "id", code="131026", at=at)
    assert not Template.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "state"), [("132001", TemplateState.PENDING), ("132015", TemplateState.PAUSED), ("132016", "rejected")]
)
def test_error_of_whatsapp_marks_what_it_does_not_know(at: datetime, code: str, state: str) -> None:
    assert hear_refusal("pengingat_sesi_h1", "id", code=code, at=at)
    assert Template.objects.get().provider_state == state
    assert not usable(Channel.WHATSAPP, [Kind.H1])


@pytest.mark.django_db
def test_other_category_alerts(at: datetime) -> None:
    hear_template("ringkasan_pagi", "en_US", category="UTILITY", at=at)
    assert not Template.objects.troubled().exists()
    hear_template("ringkasan_pagi", "en_US", category="MARKETING", at=at)
    (row,) = Template.objects.troubled()
    assert (row.script, row.language, row.category) == (Script.DIGEST, "en", "marketing")


def test_operator_writes_down_what_the_page_of_whatsapp_says(admin: User, at: datetime) -> None:
    note_template(Script.H1, "id", state=TemplateState.REJECTED, category="", by=admin, at=at)
    assert not usable(Channel.WHATSAPP, [Kind.H1])
    assert Event.objects.get(subject_type="reminders.template").by == admin


@pytest.mark.django_db
def test_book_is_opened_in_one_query_however_many_letters(at: datetime) -> None:
    hear_template("pengingat_sesi_h1", "id", state="APPROVED", at=at)
    with CaptureQueriesContext(connection) as queries:
        book = open_book()
        for _ in range(7):
            write([topic(Kind.H1)], channel=Channel.WHATSAPP, point=number(), book=book)
    assert len(queries) == 1
