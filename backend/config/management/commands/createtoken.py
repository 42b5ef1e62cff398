"""`manage.py createtoken USER`: an API token for scripts, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.apps.accounts.models import User
from backend.apps.accounts.services import token_create


class Command(BaseCommand):
    help = "Make an API token for a user and print it. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the user's name, for example admin")
        parser.add_argument("--name", default="command line", help="what the token is for, shown in the list of tokens")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            known = ", ".join(User.objects.order_by("username").values_list("username", flat=True)[:10])
            raise CommandError(f"There is no user {options['user']!r}. There are: {known or 'none yet'}.")
        self.stdout.write(token_create(user=user, name=options["name"]))
