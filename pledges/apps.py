"""The application's registration."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class PledgesConfig(AppConfig):
    """Pledges, what happens to them, and the watch over them."""

    name = "pledges"
    verbose_name = _("Pledges")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the groups' permissions in step with the code after every migration."""
        from django.db.models.signals import post_migrate

        from pledges.accounts.groups import set_up_groups

        post_migrate.connect(set_up_groups, sender=self, dispatch_uid="pledges.accounts.groups")


class DeskConfig(SimpleAdminConfig):
    """Django's admin with the desk's own first page. tracker/urls.py imports its pages: workers need none of them."""

    default_site = "pledges.desk.shared.site.DeskSite"
