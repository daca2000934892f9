"""Make the demo, once; say how to get in, each time."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from msgconsole.console import demo


class Command(BaseCommand):
    help = "Create the demo account, its login and its data where they are missing, and print the credentials."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="Delete the demo account's data first.")
        parser.add_argument("--port", type=int, default=settings.PORT, help="Port of the address shown.")

    def handle(self, *args: Any, **options: Any) -> None:
        known = demo.credentials()
        account = demo.demo_account(known)
        if options["reset"]:
            demo.clear(account)
        if not demo.is_filled(account):
            demo.fill(account)
        self.stdout.write(f"Console      http://127.0.0.1:{options['port']}/")
        self.stdout.write(f"Login        {known.username} / {known.password}")
        self.stdout.write(f"AccountSid   {known.account_sid}")
        self.stdout.write(f"AuthToken    {known.auth_token}")
