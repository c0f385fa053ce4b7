"""Kernels that name ASVs."""
