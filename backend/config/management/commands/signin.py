"""`manage.py signin [USER]`: a link that signs in once, within 15 minutes."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.apps.accounts.models import User
from backend.apps.accounts.services import FIRST_USER, sign_in_link_create


class Command(BaseCommand):
    help = "Print a link that signs in once. Earlier unused links of the person end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", nargs="?", default=FIRST_USER, help=f"the user's name (default: {FIRST_USER})")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}. `manage.py setup` makes the first one.")
        self.stdout.write(settings.PIPELOOM_PUBLIC_URL + sign_in_link_create(user=user))
