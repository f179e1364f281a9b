"""The newsroom's desk, which is Django's admin, a folder for each area.

May import every room below it; watch only in desk.exchange.
"""
