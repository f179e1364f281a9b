"""The application that gunicorn serves. Each of its processes gets ready beside its first requests."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

application = get_wsgi_application()

from pledges.queries.standings import get_ready  # noqa: E402 (models are there only now)

# Not before: a process that does not answer its supervisor for half a minute is killed.
Thread(target=get_ready, name="getting ready", daemon=True).start()
