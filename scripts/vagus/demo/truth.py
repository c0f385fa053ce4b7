"""Truth tables of simulated samples: what was put in, read by read and variant by variant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vagus.demo.community import Strain
from vagus.demo.platforms import PlatformModel
from vagus.demo.read_files import name_read
from vagus.demo.sample import SampleTruth
from vagus.files import write_text
from vagus.reference.lineage import merge_lineages
from vagus.sequences import write_fasta
from vagus.tables.stages.demo import TRUE_CHIMERAS, TRUE_VARIANTS

README = """Truth of simulated reads. The samples, people and abundances are invented.

asv_table.tsv    reads of each true variant (rows, MD5 of the primer-free sense sequence) in each
                 sample, reads with errors included, chimeras left out
variants.fasta   the true variants; variants.tsv: length, strains that carry it, lineage (names
                 joined by '/' where strains share the sequence), origin (accession or 'derived')
expected.tsv     share of each variant in each sample before reads are drawn (abundance x copies)
strains.tsv      strains: accession, species, 16S copies, distinct variants
chimeras.tsv     two-parent PCR chimeras of each sample with parents, breakpoint and sequence
samples.tsv      reads, chimeric reads, reads free of errors, true variants of each sample
reads/*.tsv.gz   for each read: its variant or chimera, strand, errors inside the insert
effects.tsv      (cohorts) log2 fold of strains between groups that was put in
abundances.tsv   (cohorts) cells of each strain in each sample, relative
"""


@dataclass(frozen=True)
class TruthVariant:
    """A true variant with all strains that carry it."""

    asv: str
    sequence: str
    strains: tuple[Strain, ...]
    origin: str


def collect_variants(strains: Iterable[Strain]) -> list[TruthVariant]:
    """Distinct 16S sequences of strains, in the order of their identifiers."""
    carriers: dict[str, dict[str, Strain]] = {}
    details: dict[str, tuple[str, str]] = {}
    for strain in strains:
        for copy in strain.copies:
            carriers.setdefault(copy.asv, {})[strain.accession] = strain
            details.setdefault(copy.asv, (copy.sequence, copy.origin))
    return [
        TruthVariant(asv, details[asv][0], tuple(carriers[asv].values()), details[asv][1])
        for asv in sorted(carriers)
    ]


def write_truth(
    folder: Path, strains: Sequence[Strain], samples: Sequence[SampleTruth], model: PlatformModel
) -> None:
    """Write all truth tables of samples (sorted by name) that were drawn from ``strains``."""
    samples = sorted(samples, key=lambda sample: sample.name)
    write_text(folder / "README.txt", README)
    variants = collect_variants(strains)
    write_fasta(((v.asv, v.sequence) for v in variants), folder / "variants.fasta")
    _write_variants(folder / "variants.tsv", variants)
    _write_strains(folder / "strains.tsv", strains)
    _write_wide(folder / "asv_table.tsv", variants, samples, is_expected=False)
    _write_wide(folder / "expected.tsv", variants, samples, is_expected=True)
    _write_chimeras(folder / "chimeras.tsv", samples)
    _write_samples(folder / "samples.tsv", samples)
    for sample in samples:
        _write_reads(folder / "reads" / f"{sample.name}.tsv.gz", sample, model)


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a TSV; numbers with up to ten significant digits."""
    lines = ["\t".join(header)]
    for row in rows:
        cells = (f"{cell:.10g}" if isinstance(cell, float) else str(cell) for cell in row)
        lines.append("\t".join(cells))
    write_text(path, "\n".join(lines) + "\n")


def _write_variants(path: Path, variants: Sequence[TruthVariant]) -> None:
    write_rows(
        path,
        TRUE_VARIANTS.names,
        (
            (
                v.asv,
                len(v.sequence),
                ";".join(strain.accession for strain in v.strains),
                v.origin,
                *merge_lineages([strain.lineage for strain in v.strains]),
            )
            for v in variants
        ),
    )


def _write_strains(path: Path, strains: Sequence[Strain]) -> None:
    rows = {
        s.accession: (s.accession, s.lineage[6], s.label, s.n_copies, len(s.copies))
        for s in strains
    }
    header = ("strain", "species", "label", "copies", "distinct_copies")
    write_rows(path, header, (rows[key] for key in sorted(rows)))


def _write_wide(
    path: Path,
    variants: Sequence[TruthVariant],
    samples: Sequence[SampleTruth],
    *,
    is_expected: bool,
) -> None:
    columns: list[dict[str, float]] = []
    for sample in samples:
        values = sample.expected if is_expected else sample.counts[: sample.n_variants]
        columns.append(dict(zip(sample.asvs, values.tolist(), strict=False)))
    zero: float = 0.0 if is_expected else 0
    rows = [[v.asv, *(column.get(v.asv, zero) for column in columns)] for v in variants]
    write_rows(path, ("asv", *(sample.name for sample in samples)), rows)


def _write_chimeras(path: Path, samples: Sequence[SampleTruth]) -> None:
    rows = []
    for sample in samples:
        asvs = sample.asvs
        for chimera, asv in zip(sample.chimeras, asvs[sample.n_variants :], strict=True):
            parents = (asvs[chimera.left], asvs[chimera.right])
            end = (chimera.breakpoint_bp, chimera.sequence)
            rows.append((sample.name, asv, chimera.n_reads, *parents, *end))
    write_rows(path, TRUE_CHIMERAS.names, rows)


def _write_samples(path: Path, samples: Sequence[SampleTruth]) -> None:
    header = ("sample", "reads", "chimeric_reads", "error_free_reads", "reverse_reads", "variants")
    rows = (
        (
            sample.name,
            len(sample.molecule),
            sum(chimera.n_reads for chimera in sample.chimeras),
            int((sample.n_errors == 0).sum()),
            int(sample.is_reverse.sum()),
            int((sample.counts[: sample.n_variants] > 0).sum()),
        )
        for sample in samples
    )
    write_rows(path, header, rows)


def _write_reads(path: Path, sample: SampleTruth, model: PlatformModel) -> None:
    asvs = sample.asvs
    rows = (
        (
            name_read(model, number),
            asvs[molecule],
            "reverse" if is_reverse else "sense",
            n_errors,
            int(molecule >= sample.n_variants),
        )
        for number, (molecule, is_reverse, n_errors) in enumerate(
            zip(
                sample.molecule.tolist(),
                sample.is_reverse.tolist(),
                sample.n_errors.tolist(),
                strict=True,
            )
        )
    )
    write_rows(path, ("read", "asv", "strand", "errors", "is_chimera"), rows)
