"""Arithmetic that gives the same bytes on every processor.

Why numpy's own does not. ``a @ b``, ``np.dot`` and all of ``np.linalg`` go to OpenBLAS, which has
a kernel for each kind of processor; they add in different orders, so that the last digits differ,
and with them ranks, ties, eigenvectors of equal eigenvalues and the steps of optimisers.
``np.exp``, ``np.log``, ``np.power`` and their like have one version for AVX-512 and another for
older processors. What is the same everywhere: +, -, *, /, square roots, comparisons, ``sum`` and
its like, and ``np.einsum`` without ``optimize``.

| module | content |
|---|---|
| functions | exp, log, log2, log10, log1p, power, cos, sin of arrays |
| products | products of matrices and vectors |
| systems | inverses, determinants, orthonormal bases, least squares |
| eigen | eigenvalues and eigenvectors of symmetric matrices |
| digits | rounding of what other libraries computed |

The rest of the library calls these (tests/unit/house has a fence). Nothing here sets the kernel
of OpenBLAS: large products still use it, in a form in which every order of adding is exact.
"""
