"""The rules and values of the field: pure functions over plain data.

Imports no other room.
"""
