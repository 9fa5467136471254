"""Which way a command takes: start and test are our own, the rest is Django's, on a database that answers."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from config import start
from config.prepare import prepare

# These need no database, and must not wait for one.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "version",
}
# These look after the state of the database themselves.
UNPREPARED = {"makemigrations", "migrate", "prepare", "showmigrations", "sqlmigrate"}
# A word beside options names a part of the tests, or says itself how they are run; all of them go in two processes.
ALL_TESTS = ("-n", "2", "--dist", "loadgroup")


def main(argv: list[str]) -> None:
    """Run one command and end with its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = argv[1] if len(argv) > 1 else "help"
    if command == "test":
        how = () if any(not word.startswith("-") for word in argv[2:]) else ALL_TESTS
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *how, *argv[2:]])  # noqa: S606, our own interpreter
    if command == "start":
        start.main(argv[2:])
    elif settings.EMBEDDED is None or command in WITHOUT_DATABASE or {"-h", "--help"} & set(argv):
        execute_from_command_line(argv)
    else:
        with settings.EMBEDDED.running():
            settings.EMBEDDED.create(settings.DATABASES["default"]["NAME"])
            if command not in UNPREPARED:
                prepare()
            execute_from_command_line(argv)
