"""The public website, a folder for each page family.

May import every room below it except watch.
"""
