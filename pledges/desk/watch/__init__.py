"""Sources, evidence and what the watch knows."""
