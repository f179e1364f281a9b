"""Parsers for feeds, sitemaps, pages and documents: bytes in, dataclasses out."""
