"""Fetching from the web: guard, client, robots.txt, decoding."""
