"""What tests stand on: a real PostgreSQL, a real Redis, a real worker, a real browser."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"  # before anything here loads Django
