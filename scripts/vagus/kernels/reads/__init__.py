"""Kernels of the reads stage."""
