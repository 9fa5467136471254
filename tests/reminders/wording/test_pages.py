"""Pages of texts: read at the desk, changed by an administrator, tried before they are kept; nothing typed is lost."""

from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.models import Event
from reminders.channels.heard import Heard, TemplateWord
from reminders.models import Template
from reminders.rewording import change_template, hear_template
from reminders.states import Channel, Form, Script, TemplateState
from reminders.wording.defaults import Words, words_given
from replies.webhooks import keep

LIST, DETAIL, EDIT = "/messages/templates/", "/messages/templates/h1/id/", "/messages/templates/h1/id/long/"
H1 = words_given(Script.H1, Form.LONG, "id")
NEW = H1.body.replace("pengingat pelatihan", "jangan lupa pelatihan")


@pytest.fixture
def keeper(reader: Client, admin: User) -> Client:
    """The administrator at the desk."""
    reader.force_login(admin)
    return reader


def sent(body: str = NEW, **more: object) -> dict[str, object]:
    return {"body": body, "provider_name": H1.name, "edition": 0, **more}


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_list_names_every_message_and_its_state(keeper: Client, at: datetime) -> None:
    hear_template("pengingat_sesi_h1", "id", state="PAUSED", at=at)
    page = page_of(keeper, LIST)
    assert page.count('<th scope="row">') == len(Script) + 15  # staff read two languages
    assert "Paused" in page
    assert "WhatsApp holds back 1 text" in page


def test_detail_shows_each_form_as_a_phone_does(keeper: Client) -> None:
    page = page_of(keeper, DETAIL)
    assert "Halo Bu Ani, pengingat pelatihan <strong>Pewarnaan Alam</strong>." in page
    assert "Saya hadir" in page
    assert "149 of 160 characters, 1 part" in page
    assert "Pengingat: Pewarnaan Alam — Kamis, 1 Oktober 2026, 09.00 WITA" in page
    assert "Halo {{1}}, pengingat pelatihan *{{2}}*." in page
    assert "These are the words that came with the release." in page


def test_words_are_changed_and_their_history_is_told(keeper: Client) -> None:
    assert keeper.post(EDIT, sent()).status_code == 302
    page = page_of(keeper, DETAIL)
    assert "jangan lupa pelatihan" in page
    assert "What WhatsApp says until it approves the new text" in page
    assert "pengingat_sesi_h1_v2" in page
    assert "Words changed" in page
    assert "Changed · Admin" in page


def test_words_are_tried_before_they_are_kept(keeper: Client) -> None:
    answer = keeper.post(EDIT, sent(look="yes"))
    page = answer.content.decode()
    assert (answer.status_code, Template.objects.count()) == (200, 0)
    assert "Halo Bu Ani, jangan lupa pelatihan <strong>Pewarnaan Alam" in page
    assert NEW.splitlines()[0] in page


@pytest.mark.parametrize("look", [{}, {"look": "yes"}])
def test_faults_are_told_beside_the_field_and_nothing_is_lost(keeper: Client, look: dict[str, str]) -> None:
    answer = keeper.post(EDIT, sent("Halo {nama}, apa kabar?", **look))
    page = answer.content.decode()
    assert (answer.status_code, Template.objects.count()) == (400, 0)
    assert "Not known here: {nama}." in page
    assert "Halo {nama}, apa kabar?</textarea>" in page


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"body": "", "edition": "0"},
        {"body": "x" * 4001, "provider_name": "a_b_c", "edition": 0},
        {"body": NEW, "provider_name": "\x00", "edition": "x"},
        {"body": NEW, "provider_name": "a_b_c", "edition": 10**30},
        {"body": "<script>alert(1)</script>\x01", "provider_name": "a_b_c", "edition": 0},
    ],
)
def test_nonsense_is_refused(keeper: Client, told: dict[str, object]) -> None:
    answer = keeper.post(EDIT, told)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()


def test_slower_hand_is_told_and_keeps_what_it_typed(keeper: Client, admin: User, at: datetime) -> None:
    change_template(Script.H1, Form.LONG, "id", words=Words(NEW, name=H1.name), edition=0, by=admin, at=at)
    answer = keeper.post(EDIT, sent(H1.body.replace("pengingat", "ingat ya,")))
    assert answer.status_code == 409
    assert "Someone else changed this" in answer.content.decode()
    assert "ingat ya, pelatihan" in answer.content.decode()


def test_words_of_the_release_return(keeper: Client, admin: User, at: datetime) -> None:
    row = change_template(Script.H1, Form.LONG, "id", words=Words(NEW, name=H1.name), edition=0, by=admin, at=at)
    assert "Return to the words of the release" in page_of(keeper, EDIT)
    assert keeper.post(f"{EDIT}reset/", {"edition": "0"}).status_code == 409
    assert keeper.post(f"{EDIT}reset/", {"edition": "9" * 40}).status_code == 409
    assert keeper.post(f"{EDIT}reset/", {"edition": str(row.edition)}).status_code == 302
    row.refresh_from_db()
    assert (row.body, row.edition) == ("", 2)


def test_what_whatsapp_says_is_written_down(keeper: Client) -> None:
    address = f"{DETAIL}word/"
    assert "pengingat_sesi_h1" in page_of(keeper, address)
    assert keeper.post(address, {"state": "rejected", "category": "marketing"}).status_code == 302
    page = page_of(keeper, DETAIL)
    assert "These messages go by the next channel" in page
    assert "bills this text in another category" in page
    assert keeper.post(address, {"state": "sold", "category": ""}).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["h9/id/", "h1/en/", "h1/fr/", "reply/id/", "h1/id/fax/", "h1/id/fax/reset/", "h1/en/word/", "digest/en-US/"],
)
def test_what_is_never_said_is_not_found(keeper: Client, path: str) -> None:
    answer = (keeper.post if path.endswith("reset/") else keeper.get)(f"/messages/templates/{path}")
    assert answer.status_code == 404


def test_coordinator_reads_and_does_not_change(reader: Client, sari: User) -> None:
    reader.force_login(sari)
    assert "Change the text" not in page_of(reader, DETAIL)
    assert reader.get(LIST).status_code == 200
    for path in (EDIT, f"{DETAIL}word/"):
        assert reader.get(path).status_code == 403
        assert reader.post(path, sent()).status_code == 403
    assert reader.post(f"{EDIT}reset/").status_code == 403


@pytest.mark.parametrize("role", ["made", "joko", "observer"])
def test_others_read_no_texts(reader: Client, request: pytest.FixtureRequest, role: str) -> None:
    reader.force_login(request.getfixturevalue(role))
    assert reader.get(LIST).status_code == 403
    assert reader.get(DETAIL).status_code == 403


def test_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(LIST).status_code == 302


def test_staff_read_two_languages(keeper: Client) -> None:
    page = page_of(keeper, "/messages/templates/action_due/id/")
    assert "ada 3 tindak lanjut di Desa Sukarara" in page
    assert "/messages/templates/action_due/en/" in page
    assert "action items in the village Sukarara: 3" in page_of(keeper, "/messages/templates/action_due/en/")


def test_status_tells_the_administrator_of_texts_that_are_held_back(keeper: Client, at: datetime) -> None:
    assert "Texts of messages" not in page_of(keeper, "/status/")
    hear_template("pengingat_sesi_h1", "id", category="MARKETING", at=at)
    assert "WhatsApp holds back 1 text" in page_of(keeper, "/status/")


def test_webhook_of_whatsapp_is_heard(at: datetime, db: None) -> None:
    word = TemplateWord(Channel.WHATSAPP, "pengingat_sesi_h1", "id", state="rejected")
    keep(Heard(templates=(word, word)))
    assert Template.objects.get().provider_state == TemplateState.REJECTED
    assert Event.objects.filter(subject_type="reminders.template").count() == 1


def test_pages_speak_indonesian(keeper: Client) -> None:
    keeper.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
    for path in (LIST, DETAIL, EDIT, f"{DETAIL}word/", "/messages/templates/digest/en/email/"):
        assert keeper.get(path).status_code == 200


def test_every_page_of_every_message_opens(keeper: Client) -> None:
    for script in Script:
        for path in ("", "long/", "short/", "email/"):
            assert keeper.get(f"/messages/templates/{script.value}/id/{path}").status_code == 200


def test_pages_cost_the_same_however_much_was_changed(keeper: Client, admin: User, at: datetime) -> None:
    counts: dict[str, list[int]] = {LIST: [], DETAIL: []}
    for scripts in ((Script.H1,), tuple(Script)):
        for script in scripts:
            words = words_given(script, Form.SHORT, "id")
            said = Words(words.body.replace("BERHENTI utk stop", "BERHENTI = stop"))
            row = Template.objects.filter(script=script, form=Form.SHORT).first()
            edition = row.edition if row else 0
            change_template(script, Form.SHORT, "id", words=said, edition=edition, by=admin, at=at)
        for path, found in counts.items():
            with CaptureQueriesContext(connection) as queries:
                keeper.get(path)
            found.append(len(queries))
    assert all(first == last for first, last in counts.values())
