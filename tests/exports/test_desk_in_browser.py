"""The finance officer's day and a mentor's claim from the phone, in a real browser at both widths."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from exports.models import BudgetEntry, Shipment, SubsidyClaim, SubsidyScheme
from tests.exports.claims import approved
from tests.mentoring.pictures import drawn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("modules")]
PASSWORD = "a long sentence of mine"


def sign_in(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(user.email or "")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.locator("[name=login]")).to_have_count(0)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_joko_sees_what_waits_checks_it_and_pays(
    page: Page, scheme: SubsidyScheme, parcel: Shipment, made: User, sari: User, joko: User
) -> None:
    claim = approved(scheme, parcel, by=made, desk=sari)
    SubsidyClaim.objects.update(approved_at="2026-10-01T03:00Z")
    sign_in(page, joko)
    page.locator("section[aria-labelledby=claims] .rows a").first.click()
    expect(page.locator("h1")).to_contain_text(f"#{claim.pk}")
    assert page.locator(".paper").count() == 2
    assert fits(page)
    page.locator("[name=payment_reference]").fill("SP2D 0042")
    page.locator("section[aria-labelledby=act] form button").first.click()
    expect(page.locator(".flashes .notice-good")).to_have_count(1)
    page.locator(f"dl.facts a[href$='/programs/{scheme.program_id}/budget/']").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert fits(page)
    assert list(BudgetEntry.objects.order_by("pk").values_list("kind", flat=True)) == ["committed", "spent"]


def test_made_claims_with_photos_from_the_phone(
    page: Page, scheme: SubsidyScheme, parcel: Shipment, made: User, tmp_path: Path
) -> None:
    Shipment.objects.update(shipped_on=date.today())  # noqa: DTZ011  the browser's clock is the machine's
    sign_in(page, made)
    page.goto(f"/shipments/{parcel.pk}/claim/")
    assert fits(page)
    expect(page.locator(".limits tfoot td")).to_have_text("Rp800.000")
    page.locator("main form.form button").click()
    for number, kind in enumerate(("waybill", "receipt")):
        page.locator(f"#documents a[href$='kind={kind}']").click()
        photo = tmp_path / f"{kind}.jpg"
        photo.write_bytes(drawn(number))
        page.locator("[name=photo]").set_input_files(photo)
        assert fits(page)
        page.locator("main form.form button").click()
        expect(page.locator(".flashes .notice-good")).to_have_count(1)
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator("h1 .chip-info")).to_have_count(1)
    assert fits(page)
    assert SubsidyClaim.objects.get().state == "submitted"
