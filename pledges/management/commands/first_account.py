"""`manage.py first_account`: one publisher for a tracker of one's own, with a random password."""

import secrets

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pledges.models import User
from tracker import embedded

USERNAME, GROUP = "publisher", "Publisher"


class Command(BaseCommand):
    help = "Create an account while nobody can log in, and print it. Only with the embedded servers."

    def handle(self, **options: object) -> None:
        """Create it if there is none, keep its password in the state folder (mode 600), print it while it is valid."""
        if not settings.EMBEDDED:
            raise CommandError("The first account is only for the embedded servers. Use createsuperuser instead.")
        path = embedded.STATE_DIR / "first-account"
        if not User.objects.filter(is_staff=True).exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(9))
            self._create(path.read_text())
        user = User.objects.filter(username=USERNAME, is_active=True).first()
        if user and path.exists() and user.check_password(path.read_text()):
            self.stdout.write(f"log in as {USERNAME} with the password {path.read_text()}")
        else:
            self.stdout.write("log in with your own account")

    @transaction.atomic
    def _create(self, password: str) -> None:
        user = User.objects.create_user(USERNAME, password=password, is_staff=True)
        user.groups.set([Group.objects.get(name=GROUP)])
