"""Reading and pressing, with the answer that is expected."""

from typing import Any

from django.test import Client
from django.urls import reverse

TYPED = {"day": "9/10/2026", "starts": "09.00", "ends": "11:30"}  # Friday, as people and pickers write it


def read(client: Client, name: str, /, *given: object, status: Any = 200, **asked: Any) -> str:
    answer = client.get(reverse(name, args=given), asked)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def press(client: Client, name: str, /, *given: object, status: Any = 302, **typed: Any) -> str:
    answer = client.post(reverse(name, args=given), typed)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()
