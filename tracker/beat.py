"""Beat's scheduler."""

from typing import Any

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """Celery's own, which goes on when the clock is set back: that would wait until the time of its last run is over,
    and send nothing meanwhile, not even after a restart."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; the seconds until the next tick."""
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self._heap = None  # which has the times of the next runs: it is made anew
        seconds: float = super().tick(*args, **kwargs)
        return seconds
