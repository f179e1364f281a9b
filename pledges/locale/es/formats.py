"""Numbers as Ecuador writes them, 1.234,5; short days as `domain.dates.written` writes them; all else is Django's."""

THOUSAND_SEPARATOR = "."
SHORT_DATE_FORMAT = "j b Y"
SHORT_DATETIME_FORMAT = "j b Y, G:i"
