"""Schedules drafts through the product's own pages and prints how long each took: python -m tests.hard.pages COUNT."""

import json
import os
import sys
import time

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import doorbell
from config.celery import app
from programs.models import Session
from programs.states import SessionState

WARM = 5


def main(count: int) -> list[float]:
    """Press the button so many times, after a few that do not count."""
    if not os.environ["HARD_GUARD"]:
        ring_by_hand()
    client = Client()
    client.force_login(User.objects.get(email="sari@example.org"))
    drafts = Session.objects.filter(state=SessionState.DRAFT).order_by("-pk")
    return [press(client, session.pk) for session in drafts[: count + WARM]][WARM:]


def ring_by_hand() -> None:
    """Publish in the page's own thread, as a project does that knows no better."""
    if settings.CELERY_BROKER_URL != "memory://":
        doorbell._bells[:] = [lambda: app.send_task("reminders.tasks.send_due")]  # noqa: SLF001


def press(client: Client, pk: int) -> float:
    """Schedule one draft; returns the seconds until the answer."""
    began = time.perf_counter()
    answer = client.post(reverse("session-schedule", args=[pk]), {"override": "Sudah disepakati dengan desa"})
    took = time.perf_counter() - began
    if answer.status_code != 302:
        raise SystemExit(f"The page answered {answer.status_code}.")
    return took


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))  # noqa: T201
