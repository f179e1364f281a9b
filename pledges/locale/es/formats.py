"""Numbers as Ecuador writes them, 1.234,5; all else is Django's Spanish."""

THOUSAND_SEPARATOR = "."
