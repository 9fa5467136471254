"""What Celery calls: each reads the clock and calls one action."""

from celery import shared_task

from reminders.claims import database_clock
from reminders.planning import sweep as plan_again
from reminders.sender import send_due as send_what_is_due


@shared_task
def send_due() -> None:
    """Send what is due now."""
    send_what_is_due()


@shared_task
def sweep() -> None:
    """Repair the plan."""
    plan_again(at=database_clock())
