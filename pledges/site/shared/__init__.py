"""What several page families use."""
