"""Reads the news: bytes and text in, dataclasses out. No ORM and no Django; the current time is an argument.

May import domain only.
"""
