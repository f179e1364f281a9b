"""Accounts, notices and readers' alerts."""
