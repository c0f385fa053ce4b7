"""Snakemake's command line, with three differences.

Profiles that the command line names add to each other (``vagus.cli.profiles``).

There is a logger ``vagus``, which writes events instead of text (``vagus.cli.snakemake_events``).

There is no limit of jobs a second, unless one is given.

With a limit, each round of scheduling orders another one for a second later, whether or not there
is anything left to start. Rounds add up with every job that ends, until they keep a core busy: of
35 minutes with 1,000 samples, Snakemake itself took 19 minutes of CPU time.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from vagus.cli.profiles import list_profiles_of, merge_options
from vagus.errors import EXIT_USER_ERROR, ConfigError


def main(argv: Sequence[str] | None = None) -> int:
    """Run Snakemake with these options; returns its exit code."""
    from snakemake import cli
    from snakemake.exceptions import print_exception

    try:
        words = list(sys.argv[1:] if argv is None else argv)
        _register_logger()
        parser, arguments = cli.parse_args(_merge_profiles(words))
        usual = parser.get_default("max_jobs_per_timespan")
        if _describe(arguments.max_jobs_per_timespan) == _describe(usual):
            arguments.max_jobs_per_timespan = None
        return 0 if cli.args_to_api(arguments, parser) else 1
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except Exception as error:
        print_exception(error)
        return 1


def _register_logger() -> None:
    """Make the logger plugin known; Snakemake itself finds only packages that are installed."""
    from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

    from vagus.cli import snakemake_events

    LoggerPluginRegistry().register_plugin("snakemake_logger_plugin_vagus", snakemake_events)


def _merge_profiles(words: list[str]) -> list[str]:
    from snakemake.cli import get_profile_dir
    from snakemake.profiles import ProfileConfigFileParser

    profiles = []
    for name in list_profiles_of(words):
        found = get_profile_dir(name)
        if found is None:
            raise ConfigError(
                f"there is no profile {name!r}",
                fix="Name a folder with config.yaml, or one in ~/.config/snakemake",
            )
        with open(found[1], encoding="utf-8") as stream:
            profiles.append(ProfileConfigFileParser().parse(stream))
    return merge_options(words, profiles)


def _describe(limit: object) -> tuple[int, float] | None:
    """Jobs and seconds of a limit as text, as an object, or of none."""
    from snakemake.settings.types import MaxJobsPerTimespan

    if isinstance(limit, str):
        limit = MaxJobsPerTimespan.parse_choice(limit)
    return (limit.max_jobs, limit.timespan) if isinstance(limit, MaxJobsPerTimespan) else None


if __name__ == "__main__":
    raise SystemExit(main())
