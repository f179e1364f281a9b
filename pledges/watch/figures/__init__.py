"""Figures: numbers, periods and tables in strangers' files."""
