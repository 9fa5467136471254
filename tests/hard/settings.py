"""The settings of tests, with what one figure needs: read from HARD_SETTINGS, by every process that takes part."""

import json
import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, SMS, STORAGES

DATABASES["default"]["NAME"] = os.environ["TEST_CONNECT_TO"]
STORAGES["default"] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}  # what one keeps the others find
TOLD = json.loads(os.environ["HARD_SETTINGS"])
globals().update({**TOLD, "SMS": {**SMS, **TOLD.get("SMS", {})}})
