"""Which pledges an article is about."""
