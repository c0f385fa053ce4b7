"""Score mock communities, measure repeatability, check batches, and judge each sequencing run.

The tables are mocks, mock_taxa, replicates, repeatability, batches, checks and verdict.
"""

from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, add_named_files, make_main
from vagus.controls.settings import ControlSettings
from vagus.study.design_settings import DesignSettings
from vagus.study.general_settings import GeneralSettings

options = Options(__doc__)
options.read("--samples", "sample sheet")
options.read("--asv-table", "TSV of the ASVs that are analysed")
options.read("--taxonomy", "TSV of calls")
options.read("--contaminants", "contaminants.tsv of find_contaminants")
options.read("--ledger", "ledger.tsv of find_contaminants")
options.read("--alpha", "alpha.tsv of the diversity stage")
add_named_files(options, "--beta", "METRIC=TSV", "distances for replicates and batches")
options.add("--mock", action="append", default=[], type=Path, help="a mock of your own")
add_settings(options, ControlSettings, only=["replicate", "batch"])
add_settings(options, DesignSettings, only=["group", "subject", "permutations"])
add_settings(options, GeneralSettings, only=["seed"])
add_named_files(options, "--table", "NAME=TSV", "output: table of this name")


def step(arguments: Arguments) -> None:
    """Read, assess, write."""
    from vagus.controls.assessment import ControlFiles, assess
    from vagus.controls.batches import BatchDesign
    from vagus.controls.mocks import list_mocks, read_mocks
    from vagus.tables import write_table
    from vagus.tables.stages.controls import BY_NAME

    names = ("samples", "asv_table", "taxonomy", "contaminants", "ledger", "alpha")
    own = {name: getattr(arguments, name) for name in names}
    files = ControlFiles(**own, beta=dict(arguments.beta))
    mocks = read_mocks([*list_mocks(), *arguments.mock])
    person = read_settings(arguments, DesignSettings).person
    columns = (tuple(arguments.batch), tuple(arguments.group), person)
    design = BatchDesign(*columns, arguments.permutations, arguments.seed)
    tables = assess(files.read(), mocks, arguments.replicate, design)
    for name, path in arguments.table:
        write_table(tables[name], path, BY_NAME[name])


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
