"""Two records become one, and nothing that hung on either is lost: every relation of the house has a case."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation

from accounts.models import User
from common.errors import Refused, RowMoved
from common.models import Event
from programs.models import Attendance, Enrollment
from tests import factories
from tests.reminders.worlds import meeting
from tests.villages.merging_cases import ALONE, MEETING, NEVER_MEET, REFUSED, begun, enrolled, seated
from villages import merging
from villages.actions import add_contact, anonymise_person, change_person, give_consent, merge_people, tell_apart
from villages.merging import Relation, relations_of
from villages.models import ContactPoint, FormerId, NotDuplicate, Person, Village

pytestmark = pytest.mark.django_db


def every_relation(model: type[models.Model] = Person, seen: frozenset[str] = frozenset()) -> Iterator[Relation]:
    """Walk what points to a person, and what points to rows that may meet a counterpart."""
    for relation in relations_of(model):
        if relation.label not in seen:
            yield relation
            if hasattr(relation.model, "absorb") or relation.model._meta.auto_created:
                yield from every_relation(relation.model, seen | {relation.label})


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


RELATIONS = {relation.label: relation for relation in every_relation()}


@pytest.fixture
def keep(parengan: Village) -> Person:
    return factories.PersonFactory.create(pk=40, village=parengan, name="Siti Munawaroh", hamlet="", birth_year=None)


@pytest.fixture
def gone(keep: Person) -> Person:
    return factories.PersonFactory.create(
        pk=50, village=keep.village, name="Bu Siti Munawaroh", hamlet="Krajan", birth_year=1985
    )


def pointing(key: int) -> dict[str, int]:
    """Count what points to a person of this id, whatever it is."""
    return {one.label: n for one in relations_of(Person) if (n := one.rows([key]).count())}


def test_every_relation_has_a_case() -> None:
    """A new foreign key to a person, or to a row that can meet its counterpart, is thought of here first."""
    assert set(RELATIONS) == set(ALONE)
    assert set(RELATIONS) == set(MEETING) | set(REFUSED) | NEVER_MEET
    tables = {relation.model._meta.db_table for relation in RELATIONS.values()}
    assert {"villages_personcontact", "programs_enrollment", "reminders_message_people"} <= tables


@pytest.mark.parametrize("label", sorted(ALONE))
def test_row_of_the_one_that_goes_changes_hands(
    keep: Person, gone: Person, sari: User, at: datetime, label: str
) -> None:
    row, hung = ALONE[label](gone), pointing(gone.pk)
    merge_people(keep, gone=gone, by=sari, at=at)
    assert pointing(gone.pk) == {}
    found = pointing(keep.pk)
    assert all(found.get(name, 0) >= count for name, count in hung.items() if not name.startswith("villages.notdup"))
    if not isinstance(row, NotDuplicate):
        again: Any = type(row)._base_manager.get(pk=row.pk)
        place = getattr(again, "seat", getattr(again, "attendance", again))
        assert getattr(place, "person_id", None) or place.enrollment.person_id == keep.pk


@pytest.mark.parametrize("label", sorted(MEETING))
def test_row_that_meets_its_counterpart_becomes_one_with_it(
    keep: Person, gone: Person, sari: User, at: datetime, label: str
) -> None:
    kept, dropped = MEETING[label](keep, gone)
    before = RELATIONS[label].model._base_manager.count()
    merge_people(keep, gone=gone, by=sari, at=at)
    assert pointing(gone.pk) == {}
    rows = RELATIONS[label].model._base_manager
    assert rows.filter(pk=kept.pk).exists()
    assert not rows.filter(pk=dropped.pk).exists()
    assert rows.count() == before - 1
    joined = Event.objects.get(verb="merged").facts["joined"]
    fact = next(each for each in joined if each["id"] == str(dropped.pk))
    assert (fact["row"], fact["into"]) == (RELATIONS[label].model._meta.label_lower, str(kept.pk))
    assert not {"name", "reason", "summary", "text"} & {*fact["dropped"], *fact["before"]}


@pytest.mark.parametrize("label", sorted(MEETING))
def test_joined_row_says_of_every_column_what_becomes_of_it(
    keep: Person, gone: Person, sari: User, at: datetime, label: str
) -> None:
    """A column that is added later is lost at a merge until `absorb` names it."""
    kept, dropped = MEETING[label](keep, gone)
    model = RELATIONS[label].model
    if model._meta.auto_created:
        return
    kept_any: Any = kept
    named = set(kept_any.absorb(dropped))
    unique = {name for names, _condition in merging.uniques_of(RELATIONS[label]) for name in names}
    keys = {column.attname for column in model._meta.concrete_fields if column.primary_key or column.name in unique}
    free = {column.attname for column in model._meta.concrete_fields} - keys - named
    # A known person has no written name; a live consent no end; a seat keeps the row that was printed.
    assert free <= {"name", "withdrawn_at", "number"}


def test_place_seats_marks_and_answers_of_both_become_one(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    session = begun(keep)
    other = factories.SessionFactory.create(
        program=session.program, cohorts=[session.cohorts.get()], starts_at=at - timedelta(days=2)
    )
    mark = {"source": "paper", "marked_at": at, "marked_by": sari}
    seated(keep, session, state="absent", rsvp="no", rsvp_at=at - timedelta(days=2), **mark)
    came = seated(gone, session, state="late", minutes=70, rsvp="yes", rsvp_at=at - timedelta(days=5), **mark)
    alone = seated(gone, other, state="excused", excuse="sick", **mark)
    merge_people(keep, gone=gone, by=sari, at=at)
    place = Enrollment.objects.get(person=keep)
    seats = {seat.session_id: seat for seat in place.seats.all()}
    assert set(seats) == {session.pk, other.pk}
    joined = seats[session.pk]
    assert (joined.state, joined.minutes, joined.source, joined.rsvp) == ("late", 70, "paper", "yes")
    assert joined.rsvp_at == came.rsvp_at
    assert (seats[other.pk].pk, seats[other.pk].excuse) == (alone.pk, "sick")
    facts = Event.objects.get(verb="merged").facts
    assert facts["moved"]["programs.attendance.enrollment"] == 1
    assert {each["row"] for each in facts["joined"]} == {"programs.enrollment", "programs.attendance"}
    lost = next(each["before"] for each in facts["joined"] if each["row"] == "programs.attendance")
    assert (lost["state"], lost["rsvp"]) == ("absent", "no")


def test_marks_of_both_stay_in_one_history(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    session = begun(keep)
    mark = {"marked_at": at, "marked_by": sari, "source": "trainer"}
    kept = seated(keep, session, state="late", minutes=60, version=2, **mark)
    lost = seated(gone, session, state="present", minutes=90, version=1, **mark)
    for version in (1, 2):
        factories.AttendanceMarkFactory.create(seat=kept, version=version)
    moved = factories.AttendanceMarkFactory.create(seat=lost, by=None, source="self")
    note = factories.AbsenceNoteFactory.create(seat=lost)
    merge_people(keep, gone=gone, by=sari, at=at)
    kept.refresh_from_db()
    assert (kept.state, kept.version) == ("present", 3)
    assert [*kept.marks.order_by("version").values_list("version", flat=True)] == [1, 2, 3]
    assert kept.marks.get(version=3) == moved
    assert kept.absence_notes.get() == note
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        kept.marks.filter(version=3).update(version=4)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        kept.marks.filter(version=3).update(seat=seated(keep), state="absent", version=1)


def test_revoked_certificate_moves_beside_a_valid_one(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    place = enrolled(keep)
    valid = factories.CertificateFactory.create(enrollment=place)
    other = enrolled(gone, cohort=place.cohort)
    revoked = factories.CertificateFactory.create(enrollment=other, state="revoked")
    merge_people(keep, gone=gone, by=sari, at=at)
    assert {*place.certificates.all()} == {valid, revoked}


def test_longer_of_two_stays_and_the_surer_of_two_marks_are_believed(
    keep: Person, gone: Person, sari: User, at: datetime
) -> None:
    session, mark = begun(keep), {"marked_at": at, "marked_by": sari}
    seated(keep, session, state="present", minutes=60, **mark)
    seated(gone, session, state="present", minutes=120, **mark)
    merge_people(keep, gone=gone, by=sari, at=at)
    assert Attendance.objects.get().minutes == 120


def test_who_takes_part_takes_part_whichever_record_stays(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    place = enrolled(keep, state="active", enrolled_at=at)
    enrolled(gone, cohort=place.cohort, state="withdrawn", reason="Moved away", enrolled_at=at - timedelta(days=9))
    merge_people(keep, gone=gone, by=sari, at=at)
    place.refresh_from_db()
    assert (place.state, place.reason, place.enrolled_at) == ("active", "", at - timedelta(days=9))


def test_what_is_empty_is_filled_and_what_differs_is_chosen(
    keep: Person, gone: Person, sari: User, at: datetime
) -> None:
    merge_people(keep, gone=gone, by=sari, at=at, take=["name"])
    assert (keep.name, keep.hamlet, keep.birth_year) == ("Bu Siti Munawaroh", "Krajan", 1985)
    assert Event.objects.get(verb="merged").facts["columns"] == ["birth_year", "hamlet", "name"]
    with pytest.raises(TypeError):
        merge_people(keep, gone=gone, by=sari, at=at, take=["village"])


def test_old_id_leads_to_the_one_that_stays_over_several_merges(
    keep: Person, gone: Person, sari: User, at: datetime
) -> None:
    first, third = gone.pk, factories.PersonFactory.create(pk=60, village=keep.village)
    merge_people(keep, gone=gone, by=sari, at=at)
    merge_people(third, gone=keep, by=sari, at=at)
    assert Person.objects.once([first, 40, 60, 99]) == {first: 60, 40: 60, 60: 60}
    assert not Person.objects.filter(pk__in=[first, 40]).exists()


def test_history_keeps_its_id_and_both_are_told(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    change_person(gone, craft="mewarna", by=sari, at=at)
    merge_people(keep, gone=gone, by=sari, at=at)
    about = Event.objects.filter(subject_type="villages.person").order_by("pk")
    told = [(event.verb, event.subject_id) for event in about]
    assert told == [("changed", "50"), ("merged_into", "50"), ("merged", "40")]
    assert "Siti" not in str([event.facts for event in about])


def test_later_withdrawal_under_the_other_record_is_heeded(
    keep: Person, gone: Person, sari: User, at: datetime
) -> None:
    live = factories.ConsentFactory.create(person=keep, given_at=at - timedelta(days=9))
    factories.ConsentFactory.create(person=gone, given_at=at - timedelta(days=20), withdrawn_at=at - timedelta(days=2))
    factories.ConsentFactory.create(person=gone, purpose="photos", given_at=at - timedelta(days=20))
    factories.ConsentFactory.create(
        person=keep, purpose="photos", given_at=at - timedelta(days=60), withdrawn_at=at - timedelta(days=40)
    )
    merge_people(keep, gone=gone, by=sari, at=at)
    live.refresh_from_db()
    assert live.withdrawn_at == at - timedelta(days=2)
    assert [one.purpose for one in keep.consents.filter(withdrawn_at__isnull=True)] == ["photos"]
    assert Event.objects.get(verb="merged").facts["withdrawn"] == ["messages"]


def test_whom_the_other_was_told_apart_from_stays_told_apart(
    keep: Person, gone: Person, sari: User, at: datetime
) -> None:
    low, high = (factories.PersonFactory.create(pk=pk, village=keep.village) for pk in (30, 70))
    for other in (low, high, keep):
        tell_apart(gone, second=other, by=sari, at=at)
    tell_apart(keep, second=high, by=sari, at=at)
    merge_people(keep, gone=gone, by=sari, at=at)
    assert set(NotDuplicate.objects.values_list("first", "second")) == {(30, 40), (40, 70)}
    assert Event.objects.get(verb="merged").facts["told_apart"] == [sari.pk]


def test_saying_twice_that_two_are_two_is_saying_it_once(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    for first, second in ((keep, gone), (gone, keep)):
        tell_apart(first, second=second, by=sari, at=at)
    assert NotDuplicate.objects.count() == 1
    assert Event.objects.filter(verb="told_apart").count() == 1
    with pytest.raises(IntegrityError):
        NotDuplicate.objects.create(first=gone, second=keep, said_by=sari, said_at=at)


def test_second_merge_of_the_same_pair_is_refused_in_words(
    keep: Person, gone: Person, sari: User, at: datetime
) -> None:
    merge_people(keep, gone=gone, by=sari, at=at)
    for stays, goes in ((keep, gone), (gone, keep)):
        with pytest.raises(Refused, match="a moment ago"):
            merge_people(stays, gone=goes, by=sari, at=at)
    assert FormerId.objects.count() == 1


def test_record_and_itself_strangers_and_the_forgotten_are_no_pair(
    keep: Person, gone: Person, elsewhere: Village, sari: User, at: datetime
) -> None:
    stranger = factories.PersonFactory.create(village=elsewhere)
    for other, why in ((keep, "one record"), (stranger, "different villages")):
        with pytest.raises(Refused, match=why):
            merge_people(keep, gone=other, by=sari, at=at)
    anonymise_person(gone, by=sari, at=at)
    with pytest.raises(Refused, match="erased"):
        merge_people(keep, gone=gone, by=sari, at=at)


def test_hand_that_still_holds_the_old_record_is_told(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    merge_people(keep, gone=gone, by=sari, at=at)
    with pytest.raises(RowMoved):
        change_person(gone, name="Siti M.", by=sari, at=at)
    with pytest.raises(RowMoved):
        anonymise_person(gone, by=sari, at=at)


def test_relation_that_the_walk_does_not_know_stops_the_merge(
    keep: Person, gone: Person, sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has the last word: a row left behind is refused, never lost."""
    ALONE["mentoring.attendee.person"](gone)
    known = [one for one in relations_of(Person) if one.label != "mentoring.attendee.person"]
    monkeypatch.setattr(merging, "relations_of", lambda model: known if model is Person else relations_of(model))
    with pytest.raises(IntegrityError):
        merge_people(keep, gone=gone, by=sari, at=at)


def test_counterparts_without_a_rule_are_settled_by_a_human_first(
    keep: Person, gone: Person, sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    MEETING["mentoring.attendee.person"](keep, gone)
    monkeypatch.delattr("mentoring.models.Attendee.absorb")
    steps = merging.plan_move(Person, {gone.pk: keep.pk})
    assert [step.relation.label for step in steps if step.stuck] == ["mentoring.attendee.person"]
    with pytest.raises(Refused, match="has only one"):
        merge_people(keep, gone=gone, by=sari, at=at)


def test_counterparts_that_no_rule_joins_stop_the_merge(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    for label, both in REFUSED.items():
        with transaction.atomic():
            both(keep, gone)
            with pytest.raises(Refused, match="has only one"):
                merge_people(keep, gone=gone, by=sari, at=at)
            assert Person.objects.filter(pk=gone.pk).exists(), label
            transaction.set_rollback(True)


def test_counted_rows_are_numbered_on(keep: Person, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """No model of a person is counted yet; revisions of two sessions show how it would be."""
    monkeypatch.setattr("programs.models.SessionRevision.renumbered", "number", raising=False)
    stays, goes = begun(keep), begun(keep)
    for session, more in ((stays, 2), (goes, 1)):
        factories.SessionRevisionFactory.create_batch(more, session=session)
    step = next(
        step
        for step in merging.plan_move(type(stays), {goes.pk: stays.pk})
        if step.relation.label == "programs.sessionrevision.session"
    )
    assert (step.twins, step.moved, step.counted) == ([], 2, {stays.pk: 3})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE programs_sessionrevision DISABLE TRIGGER revision_is_kept")
        goes.revisions.update(reason="Market day")
        merging.carry_out([step], merging.Outcome())
        cursor.execute("ALTER TABLE programs_sessionrevision ENABLE TRIGGER revision_is_kept")
    assert list(stays.revisions.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_plan_says_exactly_what_is_done(keep: Person, gone: Person, sari: User, at: datetime) -> None:
    for make in ALONE.values():
        make(gone)
    MEETING["programs.enrollment.person"](keep, gone)
    planned = {step.relation.label: step.moved for step in merging.plan_move(Person, {gone.pk: keep.pk}) if step.moved}
    for side in ("first", "second"):  # whom one was told apart from is carried over before the walk
        assert planned.pop(f"villages.notduplicate.{side}") == 1
    merge_people(keep, gone=gone, by=sari, at=at)
    assert Event.objects.get(verb="merged").facts["moved"] == planned


def test_messages_are_planned_again_for_the_one_that_stays(
    keep: Person, gone: Person, sari: User, at: datetime, clock: object
) -> None:
    """The one that goes had the number and the agreement, the one that stays the seat."""
    session = meeting(enrolled(keep).cohort, at + timedelta(days=5))
    number = add_contact(gone, number="0812 3456 7890", relation="own", by=sari, at=at)
    give_consent(gone, purpose="messages", how="paper", text_version="1", by=sari, at=at)
    assert not session.messages.exists()
    merge_people(keep, gone=gone, by=sari, at=at)
    assert {message.contact_point_id for message in session.messages.all()} == {number.pk}
    assert {person.pk for message in session.messages.all() for person in message.people.all()} == {keep.pk}
    assert ContactPoint.objects.get().people.get() == keep
    assert FormerId.objects.get().person == keep
