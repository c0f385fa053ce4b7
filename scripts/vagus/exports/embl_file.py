"""ASVs as an EMBL flat file, as sequence archives take them."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.exports.content import ExportContent
from vagus.files import open_whole

if TYPE_CHECKING:
    from Bio.SeqRecord import SeqRecord

_GENUS, _SPECIES = 5, 6


def write_embl(
    content: ExportContent, sequences: Iterable[tuple[str, str]], path: str | PathLike[str]
) -> None:
    """One entry an ASV of the table, in its order: source, 16S rRNA, reads and samples.

    Raises VagusError when an ASV is missing from the FASTA.
    """
    from Bio import SeqIO

    of_asv = {header.split()[0]: sequence for header, sequence in sequences}
    if missing := [asv for asv in content.asvs if asv not in of_asv]:
        raise VagusError(
            f"the FASTA has no sequence of the ASV {missing[0]}", fix="Give the FASTA of the table"
        )
    with open_whole(path) as stream:
        for number, asv in enumerate(content.asvs):
            row = content.counts[[number]]
            record = make_record(
                asv, of_asv[asv], content.list_lineage(asv), int(row.sum()), int((row > 0).sum())
            )
            SeqIO.write(record, stream, "embl")


def make_record(
    asv: str, sequence: str, lineage: list[str], n_reads: int, n_samples: int
) -> SeqRecord:
    """An entry of Biopython."""
    from Bio.Seq import Seq
    from Bio.SeqFeature import AfterPosition, BeforePosition, FeatureLocation, SeqFeature
    from Bio.SeqRecord import SeqRecord

    organism = name_organism(lineage)
    place = FeatureLocation(0, len(sequence), strand=1)
    source = {
        "organism": [organism],
        "mol_type": ["genomic DNA"],
        "environmental_sample": [None],  # a mark without a value
        "note": [f"amplicon sequence variant; {n_reads} reads in {n_samples} samples"],
    }
    part = FeatureLocation(BeforePosition(0), AfterPosition(len(sequence)), strand=1)
    gene = {"product": ["16S ribosomal RNA"]}
    return SeqRecord(
        Seq(sequence), id=asv, name=asv,
        description=f"{organism} partial 16S ribosomal RNA, amplicon sequence variant {asv}",
        annotations={
            "molecule_type": "DNA", "topology": "linear", "data_file_division": "ENV",
            "organism": organism, "taxonomy": [name for name in lineage[:_SPECIES] if name],
        },
        features=[
            SeqFeature(place, type="source", qualifiers=source),
            SeqFeature(part, type="rRNA", qualifiers=gene),
        ],
    )  # fmt: skip


def name_organism(lineage: list[str]) -> str:
    """As the archives name what was not grown: 'uncultured Blautia sp.', 'uncultured bacterium'.

    A species name is by one gene only, so that it is not given as the organism.
    """
    if lineage[_GENUS]:
        return f"uncultured {lineage[_GENUS]} sp."
    return "uncultured archaeon" if lineage[0] == "Archaea" else "uncultured bacterium"
