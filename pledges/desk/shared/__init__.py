"""What several areas of the desk use."""
