"""Write the conda environment file from the lock file, so that both have the same versions.

Packages come through pip inside the environment: conda gives Python itself, the lock file
everything else.
"""

from pathlib import Path

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.add("lock", type=Path, help="requirements.lock")
options.add("environment", type=Path, help="file to write, envs/vagus.yaml")


def step(arguments: Arguments) -> None:
    """Read the pins and write them as YAML."""
    from vagus.provenance.environment import write_environment

    write_environment(arguments.lock, arguments.environment)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
