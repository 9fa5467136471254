"""A checked list becomes people, numbers, agreements and seats: all of it in one transaction, or nothing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import ngettext

from accounts.models import User
from common.errors import Refused
from common.events import record
from common.sets import run
from programs.actions.enrolling import enroll_crowd
from programs.actions.intake import statements
from programs.actions.intake.matching import match
from programs.models import Cohort, ImportBatch
from programs.states import ImportState, RowState
from villages.actions.crowd import Crowd, add_numbers, add_people, correct_people, give_consents
from villages.models import Village


@transaction.atomic
def commit_import(
    batch: ImportBatch, *, by: User, at: datetime, text_version: str, skip_wrong: bool = False
) -> ImportBatch:
    """Write what the list says; wrong rows stop it unless they are skipped, and two hands write it once.

    Who is known is asked again here, with villages and cohorts held: another list may have come in since the check.
    """
    ImportBatch.objects.move(batch, ImportState.COMMITTED, committed_at=at, committed_by=by)
    hold_places(batch)
    match(batch)
    if batch.wrong and not skip_wrong:
        raise Refused(_wrong(batch.wrong))
    _write(batch, by=by, at=at, text_version=text_version)
    counts = {name: getattr(batch, name) for name in RowState.values}
    batch.save(update_fields=[*counts])
    record(batch, verb="committed", by=by, at=at, goal=ImportState.COMMITTED, program=batch.program_id, **counts)
    return batch


def hold_places(batch: ImportBatch) -> None:
    """Hold the villages and cohorts of a list, always in the same order."""
    for model, column in ((Village, "village"), (Cohort, "cohort")):
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=batch.rows.values(column))
        list(rows.order_by("pk").values_list("pk", flat=True))


def _wrong(count: int) -> str:
    return ngettext(
        "%(count)d row is wrong. Correct it in the file, or import without it.",
        "%(count)d rows are wrong. Correct them in the file, or import without them.",
        count,
    ) % {"count": count}


def _write(batch: ImportBatch, *, by: User, at: datetime, text_version: str) -> None:
    values = {"batch": batch.pk}
    run(statements.NUMBERED, values)
    run(statements.FIRST, values)
    fresh, known = (
        Crowd(statements.PEOPLE.format(state=state), by=by, at=at, params=values)
        for state in (RowState.NEW, RowState.CHANGED)
    )
    add_people(fresh)
    correct_people(known)
    for crowd, number, consent in ((fresh, "true", "true"), (known, "changes ? 'number'", "changes ? 'consent'")):
        add_numbers(crowd, condition=number)
        give_consents(crowd, condition=consent, text_version=text_version)
    _enroll(batch, by=by, at=at)
    run(statements.JOINED, values)


def _enroll(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Enroll who is new to their cohort, cohort by cohort."""
    joining = batch.rows.filter(state=RowState.NEW) | batch.rows.filter(
        state=RowState.CHANGED, changes__has_key="enrollment"
    )
    for cohort in Cohort.objects.filter(pk__in=joining.values("cohort")).order_by("pk"):
        people = joining.filter(cohort=cohort).order_by("number").values_list("person_id", flat=True)
        enroll_crowd(cohort, people=[pk for pk in people if pk], by=by, at=at)
