"""Login, second factors and the groups of people.

May import actions, queries, models and domain.
"""
