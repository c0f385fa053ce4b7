"""Whether address space can be had, before a library asks for it that cannot do without.

Under a limit of the address space (``ulimit -v``, h_vmem of SGE), which is far above what a program
takes of the machine's memory, OpenBLAS asks for ever, and LLVM aborts the process. So what they are
about to take is taken first, and given back.
"""

from __future__ import annotations

import mmap
import resource

_UNLIMITED = resource.RLIM_INFINITY


def take_room(wanted_mb: int, what: str) -> None:
    """Take so much address space for ``what``, and give it back.

    Raises MemoryError where it cannot be had.
    """
    try:
        mmap.mmap(-1, wanted_mb << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except OSError as error:
        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        words = f", and the limit is {limit >> 20} MB" if limit != _UNLIMITED else ""
        raise MemoryError(
            f"{what} takes {wanted_mb} MB of address space{words}: see 'ulimit -v', h_vmem"
        ) from error
