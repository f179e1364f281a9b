"""Writes of more than one row: atomic, with keyword-only arguments. Publishing is one of them and makes an edition.

May import queries, models and domain. Callers import its modules, not its functions, so that a call names its file.
"""
