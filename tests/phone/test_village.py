"""A village on the phone, with no network: its people, its logs whole, what is open and what works."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.phone import packs
from tests.phone.packs import Carry

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_village_is_told_whole_with_no_network(
    page: Page, carry: Carry, made: User, at: datetime, axe: Callable[[Page], list[str]]
) -> None:
    carry(page, packs.pack_of(made, at))
    page.goto("/m/#/village/1")
    expect(page.locator("h1")).to_have_text("Parengan")
    expect(page.locator("[data-works]")).to_contain_text("Pagi hari, sebelum ke sawah.")
    expect(page.locator("[data-log]")).to_have_attribute("href", "#/visit/new/1")
    expect(page.locator('[data-part="items"] .task')).to_have_count(3)
    expect(page.locator('[data-part="coming"] .task-title')).to_contain_text(["Memeriksa satu kodi", "Foto kain"])
    expect(page.locator("[data-people]")).to_have_attribute("href", "/villages/1/")
    expect(page.locator(".people > li")).to_have_count(6)
    expect(page.locator(".log")).to_have_count(2)
    assert axe(page) == []


def test_the_log_of_another_mentor_is_read_whole(page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(page, packs.pack_of(made, at, visits=[packs.visit(made, at - timedelta(days=6))]))
    page.goto("/m/#/village/1")
    log = page.locator(".log")
    for said in (
        "Visit of Friday, 25 September 2026",
        "Agus Salim · 10.00 WIB",
        "Delapan lembar perlu diulang.",
        "Kemampuan keuangan",
        "Catatan belum lengkap.",
        "Bu Siti · until Wed, 30 Sep 2026 · Open",
        "Pendampingan, Keuangan",
        "Lidia Wati, Pak RT",
        "one photo (1 still on their way)",
        "On site",
    ):
        expect(log).to_contain_text(said)
    expect(log.locator("[data-mine]")).to_be_hidden()
    expect(log.locator("[data-fact=comment]")).to_be_hidden()


def test_my_own_returned_log_leads_to_its_steps(phone_page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(phone_page, packs.pack_of(made, at))
    phone_page.goto("/m/#/village/1")
    log = phone_page.locator(".log").first
    expect(log).to_contain_text("Tuliskan siapa yang hadir.")
    expect(log.locator("[data-mine]")).to_have_attribute("href", "#/visit/v2")


def test_a_person_is_found_by_name(phone_page: Page, carry: Carry, made: User, at: datetime) -> None:
    people = [packs.person(number, f"Warga {number}") for number in range(12)]
    carry(phone_page, packs.pack_of(made, at, people=people))
    phone_page.goto("/m/#/village/1")
    phone_page.locator("[data-search]").locator("visible=true").fill("warga 11")
    expect(phone_page.locator(".people > li:visible")).to_have_text(["Warga 11 Dusun Krajan"])


def test_what_the_phone_does_not_keep_is_said(page: Page, carry: Carry, made: User, at: datetime) -> None:
    carry(page, packs.pack_of(made, at))
    for route, words in (
        ("village/99", "village is not on this phone"),
        ("session/99", "session is not on this phone"),
    ):
        page.goto(f"/m/#/{route}")
        expect(page.locator("[data-view]")).to_contain_text(words)
        expect(page.locator('[data-view] a[href="#/"]')).to_be_visible()
