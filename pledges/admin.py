"""Where Django looks for the desk."""

from pledges.desk import pages  # noqa: F401
