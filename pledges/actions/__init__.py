"""Every write of more than one row: atomic, keyword-only, by somebody; publication makes the edition.

Callers import a module of this package by name. It may import queries, models and domain.
"""
