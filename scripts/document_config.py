"""Write the config, its manual and its schema from the settings classes.

A test fails when a file differs from what this program writes.
"""

from pathlib import Path

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.add("folder", type=Path, help="where to write config.yaml and README.md")
options.add("schema", type=Path, help="schema to write (.yaml)")


def step(arguments: Arguments) -> None:
    """Render the three files."""
    from vagus.files import write_text
    from vagus.study.documentation import render_config, render_manual, render_schema

    texts = {
        arguments.folder / "config.yaml": render_config(),
        arguments.folder / "README.md": render_manual(),
        arguments.schema: render_schema(),
    }
    for path, text in texts.items():
        write_text(path, text)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
