"""What `make bench` runs: each prints its figures side by side, from one run on one machine."""
