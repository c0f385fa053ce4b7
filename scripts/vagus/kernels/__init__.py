"""Numba kernels. Modules here import only numpy, math and numba."""
