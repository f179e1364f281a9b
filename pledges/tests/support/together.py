"""Two at once, as the test wants it: somebody else's session, and until when it is waited for.

No wait has a limit of time: a machine that is busy is no reason to fail. Nobody waits for ever either: PostgreSQL ends
those who wait in a circle, and a test lets go of what it holds before it waits for the end.
"""

import threading
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, transaction


class Other(threading.Thread):
    """Somebody else's session, as the application's role, in a transaction that is committed at the end."""

    def __init__(self, work: Callable[[], object]):
        super().__init__(daemon=True)
        self.work, self.answer, self.error, self._session = work, None, None, 0
        self.start()

    def run(self) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f'SET LOCAL ROLE "{settings.APP_DATABASE_ROLE}"')
                self._session = connection.connection.info.backend_pid
                self.answer = self.work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def waits_for_us(self) -> None:
        """Come back once it waits for something that this session holds."""
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid() = ANY(pg_blocking_pids(%s))", [self._session])
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.02)
        pytest.fail(f"nobody waited: the two did not meet ({self.error!r})")
