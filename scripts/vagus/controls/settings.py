"""Settings of the controls stage."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class ContaminantSettings:
    """How contaminants are found, and whether they are removed."""

    contaminant_threshold: float = key(
        0.1,
        "Score (0 to 1) below which an ASV is called a contaminant, by prevalence in negative "
        "controls and, with `concentration`, by frequency (Davis et al. 2018). 0.1 is the usual"
        " value; 0.5 calls every ASV that is more prevalent in negative controls than in "
        "samples.",
        minimum=0,
        maximum=1,
    )
    concentration: str | None = key(
        None,
        "Column with the DNA concentration of each sample before sequencing (any unit, above "
        "0). Empty means no frequency test.",
    )
    remove_contaminants: bool = key(
        False,
        "Set the ASVs that are called apart, as `selection/set_apart.tsv` lists, so that no "
        "later stage reads them; `selection/ledger.tsv` counts what each sample lost. `false` "
        "only reports them.",
    )


@dataclass(frozen=True)
class ControlSettings:
    """Mocks, replicates and batches."""

    mock_folder: str | None = key(
        None,
        "Folder with compositions of mock communities of your own (TSV with the columns taxon "
        "and percent_16s, as in resources/mocks).",
    )
    replicate: str | None = key(
        None,
        "Column that names the biological sample, for samples that were extracted or sequenced "
        "several times.",
    )
    batch: tuple[str, ...] = key(
        (),
        "Columns that name a batch (extraction kit, plate), checked for differences besides the"
        " sequencing run.",
    )
