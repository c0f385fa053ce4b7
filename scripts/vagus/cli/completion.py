"""Print a completion script for a shell: bash, zsh or fish.

bash:  vagus completion bash > ~/.local/share/bash-completion/completions/vagus
zsh:   vagus completion zsh > FOLDER/_vagus, where FOLDER is in $fpath
fish:  vagus completion fish > ~/.config/fish/completions/vagus.fish

Print it again after an update.
"""

from __future__ import annotations

import argparse

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus completion``."""
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def execute(arguments: argparse.Namespace) -> int:
    """Print the script, made from the parsers of all commands."""
    import shtab

    from vagus.cli.main import make_parser
    from vagus.cli.stages import list_stages

    parser = make_parser()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            complete_run(action.choices["run"], list_stages())
    for one in list_parsers(parser):
        complete_files(one)
    print(shtab.complete(parser, arguments.shell))
    return 0


def complete_run(parser: argparse.ArgumentParser, stages: list[str]) -> None:
    """Let the parser know the stages, which Snakemake parses when it runs."""
    parser.add_argument("stages", nargs="*", choices=stages, help="stages to run")


def list_parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """A parser and those of its subcommands."""
    found = [parser]
    for one in found:
        for action in one._actions:
            if isinstance(action, argparse._SubParsersAction):
                found += [sub for sub in action.choices.values() if sub not in found]
    return found


def complete_files(parser: argparse.ArgumentParser) -> None:
    """Say which arguments are files, and which are folders."""
    import shtab

    for action in parser._actions:
        is_folder = action.dest in ("work_in", "folder", "reads_dir", "find")
        if is_folder:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif getattr(action.type, "__name__", "") == "Path":
            action.complete = shtab.FILE  # type: ignore[attr-defined]
