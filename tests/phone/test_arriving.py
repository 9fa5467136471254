"""The phone and the server that it is made for: what one says, the other understands."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from mentoring.models import Photo
from tests.phone.conftest import Phone
from villages.states import Sex

pytestmark = pytest.mark.django_db(transaction=True)
PART = 65_536
DRAW = """async (key) => {
  const { app } = await import("/static/js/phone/app.js");
  const { newKey, digestOf } = await import("/static/js/phone/keys.js");
  const canvas = new OffscreenCanvas(640, 480);
  const brush = canvas.getContext("2d");
  const noise = brush.createImageData(640, 480);
  for (let at = 0; at < noise.data.length; at += 1) noise.data[at] = at % 4 === 3 ? 255 : Math.random() * 255;
  brush.putImageData(noise, 0, 0);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  const [id, sha256] = [newKey(), await digestOf(await blob.arrayBuffer())];
  const photo = { id, sha256, size: blob.size, taken_at: new Date().toISOString(), sent: false };
  await app.store.put("blobs", { id, visit: key, blob });
  await app.store.change("visits", key, (row) => ({ ...row, photos: [photo] }));
  return blob.size;
}"""


def test_photo_in_parts_arrives_in_one_round(phone: Phone, content: Callable[..., dict[str, Any]]) -> None:
    key = phone.write(content())
    size = phone.page.evaluate(DRAW, key)
    assert size > 2 * PART
    phone.send()
    assert phone.states() == ["sent"]
    photo = Photo.objects.get()
    assert (str(photo.visit_key), photo.size, photo.arrived) == (key, size, True)
    assert phone.rows("blobs") == []


def test_sheet_on_the_phone_knows_the_words_of_the_server(client: Client, made: User) -> None:
    client.force_login(made)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/m/").content.decode()
    for sex in Sex:
        assert f'name="sex" value="{sex.value}"' in page
