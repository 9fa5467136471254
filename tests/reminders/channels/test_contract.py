"""Every adapter keeps what it promises, against a gateway that refuses, breaks off, hangs and forgets."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from reminders.channels import GATEWAYS, http, whatsapp_words
from reminders.channels import email as email_channel
from reminders.channels.gateway import WIDEST, Fault, Guarantee
from reminders.states import TOLD, MessageState
from reminders.topics import LINK
from tests import factories
from tests.plumbing.redis import free_port
from tests.provider.ear import Ear
from tests.provider.process import Provider
from tests.reminders.channels.stands import PLACES, TO_LINK, Place, Stand

pytestmark = pytest.mark.django_db
TAKEN = (MessageState.ACCEPTED, MessageState.SENT)
PLAYED = [name for name, place in PLACES.items() if place.kind]
# A mail server that answers 451 after the letter has not taken it; any other that answers 500 may have.
UNANSWERED = [
    (name, fate)
    for name in PLAYED
    for fate in ("cut_before", "deaf", "cut_after", "hang", "error_after")
    if (PLACES[name].kind, fate) != ("smtp", "error_after")
]
Providers = Callable[[str], Provider]
SHORT = 1.0  # seconds that an adapter waits in these tests
REFUSALS = [(name, code, fault) for name, place in PLACES.items() for code, fault in place.faults.items()]


def stand_at(place: Place, url: str, port: int, settings: Settings, provider: Provider | None = None) -> Stand:
    """Lead an adapter to a gateway."""
    for name, value in place.lead(url, port).items():
        setattr(settings, name, value)
    return Stand(GATEWAYS[place.channel](), place, provider)


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    """Have each gateway played once for all tests, from the first that asks for it."""
    with ExitStack() as stack:
        played: dict[str, Provider] = {}

        def open_one(name: str) -> Provider:
            if name not in played:
                place, ledger = PLACES[name], tmp_path_factory.mktemp("ledger") / "ledger"
                played[name] = stack.enter_context(Provider(place.kind, ledger, **place.wishes))
            played[name].faults(next=[], numbers={})
            return played[name]

        yield open_one


@pytest.fixture
def stand(
    request: pytest.FixtureRequest, providers: Providers, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Stand:
    """Set one adapter before its gateway, with less patience than it has in earnest."""
    place = PLACES[request.param]
    monkeypatch.setattr(http, "PATIENCE", SHORT)
    monkeypatch.setattr(http, "CONNECT", SHORT / 2)
    monkeypatch.setattr(GATEWAYS[place.channel], "guarantee", place.guarantee)
    if not place.kind:
        return stand_at(place, "", 0, settings)
    provider = providers(request.param)
    return stand_at(place, provider.url, provider.port, settings, provider)


every = pytest.mark.parametrize("stand", PLACES, indirect=True)
played = pytest.mark.parametrize("stand", PLAYED, indirect=True)


def test_every_adapter_is_held_to_the_contract() -> None:
    assert {place.channel for place in PLACES.values()} == set(GATEWAYS)
    assert {place.guarantee for place in PLACES.values()} == set(Guarantee)
    assert all(1 <= gateway.width <= WIDEST for gateway in GATEWAYS.values())


@every
def test_letter_is_taken_once_with_its_link(stand: Stand) -> None:
    letter = stand.letter()
    outcome = stand.deliver(letter)[letter.key]
    (entry,) = stand.books()
    assert outcome.state in TAKEN
    assert outcome.provider_id
    assert outcome.fault is None
    assert entry.to == letter.address
    assert (TO_LINK if stand.provider else LINK) in entry.text


@every
def test_as_many_letters_as_it_is_wide_are_taken_once_each(stand: Stand) -> None:
    letters = [stand.letter() for _ in range(stand.gateway.width)]
    outcomes = stand.deliver(*letters)
    assert {outcome.state for outcome in outcomes.values()} <= set(TAKEN)
    assert sorted(outcomes) == sorted(letter.key for letter in letters)
    assert sorted(entry.to for entry in stand.books()) == sorted(letter.address for letter in letters)


@every
def test_same_key_twice_is_one_letter_where_that_is_promised(stand: Stand) -> None:
    letter = stand.letter()
    outcomes = [stand.deliver(letter)[letter.key] for _ in range(2)]
    assert {outcome.state for outcome in outcomes} <= set(TAKEN)
    if stand.place.guarantee is Guarantee.IDEMPOTENT:
        assert len(stand.books()) == 1


@pytest.mark.parametrize(("stand", "fate"), UNANSWERED, indirect=["stand"])
def test_unanswered_letter_is_unknown_and_never_asked_again(stand: Stand, fate: str) -> None:
    assert stand.provider
    stand.provider.faults(next=[fate])
    letter, began = stand.letter(), time.monotonic()
    outcome = stand.deliver(letter).get(letter.key)
    assert outcome is None or outcome.state == MessageState.UNKNOWN
    assert time.monotonic() - began < 3 * SHORT
    assert stand.asked() == 1
    assert len(stand.books()) == (fate in {"cut_after", "hang", "error_after"})


@pytest.mark.parametrize(("stand", "code", "fault"), REFUSALS, indirect=["stand"])
def test_refusal_says_what_follows(stand: Stand, code: str, fault: Fault) -> None:
    assert stand.provider
    letter = stand.letter()
    stand.provider.faults(numbers={letter.address: code})
    outcome = stand.deliver(letter)[letter.key]
    assert (outcome.state, outcome.fault) == (MessageState.FAILED, fault)
    assert outcome.code
    assert letter.address.removeprefix("+") not in outcome.note
    assert stand.books() == []


@pytest.mark.parametrize("name", PLAYED)
def test_gateway_that_is_not_there_is_tried_later(name: str, settings: Settings) -> None:
    port = free_port()
    stand = stand_at(PLACES[name], f"http://127.0.0.1:{port}", port, settings)
    letter = stand.letter()
    outcome = stand.deliver(letter)[letter.key]
    assert (outcome.state, outcome.fault) == (MessageState.FAILED, Fault.LATER)


@played
def test_wrong_token_stops_the_run(stand: Stand, settings: Settings) -> None:
    settings.WHATSAPP_TOKEN = settings.SMS_TOKEN = settings.EMAIL_HOST_PASSWORD = "wrong"
    letter = stand.letter()
    outcome = stand.deliver(letter)[letter.key]
    assert (outcome.state, outcome.fault) == (MessageState.FAILED, Fault.STOP)
    assert stand.books() == []


@played
def test_each_of_several_letters_has_its_own_fate(stand: Stand) -> None:
    assert stand.provider
    letters = [stand.letter() for _ in range(3)]
    code = next(iter(stand.place.faults), "rate")
    stand.provider.faults(numbers={letters[0].address: code, letters[2].address: "cut_after"})
    outcomes = stand.deliver(*letters)
    assert outcomes[letters[0].key].state == MessageState.FAILED
    assert outcomes[letters[1].key].state in TAKEN
    assert letters[2].key not in outcomes or outcomes[letters[2].key].state == MessageState.UNKNOWN
    assert sorted(entry.to for entry in stand.books()) == sorted(each.address for each in letters[1:])


@played
def test_letter_does_not_leave_after_the_process_stood_still(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PROMPT", -1)
    monkeypatch.setattr(email_channel, "PROMPT", -1)
    letter = stand.letter()
    outcome = stand.deliver(letter)[letter.key]
    assert (outcome.state, outcome.fault) == (MessageState.FAILED, Fault.LATER)
    assert stand.books() == []


@every
def test_who_can_be_asked_knows_what_came_and_what_did_not(stand: Stand) -> None:
    letter, never = stand.letter(), uuid4()
    if stand.provider:
        stand.provider.faults(next=["cut_after"])
    stand.deliver(letter)
    found = stand.gateway.look_up([letter.key, never])
    if stand.place.guarantee is Guarantee.LOOKUP:
        assert (found[letter.key].state in TOLD, found[letter.key].provider_id) == (True, stand.books()[0].id)
        assert found[never].state == MessageState.FAILED
    elif stand.provider:
        assert found == {}


@pytest.mark.parametrize("stand", ["sms that can be asked"], indirect=True)
@pytest.mark.parametrize("fate", ["cut_before", "deaf", "cut_after"])
def test_question_without_an_answer_says_nothing(stand: Stand, fate: str) -> None:
    assert stand.provider
    letter = stand.letter()
    stand.deliver(letter)
    stand.provider.faults(next=[fate])
    assert stand.gateway.look_up([letter.key]) == {}


@pytest.mark.parametrize(
    "stand", [name for name, place in PLACES.items() if place.guarantee is Guarantee.ECHO], indirect=True
)
def test_report_repeats_our_key_also_when_no_answer_came(stand: Stand) -> None:
    assert stand.provider
    letter = stand.letter()
    with Ear() as ear:
        stand.provider.reports(to=ear.url, states=["sent", "delivered"], nameless=1)
        stand.provider.faults(next=["cut_after"])
        assert stand.deliver(letter).get(letter.key, None) is None or stand.books()
        while stand.provider.counts()["waiting"]:
            time.sleep(0.02)
    heard = [whatsapp_words.read_webhook(body, at=factories.NOW) for _headers, body in ear.heard]
    reports = [report for each in heard for report in each.reports]
    assert {report.key for report in reports} == {letter.key}
    assert {report.provider_id for report in reports} == {stand.books()[0].id}
    assert [report.state for report in reports] == [MessageState.SENT, MessageState.DELIVERED]
