"""Benchmarks. Those of `make bench` print their figures side by side, from one run on one machine."""
