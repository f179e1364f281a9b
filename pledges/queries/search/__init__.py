"""Search: full text, spelling, facets, highlights, saved searches."""
