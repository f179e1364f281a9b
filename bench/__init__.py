"""What `make bench` runs: figures side by side with what others make, never part of the tests."""
