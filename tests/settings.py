"""The product's settings on the test server, with what only slows tests taken out."""

import os

from config.embedded import Embedded
from config.environment import VAR

OURS = Embedded(VAR / "test-postgres", safe=False)
# Processes that tests start inherit the address of our server; they hold it up as well.
ADDRESS = os.environ.get("DATABASE_URL") or OURS.url("postgres")
SERVER_OF_TESTS = OURS if OURS.url("postgres") == ADDRESS else None
os.environ |= {
    "DATABASE_URL": ADDRESS,
    "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
    "DEMO": "false",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-tests-" + "0" * 50,
    "BASE_URL": "http://testserver",
    "MESSAGE_CHANNELS": "log",
}

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT  # noqa: E402

if os.environ.get("TEST_CONNECT_TO"):  # a worker beside the tests uses their database
    DATABASES["default"]["NAME"] = os.environ["TEST_CONNECT_TO"]

STATIC_ROOT.mkdir(parents=True, exist_ok=True)
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
