"""The watch's reading side: bytes and plain dataclasses in and out, no ORM, no Django; `now` is always an argument.

May import domain only.
"""
