"""Snakemake's command line without its usual limit of jobs a second; another limit is kept.

With a limit, each round of scheduling orders another one for a second later, whether or not there
is anything left to start. Rounds add up with every job that ends, until they keep a core busy: of
35 minutes with 1,000 samples, Snakemake itself took 19 minutes of CPU time.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run Snakemake with these options; returns its exit code."""
    from snakemake import cli
    from snakemake.exceptions import print_exception

    try:
        parser, arguments = cli.parse_args(list(sys.argv[1:] if argv is None else argv))
        usual = parser.get_default("max_jobs_per_timespan")
        if _describe(arguments.max_jobs_per_timespan) == _describe(usual):
            arguments.max_jobs_per_timespan = None
        return 0 if cli.args_to_api(arguments, parser) else 1
    except Exception as error:
        print_exception(error)
        return 1


def _describe(limit: object) -> tuple[int, float] | None:
    """Jobs and seconds of a limit as text, as an object, or of none."""
    from snakemake.settings.types import MaxJobsPerTimespan

    if isinstance(limit, str):
        limit = MaxJobsPerTimespan.parse_choice(limit)
    return (limit.max_jobs, limit.timespan) if isinstance(limit, MaxJobsPerTimespan) else None


if __name__ == "__main__":
    raise SystemExit(main())
