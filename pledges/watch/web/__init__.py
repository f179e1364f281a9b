"""Fetching from the web: SSRF guard, client, robots.txt, decoding."""
