"""Login, second factors and the groups of people.

May import actions and all rooms below it.
"""
