"""The public website, a folder for each page family.

May import jobs and all rooms below it, but not watch.
"""
