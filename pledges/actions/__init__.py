"""Every write of more than one row: atomic, with keyword arguments. Publication is one: it makes an edition.

May import queries, models and domain. Callers import its modules by name, so that the file shows at the call.
"""
