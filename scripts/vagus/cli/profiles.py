"""Profiles of Snakemake in layers: what one sets is added to those before it, not put in its place.

Snakemake itself takes the whole of such an option from the last profile that has it, or from the
command line: whoever adds an account to the default resources would lose all other defaults.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from vagus.errors import ConfigError

# options that consist of NAME=VALUE words; abbreviations that Snakemake knows
ADDED = ("default-resources", "resources", "set-resource-scopes", "groups", "group-components")
_SHORT = {"--default-res": "default-resources", "--res": "resources"}
_SIZES = re.compile(r"^(mem|disk)_mi?b$")
# option of `vagus run`, its variable, and the resource of Snakemake's executor
_SITE = {
    "account": ("VAGUS_SLURM_ACCOUNT", "slurm_account"),
    "partition": ("VAGUS_SLURM_PARTITION", "slurm_partition"),
    "qos": ("VAGUS_SLURM_QOS", "qos"),
    "constraint": ("VAGUS_SLURM_CONSTRAINT", "constraint"),
}


def add_site_options(parser: argparse.ArgumentParser) -> None:
    """What a cluster asks for about each job."""
    for name, (variable, _) in _SITE.items():
        parser.add_argument(
            f"--{name}", metavar="NAME",
            help=f"SLURM {name} of the jobs, with --on slurm (default: ${variable})",
        )  # fmt: skip


def list_site_resources(arguments: argparse.Namespace) -> list[str]:
    """Default resources from the options of ``add_site_options`` and from the environment.

    Raises ConfigError for an option where no job goes to SLURM.
    """
    given = {name: getattr(arguments, name, None) for name in _SITE}
    if getattr(arguments, "on", "default") != "slurm":
        for name in filter(given.get, _SITE):
            raise ConfigError(
                f"--{name} {given[name]}: jobs run on this machine, not on SLURM",
                fix=f"Add --on slurm, or leave --{name} out",
            )
        return []
    values = {
        resource: given[name] or os.environ.get(variable, "")
        for name, (variable, resource) in _SITE.items()
    }
    # quoted: Snakemake evaluates a bare word, such as `max`, as Python
    return [f"{resource}={value!r}" for resource, value in values.items() if value]


def layer_profiles(own: Path, extra: Sequence[str]) -> tuple[list[str], list[str]]:
    """Options that name all profiles, and the other words.

    The profile that comes with Vagus is first, then ``$SNAKEMAKE_PROFILE`` or ``--profile``, then
    ``--workflow-profile``; ``none`` instead of either leaves those before it out.
    """
    given, others = _take_values(extra, ("--profile", "--workflow-profile"))
    named = given["--profile"] or list(filter(None, [os.environ.get("SNAKEMAKE_PROFILE")]))
    profiles = [str(own)]
    for name in [*named, *given["--workflow-profile"]]:
        profiles = [] if name == "none" else [*profiles, name]
    words = [word for name in profiles or ["none"] for word in ("--profile", name)]
    return [*words, "--workflow-profile", "none"], others


def list_profiles_of(argv: Sequence[str]) -> list[str]:
    """The profiles that these options name, except for ``none``."""
    given, _ = _take_values(argv, ("--profile",))
    return [name for name in given["--profile"] if name != "none"]


def _take_values(
    words: Sequence[str], options: Sequence[str]
) -> tuple[dict[str, list[str]], list[str]]:
    """Values of options that take one each, and the words that are left."""
    values: dict[str, list[str]] = {option: [] for option in options}
    left, following = [], iter(words)
    for word in following:
        option, separator, value = word.partition("=")
        if option not in values:
            left.append(word)
        elif separator:
            values[option].append(value)
        else:
            values[option] += [text for text in [next(following, None)] if text is not None]
    return values, left


def merge_options(
    argv: Sequence[str], profiles: Iterable[Mapping[str, Sequence[str]]]
) -> list[str]:
    """The command line with the values of ``ADDED`` from all profiles and from itself.

    The last value of a name counts. Options without values are left out.
    """
    merged: dict[str, dict[str, str]] = {option: {} for option in ADDED}
    for profile in profiles:
        for key, words in profile.items():
            option = key.replace("_", "-")
            if option in merged and isinstance(words, list):
                _add(merged[option], map(str, words))
    left: list[str] = []
    target: dict[str, str] | None = None
    for word in argv:
        name, separator, value = word.partition("=")
        option = _SHORT.get(name, name.removeprefix("--"))
        if name.startswith("--") and option in merged:
            target = merged[option]
            _add(target, [value] if separator else [])
        elif target is not None and separator and not word.startswith("-"):
            _add(target, [word])
        else:
            target = None
            left.append(word)
    for option, values in merged.items():
        # before all else: such an option ends where another one starts
        left = [*([f"--{option}", *values.values()] if values else []), *left]
    return left


def _add(values: dict[str, str], words: Iterable[str]) -> None:
    for word in words:
        name = word.split("=", 1)[0]
        values[_SIZES.sub(r"\1", name)] = word
