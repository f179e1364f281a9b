"""Destinations that are told of events by webhook or message, and what was sent to them."""
