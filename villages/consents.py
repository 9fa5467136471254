"""The words people agree to; a change of words is a new version, and old consents keep theirs."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from villages.states import Purpose

VERSION: Final = "2026-1"
WORDS: Final[dict[str, Promise]] = {
    Purpose.MESSAGES: _(
        "The programme may keep my name and number and send me the schedule of my training. It gives them to nobody"
        " else. I can stop the messages and have my data erased at any time."
    ),
    Purpose.PHOTOS: _(
        "Photos in which I can be recognised may stand in the reports of the programme. I can take this back at any"
        " time."
    ),
}
