"""Where Celery looks for the tasks: importing it registers them all."""

from importlib import import_module

from pledges import jobs

for module in sorted(set(jobs.MODULES.values())):
    import_module(f"pledges.jobs.{module}")
