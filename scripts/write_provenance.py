"""Write what made the results: versions, config, checksums of inputs and references."""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.add("--config", required=True, metavar="JSON", help="the study's config as one JSON object")
options.read("--samples", "sample sheet")
options.add(
    "--reference", action="append", default=[], metavar="NAME",
    help="taxonomy reference, a name or a file; may be given several times",
)  # fmt: skip
options.write("--provenance", "JSON")


def step(arguments: Arguments) -> None:
    """Collect and write."""
    from vagus.provenance.record import make_provenance, parse_config, write_provenance
    from vagus.reference.catalogue import find_reference
    from vagus.study.samples import read_sheet

    config = parse_config(arguments.config)
    samples = read_sheet(arguments.samples)
    references = [find_reference(name) for name in arguments.reference]
    content = make_provenance(config, samples, references, arguments.samples)
    write_provenance(content, arguments.provenance)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
