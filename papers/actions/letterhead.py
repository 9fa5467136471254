"""Whose name stands on the papers of a program."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from common.events import record
from papers.models import Letterhead
from programs.models import Program


@transaction.atomic
def save_letterhead(program: Program, *, by: User, at: datetime, **columns: Any) -> Letterhead:
    """Write a program's letterhead; letters that have a number keep it as it was printed."""
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    head = Letterhead.objects.filter(program=program).first() or Letterhead(program=program)
    fresh = head.pk is None
    for name, value in columns.items():
        setattr(head, name, value)
    head.clean_fields(exclude={"program"})
    head.save()
    record(head, verb="created" if fresh else "changed", by=by, at=at, program=program.pk)
    return head
