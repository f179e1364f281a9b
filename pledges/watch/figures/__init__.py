"""Figures: numbers, periods and tables in untrusted files."""
