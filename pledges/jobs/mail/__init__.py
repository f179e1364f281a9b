"""E-mail: alerts to readers, notices and digests to people at the desk."""
