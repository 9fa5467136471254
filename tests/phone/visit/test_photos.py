"""Photos are made small on the phone, upright and without a word about where, and kept at once."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.phone.visit.conftest import Phone
from tests.phone.visit.pictures import named, picture, turned

pytestmark = pytest.mark.django_db(transaction=True)
HEAVIEST, LONGEST = 900_000, 1600


@pytest.fixture
def page(phone: Phone) -> Page:
    page = phone.begin()
    phone.go(3)
    return page


def _kept(phone: Phone, page: Page, *files: object, many: int = 1) -> list[Image.Image]:
    page.locator("[data-gallery]").set_input_files(list(files))  # type: ignore[arg-type]
    expect(page.locator("[data-photos] canvas")).to_have_count(many, timeout=60_000)
    kept: list[Image.Image] = []
    for photo in phone.row()["photos"]:
        content = phone.blob(photo["id"])
        assert (photo["size"], photo["sha256"], photo["sent"]) == (len(content), sha256(content).hexdigest(), False)
        assert len(content) <= HEAVIEST
        assert b"Exif" not in content
        kept.append(Image.open(BytesIO(content)))
    return kept


def test_photo_on_its_side_is_redrawn_upright_without_where_it_was(phone: Phone, page: Page) -> None:
    (photo,) = _kept(phone, page, named("loom.jpg", turned()))
    assert (photo.format, photo.size) == ("JPEG", (600, 800))
    top, foot = (photo.getpixel((300, at)) for at in (50, 750))
    assert isinstance(top, tuple)
    assert isinstance(foot, tuple)
    assert top[0] > 200 > foot[0]  # the left of the file, red, is its top
    assert not photo.getexif()


def test_huge_photo_is_made_small(phone: Phone, page: Page) -> None:
    huge = picture(size=(4000, 3000), noise=True, quality=90)
    (photo,) = _kept(phone, page, named("IMG_1.jpg", huge))
    assert max(photo.size) <= LONGEST
    assert photo.size[0] / photo.size[1] == pytest.approx(4 / 3, abs=0.01)


def test_huge_photo_on_its_side_and_clear_pictures(phone: Phone, page: Page) -> None:
    clear = BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(clear, "PNG")
    files = (named("a.jpg", turned((3200, 2400))), named("b.png", clear.getvalue(), "image/png"))
    big, small = _kept(phone, page, *files, many=2)
    assert (big.size, small.size) == ((1200, 1600), (40, 30))
    corner = small.getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert min(corner) > 250  # what was clear is white, not black


def test_picture_of_another_kind_keeps_its_size(phone: Phone, page: Page) -> None:
    small, big = (picture("WEBP", size) for size in ((200, 100), (3000, 1500)))
    first, second = _kept(phone, page, named("a.webp", small), named("b.webp", big), many=2)
    assert (first.size, second.size) == ((200, 100), (1600, 800))


def test_what_is_no_picture_is_refused_in_words(phone: Phone, page: Page) -> None:
    page.locator("[data-camera]").set_input_files(named("note.jpg", b"Dear diary"))
    trouble = page.locator("[data-photo-trouble]")
    expect(trouble).to_contain_text("“note.jpg” is not a picture")
    cut = picture(size=(2000, 1500))[:400]
    page.locator("[data-camera]").set_input_files(named("cut.jpg", cut))
    expect(trouble).to_contain_text("“cut.jpg”")
    assert phone.row()["photos"] == []
    _kept(phone, page, named("loom.jpg", picture()))
    expect(trouble).to_be_empty()


def test_six_photos_fit_and_one_can_be_taken_out(phone: Phone, page: Page) -> None:
    _kept(phone, page, *(named(f"{n}.jpg", picture(size=(60 + n, 40))) for n in range(7)), many=6)
    expect(page.locator("[data-photo-trouble]")).to_contain_text("Only six photos fit")
    expect(page.locator("[data-shots]")).to_be_hidden()
    page.get_by_role("button", name="Remove photo 2").click()
    expect(page.locator("[data-photos] canvas")).to_have_count(5)
    expect(page.locator("[data-shots]")).to_be_visible()
    row = phone.row()
    assert {blob["id"] for blob in phone.rows("blobs")} == {photo["id"] for photo in row["photos"]}
    assert len(row["photos"]) == 5


def test_photos_are_there_again_after_the_page_was_closed(phone: Phone, page: Page) -> None:
    _kept(phone, page, named("loom.jpg", picture()))
    key = phone.row()["id"]
    again = phone.open(f"#/visit/{key}")
    expect(again.locator('.is-now[data-step="3"] canvas')).to_have_count(1)
    painted = "canvas => canvas.getContext('2d').getImageData(10, 120, 1, 1).data[0]"
    again.wait_for_timeout(300)
    assert again.locator("[data-photos] canvas").evaluate(painted) > 200


def test_full_disk_keeps_the_words_and_refuses_the_photo(phone: Phone) -> None:
    browser = phone.context.new_cdp_session(phone.page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 400_000})
    page = phone.begin()
    phone.go(3)
    heavy = picture(size=(1600, 1200), noise=True)
    page.locator("[data-camera]").set_input_files(named("loom.jpg", heavy))
    expect(page.locator("[data-photo-trouble]")).to_contain_text("There is no room left for photos", timeout=30_000)
    phone.go(4)
    page.locator("[data-field=summary]").fill("The words fit")
    phone.saved()
    row = phone.row()
    assert (row["content"]["summary"], row["photos"], phone.rows("blobs")) == ("The words fit", [], [])


def test_words_that_the_disk_refuses_are_tried_again_until_they_are_kept(phone: Phone, page: Page) -> None:
    phone.go(4)
    phone.saved()
    page.evaluate("""() => { const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (row) { put.call(this, row); this.transaction.abort(); };
      window.mend = () => { IDBObjectStore.prototype.put = put; }; }""")
    page.locator("[data-field=summary]").fill("Written on a bad disk")
    expect(page.locator("[data-trouble]")).to_contain_text("could not be saved")
    expect(page.locator(".is-saved")).to_have_count(0)
    page.evaluate("mend()")
    expect(page.locator("[data-trouble]")).to_be_empty()
    phone.saved()
    assert phone.row()["content"]["summary"] == "Written on a bad disk"
