"""What Celery calls: each reads the clock and calls one action."""

from celery import shared_task

from programs.actions.intake import forget_imports
from reminders.claims import database_clock
from reminders.notices import plan_notices
from reminders.planning import sweep as plan_again
from reminders.sender import send_due as send_what_is_due


@shared_task
def send_due() -> None:
    """Send what is due now."""
    send_what_is_due()


@shared_task
def sweep() -> None:
    """Repair the plan."""
    at = database_clock()
    plan_again(at=at)
    plan_notices(at=at)


@shared_task
def forget() -> None:
    """Delete the rows of imported lists whose day is over."""
    forget_imports(at=database_clock())
