"""Numba kernels. Modules of its packages import only numpy, math and numba."""
