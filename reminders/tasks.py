"""What Celery calls: each reads the clock and calls one action."""

from celery import shared_task

from common.doorbell import ring
from programs.actions.intake import forget_imports
from reminders.claims import database_clock
from reminders.pulse import Heart, keep_sending, repair
from reminders.states import Part

PATIENCE = 10.0  # seconds of one task: a worker that is asked to end does so soon
heart = Heart(Part.WORKER)


@shared_task
def send_due() -> None:
    """Send what is due now; what does not fit is asked for again."""
    if keep_sending(heart, patience=PATIENCE):
        ring()


@shared_task
def sweep() -> None:
    """Repair the plan."""
    repair(heart)


@shared_task
def forget() -> None:
    """Delete the rows of imported lists whose day is over."""
    forget_imports(at=database_clock())
