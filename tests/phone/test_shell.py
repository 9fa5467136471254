"""The shell of the mentor's app: for mentors, without a word about anybody, whole without a network."""

import pytest
from django.test import Client

from accounts.models import User


def test_only_mentors_have_the_app(reader: Client, made: User, sari: User, joko: User) -> None:
    assert reader.get("/m/").status_code == 302
    for user, status in ((made, 200), (sari, 403), (joko, 403)):
        reader.force_login(user)
        assert reader.get("/m/").status_code == status


def test_shell_is_the_same_for_everyone(reader: Client, made: User, ina: User) -> None:
    pages = []
    for user in (made, ina):
        reader.force_login(user)
        pages.append(reader.get("/m/").content)
    assert pages[0] == pages[1]
    assert b"Made" not in pages[0]


@pytest.mark.parametrize("language", ["id", "en"])
def test_worker_names_the_edition_of_a_language(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    worker = client.get("/m/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "js/phone/app.js" in worker.content.decode()
    client.cookies["django_language"] = "id"
    same = client.get("/m/worker.js").content == worker.content
    assert same == (language == "id")


def test_shell_travels_once_for_each_edition(reader: Client, made: User) -> None:
    reader.force_login(made)
    first = reader.get("/m/")
    assert reader.get("/m/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    reader.cookies["django_language"] = "id"
    other = reader.get("/m/", headers={"If-None-Match": first["ETag"]})
    assert (other.status_code, other["Cache-Control"]) == (200, "private, no-cache")
