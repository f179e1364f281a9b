"""Pledges, updates, retractions: from draft to publication."""
