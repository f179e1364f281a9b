"""`manage.py demo_accounts`: a reporter, an editor and a publisher for a first look, with random passwords."""

import json
import secrets

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pledges.models import User
from tracker import embedded

ACCOUNTS = {
    "reporter": ("Reporter", "Rosa Reporter"),
    "editor": ("Editor", "Elena Editor"),
    "publisher": ("Publisher", "Pablo Publisher"),
}


class Command(BaseCommand):
    help = "Create the demo accounts once and print them. Only with the embedded servers, never in production."

    def handle(self, **options: object) -> None:
        """Create what is missing, keep the passwords in the state folder (mode 600), print all."""
        if not settings.EMBEDDED:
            raise CommandError("Demo accounts are only for the embedded servers. Use createsuperuser instead.")
        path = embedded.STATE_DIR / "demo-accounts.json"
        passwords = json.loads(path.read_text()) if path.exists() else {}
        for username, (group, byline) in ACCOUNTS.items():
            if username not in passwords or not User.objects.filter(username=username).exists():
                passwords[username] = secrets.token_urlsafe(9)
                self._create(username, group, byline, passwords[username])
        path.touch(mode=0o600)
        path.write_text(json.dumps(passwords, indent=1))
        for username, password in passwords.items():
            self.stdout.write(f"{username:<10} {password}")

    @transaction.atomic
    def _create(self, username: str, group: str, byline: str, password: str) -> None:
        user, _created = User.objects.get_or_create(username=username, defaults={"byline": byline})
        user.is_staff = True
        user.set_password(password)
        user.save()
        user.groups.set([Group.objects.get(name=group)])
