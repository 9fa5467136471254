"""Agus leaves: Pangean passes to Made, who has still to sign."""

from datetime import datetime, timedelta
from typing import Final

from accounts.models import User
from common.dates import local_date
from config.demo.story import Story
from mentoring.actions import prepare_handover, sign_handover, write_works
from mentoring.models import Handover
from villages.models import Village

WORKS: Final = (
    "Datanglah sesudah pukul sembilan: pagi hari para penenun mengantar anak ke sekolah.\n"
    "Tanyakan lebih dulu kepada Bu Ngatini; kalau beliau setuju, yang lain ikut.\n"
    "Latihan di rumah-rumah lebih berhasil daripada di balai desa. Jangan menjanjikan pembeli sebelum contoh jadi."
)


def tell_handover(story: Story, village: Village, *, giver: User, taker: User, by: User) -> None:
    """Prepare it two days ago, and let who gives write and sign yesterday."""
    story.then(
        story.moment(-2, "14:00", village.zone), lambda at: _prepare(village, giver=giver, taker=taker, by=by, at=at)
    )
    story.then(story.moment(-1, "16:00", village.zone), lambda at: _write(village, by=giver, at=at))


def _prepare(village: Village, *, giver: User, taker: User, by: User, at: datetime) -> None:
    last = local_date(at, village.zone) + timedelta(days=16)
    letter = village.assignments.get(mentor=giver)
    prepare_handover(letter, taker=taker, last_on=last, first_on=last + timedelta(days=1), by=by, at=at)


def _write(village: Village, *, by: User, at: datetime) -> None:
    handover = Handover.objects.get(village=village)
    write_works(handover, works=WORKS, by=by, at=at)
    sign_handover(handover, version=handover.version, by=by, at=at)
