"""Kernels of the ``phase`` engine."""
