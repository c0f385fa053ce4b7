"""Write the checksums of all results, for ``sha256sum --check`` and ``vagus rerun``."""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read("--readme", "README.md of the results")
options.write("--checksums", "text")


def step(arguments: Arguments) -> None:
    """Digest and write."""
    from vagus.provenance.checksums import write_checksums

    write_checksums(arguments.readme.parent, arguments.checksums)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
