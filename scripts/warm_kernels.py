"""Compile the kernels that a study needs, before many jobs start; later jobs find them.

They are kept in $VAGUS_CACHE, else in the user's cache folder. What is compiled already, and
sound, is left alone; when nothing is missing, nothing is printed. After compiling, kernels of other
versions of the program that no run has used for 90 days are removed.
"""

import argparse
import sys

from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.kernel_needs import NEEDS, list_all_needs
from vagus.errors import VagusError
from vagus.kernels.cache_files import choose_folder


def name_need(text: str) -> str:
    """A need as the command line gives it."""
    if text not in NEEDS:
        raise argparse.ArgumentTypeError(f"'{text}' is none of {', '.join(NEEDS)}")
    return text


options = Options(__doc__)
words = f"of {', '.join(NEEDS)} (default: all)"
options.add("needs", nargs="*", type=name_need, metavar="NEED", help=words)
options.add("--workers", type=int, default=1, help="processes that compile at the same time")
options.add("--not-kept", metavar="REASON", help="why the compiled kernels last for this run only")
options.add("--shared", action="store_true", help="keep them in the checkout, for all who use it")


def step(arguments: Arguments) -> None:
    """Compile what is missing."""
    from vagus.kernels import registry

    if arguments.shared:
        registry.use_shared()
    missing = registry.find_missing(registry.list_versions(arguments.needs or list_all_needs()))
    if missing:
        kept = f" for this run only: {arguments.not_kept}" if arguments.not_kept else ", once"
        print(f"Compiling {len(missing)} kernels{kept}", file=sys.stderr, flush=True)
        took = registry.time_compiling(missing, arguments.workers)
        print(f"Compiled in {took}", file=sys.stderr, flush=True)
        if registry.find_missing(missing):
            raise VagusError(
                "the compiled kernels cannot be kept", file=choose_folder(),
                fix="Make this folder writable for yourself and for nobody else, or name another "
                "as VAGUS_CACHE",
            )  # fmt: skip
        registry.remove_old_kernels()


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
