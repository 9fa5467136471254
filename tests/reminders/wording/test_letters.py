"""One letter in the form of its channel: the words of a text message, an approved template, an e-mail, a free text."""

from datetime import timedelta
from uuid import uuid4

import pytest

from reminders.states import Channel, Form, Kind, Script
from reminders.topics import Addressee, Notice, Topic
from reminders.wording import script_of, sms, write
from reminders.wording.defaults import words_given
from reminders.wording.meta import LONGEST, numbered, variables
from tests.reminders.wording.scenes import ANI, JOKO, MORNING, SHIPPED, SITI, number, session, topic
from villages.links import token_of

DAY = timedelta(days=1)
LONG = "Pelatihan Pewarnaan Alam dengan Bahan dari Kebun untuk Para Penenun Pemula dan Lanjutan"


def test_text_message_is_short_plain_and_says_day_time_and_place() -> None:
    letter = write([topic(Kind.H1)], channel=Channel.SMS, point=number(), book=SHIPPED)
    assert letter.text == (
        "Pengingat utk Bu Ani: Pewarnaan Alam, Kamis 1 Okt 2026 pk 09.00 WITA, Balai Desa Sukarara. "
        "Balas 1=Hadir 2=Tidak. BERHENTI utk stop."
    )
    assert letter.units == 1


def test_long_title_and_place_are_cut_at_words_and_the_time_stands() -> None:
    place = session().venue
    assert place is not None
    place = type(place)(pk=2, name="Gedung Serba Guna Kecamatan Jonggat", landmark="sebelah pasar")
    letter = write([topic(Kind.H1, topic=LONG, venue=place)], channel=Channel.SMS, point=number(), book=SHIPPED)
    assert letter.units == 1
    assert len(letter.text) <= 160
    assert "Kamis 1 Okt 2026 pk 09.00 WITA" in letter.text
    assert "Pewarnaan Alam dengan Bahan.., " in letter.text
    assert "Gedung Serba" in letter.text
    assert letter.text.endswith("BERHENTI utk stop.")


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.H3, Kind.H1, Kind.H0, Kind.CHANGE, Kind.CANCELLATION])
def test_every_text_message_of_one_session_and_one_person_fits_in_one_part(kind: Kind) -> None:
    before = (MORNING - DAY, MORNING - DAY + timedelta(hours=2), session().venue)
    told = topic(kind, topic=LONG, reason="Balai desa kebanjiran setelah hujan deras semalaman", before=before)
    letter = write([told], channel=Channel.SMS, point=number(), book=SHIPPED)
    assert (letter.units, sms.parts(letter.filled)) == (1, 1)
    assert "09.00 WITA" in letter.text


def test_text_message_that_must_be_longer_counts_its_parts() -> None:
    told = [topic(Kind.H1, pk=pk, starts_at=MORNING + pk * DAY) for pk in range(1, 4)]
    letter = write(told, channel=Channel.SMS, point=number(), book=SHIPPED)
    assert letter.units == sms.parts(letter.filled) == 2
    assert all(f"{day} Okt 2026 pk 09.00 WITA" in letter.text for day in (2, 3, 4))


def test_household_is_named_and_asked_to_tell_who_has_no_phone() -> None:
    letter = write([topic(Kind.H1, ANI, SITI, JOKO)], channel=Channel.MANUAL, point=number(), book=SHIPPED)
    first, *_, last = letter.text.splitlines()
    assert "Bu Ani dan Bu Siti" in first
    assert "Pak Joko" in first
    assert letter.text.count("Bu Ani") == 1
    assert last == "Balas BERHENTI untuk tidak menerima pesan."


def test_crowd_on_one_number_is_counted_in_a_text_message() -> None:
    crowd = [Addressee(pk, f"Bu Nama{pk}") for pk in range(1, 8)]
    letter = write([topic(Kind.H1, *crowd)], channel=Channel.SMS, point=number(), book=SHIPPED)
    assert letter.units == 1
    assert "Bu Nama1, Bu Nama2, Bu Nama3 +4: " in letter.text


def test_approved_template_gets_its_variables_in_order_and_on_one_line() -> None:
    key = uuid4()
    told = topic(Kind.H1, topic="Pewarnaan\n\tAlam    {link}")
    letter = write([told], channel=Channel.WHATSAPP, point=number(), book=SHIPPED, key=key)
    assert letter.template == "pengingat_sesi_h1"
    assert letter.parameters == (
        "Bu Ani",
        "Pewarnaan Alam (link)",
        "Kamis, 1 Oktober 2026",
        "09.00–11.30 WITA",
        "Balai Desa Sukarara",
        "{link}",
    )
    assert letter.buttons == (f"rsvp:{key}:yes", f"rsvp:{key}:no")
    assert letter.text.count("{link}") == 1
    assert letter.link not in letter.text
    assert letter.link.endswith(token_of(number()))


def test_several_sessions_are_one_parameter_of_a_template_of_their_own() -> None:
    told = [topic(Kind.H1), topic(Kind.H3, SITI, pk=2, topic="Pemasaran", starts_at=MORNING + DAY)]
    letter = write(told, channel=Channel.WHATSAPP, point=number(), book=SHIPPED, key=uuid4())
    assert letter.template == "jadwal_beberapa_sesi"
    items = letter.parameters[1]
    assert items.count("; ") == 1
    assert "(untuk Bu Siti)" in items
    assert letter.buttons == ()  # one answer would say nothing about which session
    assert items in letter.text


def test_more_sessions_than_a_template_carries_are_counted() -> None:
    told = [topic(Kind.H1, pk=pk, topic=LONG, starts_at=MORNING + pk * DAY) for pk in range(1, 31)]
    letter = write(told, channel=Channel.WHATSAPP, point=number(), book=SHIPPED)
    assert len(letter.filled) <= LONGEST
    assert "; +" in letter.parameters[1]
    assert all("\n" not in value for value in letter.parameters)


def test_each_session_is_said_once_by_its_last_reminder() -> None:
    letter = write([topic(Kind.INVITATION), topic(Kind.H1)], channel=Channel.LOG, point=number(), book=SHIPPED)
    assert "pengingat pelatihan" in letter.text
    assert letter.text.count("Pewarnaan Alam") == 1


def test_mail_has_a_subject_of_one_line_and_no_stars() -> None:
    letter = write([topic(Kind.H1)], channel=Channel.EMAIL, point=number(), book=SHIPPED)
    assert letter.subject == "Pengingat: Pewarnaan Alam — Kamis, 1 Oktober 2026, 09.00 WITA"
    assert "*" not in letter.text
    assert "BERHENTI" not in letter.text  # nobody reads answers to it: the page does what the word does
    several = [topic(Kind.H1), topic(Kind.H1, pk=2, starts_at=MORNING + DAY)]
    assert "*" not in write(several, channel=Channel.EMAIL, point=number(), book=SHIPPED).text


def test_change_says_before_and_now() -> None:
    before = (MORNING - DAY, MORNING - DAY + timedelta(hours=2), session().venue)
    letter = write([topic(Kind.CHANGE, before=before)], channel=Channel.LOG, point=number(), book=SHIPPED)
    assert "Semula: Rabu, 30 September 2026, 09.00–11.00 WITA.\n" in letter.text
    assert "Menjadi: Kamis, 1 Oktober 2026, 09.00–11.30 WITA di Balai Desa Sukarara." in letter.text


def test_who_only_teaches_reads_a_trainers_words_and_one_text_serves_all() -> None:
    alone = topic(Kind.H1, trainer="Pak Wayan")
    assert script_of([alone]) == Script.TRAINER_H1
    letter = write([alone], channel=Channel.LOG, point=number(), book=SHIPPED)
    assert "Halo Pak Wayan, pengingat: Anda narasumber" in letter.text
    both = topic(Kind.H1, ANI, trainer="Pak Wayan")
    assert script_of([both]) == Script.H1
    text = write([both], channel=Channel.LOG, point=number(), book=SHIPPED).text
    assert text.startswith("Halo Pak Wayan dan Bu Ani, pengingat pelatihan")


def test_notice_speaks_the_language_of_staff_and_leads_where_it_says() -> None:
    values = {"hello": "Halo Made", "count": "3", "village": "Parengan", "due": "2 Oktober 2026"}
    notice = Notice(Kind.ACTION_DUE, values, language="en", link="https://desa.example/visits/")
    letter = write([notice], channel=Channel.WHATSAPP, point=number(), book=SHIPPED)
    assert (letter.template, letter.language) == ("tindak_lanjut", "en")
    assert letter.parameters == ("Made", "Parengan", "3", "2 Oktober 2026", "{link}")
    assert "https://desa.example/visits/" in letter.filled
    native = write([Notice(Kind.ACTION_DUE, values)], channel=Channel.LOG, point=number(), book=SHIPPED)
    assert native.text.startswith("Halo Made, ada 3 tindak lanjut di Desa Parengan yang jatuh tempo 2 Oktober 2026.")


def test_what_a_notice_does_not_bring_shows_as_a_gap() -> None:
    letter = write([Notice(Kind.DIGEST)], channel=Channel.WHATSAPP, point=number(), book=SHIPPED)
    assert letter.parameters[1] == "…"


def test_answer_is_free_text_in_any_channel() -> None:
    notice = Notice(Kind.REPLY, {"text": "Jadwal berikutnya: Kamis – pukul 09.00 WITA"})
    free = write([notice], channel=Channel.WHATSAPP, point=number(), book=SHIPPED)
    assert (free.text, free.template, free.parameters) == (notice.values["text"], "", ())
    short = write([notice], channel=Channel.SMS, point=number(), book=SHIPPED)
    assert (short.text, short.units) == ("Jadwal berikutnya: Kamis - pukul 09.00 WITA", 1)


def test_what_was_meant_to_go_alone_is_never_lost() -> None:
    told: list[Topic | Notice] = [topic(Kind.H1), Notice(Kind.VISIT_TOMORROW, {"hello": "Made", "village": "Parengan"})]
    letter = write(told, channel=Channel.WHATSAPP, point=number(), book=SHIPPED)
    assert letter.template == ""
    assert "Pewarnaan Alam" in letter.text
    assert "mengunjungi Desa Parengan" in letter.text
    assert letter.link in letter.filled


@pytest.mark.parametrize("script", Script)
@pytest.mark.parametrize("language", ["id", "en"])
def test_all_words_that_come_along_may_be_submitted(script: Script, language: str) -> None:
    body = words_given(script, Form.LONG, language).body
    submitted = numbered(body)
    assert not submitted.startswith("{{")
    assert not submitted.endswith("}}")
    assert "}}{{" not in submitted.replace(" ", "")
    assert len(variables(body)) == submitted.count("{{")
