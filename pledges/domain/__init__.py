"""Rules and values of the trade: pure functions over plain data.

Imports nothing of ours.
"""
