"""manage.py add_account: make an account for a member of staff."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.states import Role
from common.phones import parse_phone


class Command(BaseCommand):
    """Makes one account; an empty password means that its owner signs in by code."""

    help = "Make an account: add_account coordinator 'Sari Wulandari' --email sari@example.org"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take role, name and where the account is reached."""
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("name")
        parser.add_argument("--email")
        parser.add_argument("--phone")

    def handle(self, *, role: str, name: str, email: str | None, phone: str | None, **_options: object) -> None:
        """Ask for the password at the terminal (or read one line) and make the account."""
        password = (
            getpass.getpass("Password (empty: by code): ") if sys.stdin.isatty() else sys.stdin.readline().strip()
        )
        try:
            if password:
                validate_password(password)
            number = parse_phone(phone) if phone else None
            user = User.objects.create_user(name=name, role=role, email=email, phone=number, password=password or None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"Account {user.pk} is made: {user.get_role_display()}.")
