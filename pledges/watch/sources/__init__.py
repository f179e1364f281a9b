"""Feeds, sitemaps, pages and documents: bytes in, dataclasses out."""
