"""The buttons of an export carry what a browser needs to press them."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests.exports.exported import evidenced
from villages.models import BusinessUnit

pytestmark = pytest.mark.usefixtures("clock", "funded")


def test_export_is_verified_by_the_very_form_that_its_page_shows(group: BusinessUnit, made: User, sari: User) -> None:
    export = evidenced(group, by=made)
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.force_login(sari)
    address = f"/exports/{export.pk}/"
    shown = browser.get(address).content.decode()
    form = shown[shown.index(f'action="{address}verify/"') :].partition("</form>")[0]
    given = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert browser.post(f"{address}verify/", given).status_code == 302
    export.refresh_from_db()
    assert export.state == "verified"
