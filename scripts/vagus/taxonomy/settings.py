"""Settings of the taxonomy stage."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class ReferenceSettings:
    """What ASVs are named by."""

    reference: str = key(
        "starter",
        "`starter` (shipped: RefSeq type strains, for a first study), the name "
        "of a reference that `vagus reference list` shows as installed (`vagus reference get "
        "NAME`, `vagus reference add FILE`), or the path of a FASTA whose headers are "
        "`>accession domain;phylum;class;order;family;genus;species` or those of dada2, SINTAX,"
        " GTDB or SILVA.",
    )
    more_references: tuple[str, ...] = key(
        (),
        "Further references (names or paths, as above) that name the same ASVs. Each gets its "
        "own tables in `taxonomy/databases`; `taxonomy.tsv` becomes their consensus, in which "
        "`reference` goes first and these follow in their order, with a column that shows where "
        "they disagree.",
    )


@dataclass(frozen=True)
class SearchSettings:
    """How names are looked for."""

    bootstraps: int = key(
        100,
        "Bootstrap draws of the naive Bayes classifier.",
        minimum=10,
        maximum=10000,
    )
    max_hits: int = key(
        20,
        "Most references listed for an ASV in hits.tsv.",
        minimum=1,
        maximum=1000,
    )


@dataclass(frozen=True)
class Thresholds:
    """What a name needs."""

    min_confidence: float = key(
        0.8,
        "Least bootstrap confidence (0 to 1) for a name at a rank; three quarters of it where "
        "all nearest references have that name.",
        minimum=0,
        maximum=1,
    )
    min_identity_species: float = key(
        0.987,
        "Least identity (0 to 1) to a reference for its species name.",
        minimum=0,
        maximum=1,
    )
    min_identity_genus: float = key(
        0.945,
        "Least identity (0 to 1) to a reference for its genus name. Genera are wider and "
        "narrower than that: from 4.5 points below to 1.5 above, the bootstraps must reach "
        "0.95, and below it the nearest reference be of that genus.",
        minimum=0,
        maximum=1,
    )
    min_species_margin: float = key(
        4.0,
        "A species is named when the next species is at least this many times further away (1 -"
        " identity) than the nearest one. Of sequences of type strains whose species the starter "
        "has otherwise, 4 names 69 % right and 0.7 % wrong, 1.5 names 83 % right and 2 % wrong; of "
        "those whose species it does not have, they name 5 and 18 % as a relative.",
        minimum=1,
        maximum=10,
    )


@dataclass(frozen=True)
class StrainSettings:
    """When two ASVs are copies of one genome."""

    min_identity: float = key(
        0.99,
        "Least identity (0 to 1) of two ASVs that can be copies of one genome.",
        minimum=0.9,
        maximum=1,
    )
    min_samples: int = key(
        4,
        "Fewest samples (or subjects, when `cohort.subject` is given) in which two ASVs must be"
        " seen together to judge their ratio.",
        minimum=3,
        maximum=1000,
    )


@dataclass(frozen=True)
class TaxonomyViewSettings:
    """Further views of the named ASVs."""

    group_strains: bool = key(
        False,
        "Group ASVs that look like the 16S copies of one strain (same species, near-identical, "
        "constant ratio over samples) in `strains.tsv`, with the counts of strains beside those"
        " of ASVs. Needs samples in which they vary: with few, or in one subject only, nothing "
        "is grouped.",
    )
    copy_numbers: str = key(
        "none",
        "Divide reads by the 16S copies of their genus in tables beside the uncorrected ones: "
        "`none`; `shipped` (195 genera by rrnDB, resources/copy_numbers*.tsv); or the path "
        "of such a table or of rrnDB's means by taxon (`rrnDB-*_pantaxa_stats_NCBI.tsv`). The "
        "tables say how uncertain that is.",
    )
