"""Check whether samples are of the subjects that the sheet names, by exact ASVs."""

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.identity.settings import IdentitySettings
from vagus.study.design_settings import DesignSettings

options = Options(__doc__)
options.read("--asv-table", "asv_table.tsv")
options.read("--samples", "sample sheet")
add_settings(options, DesignSettings, only=["subject"])
add_settings(options, IdentitySettings)
options.write("--identities", "by sample (TSV)")
options.write("--findings", "what is worth checking (TSV)")


def step(arguments: Arguments) -> None:
    """Compare and write two tables."""
    from vagus.errors import ConfigError
    from vagus.identity.check import check_identity
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.identity import IDENTITY_FINDINGS, IDENTITY_SAMPLES

    subject = read_settings(arguments, DesignSettings).person
    if not subject:
        raise ConfigError("identity cannot be checked without a subject", fix="Name it: --subject")
    table = read_count_table(arguments.asv_table)
    settings = read_settings(arguments, IdentitySettings)
    samples, findings = check_identity(table, read_sheet(arguments.samples), subject, settings)
    write_table(samples, arguments.identities, IDENTITY_SAMPLES)
    write_table(findings, arguments.findings, IDENTITY_FINDINGS)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
