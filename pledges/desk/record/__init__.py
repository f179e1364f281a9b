"""Editions and the audit log."""
