"""The ASV table as BIOM 2.1 with lineages and the sample sheet inside."""

from __future__ import annotations

from datetime import datetime
from os import PathLike

from vagus import __version__
from vagus.exports.content import ExportContent, name_metadata
from vagus.files import write_whole
from vagus.reference.lineage import PREFIXES
from vagus.taxonomy.ranks import UNASSIGNED

# The format asks for a date; a fixed one gives equal bytes for equal content.
NO_DATE = datetime(1970, 1, 1)


def write_biom(content: ExportContent, path: str | PathLike[str], *, plain: bool = False) -> None:
    """Write BIOM 2.1 (HDF5).

    Observations carry ``taxonomy`` (seven names with rank prefixes, as far as they reach),
    samples carry ``run``, ``control`` and the sheet's columns as text. ``plain``: counts alone.
    """
    import h5py
    from biom import Table

    table = Table(
        content.counts.astype(float),
        list(content.asvs),
        [sample.name for sample in content.samples],
        None if plain else [{"taxonomy": list_prefixed(content, asv)} for asv in content.asvs],
        None if plain else _describe_samples(content),
        table_id="vagus",
        type="OTU table",
    )
    with write_whole(path) as temporary, h5py.File(temporary, "w") as stream:
        table.to_hdf5(stream, f"vagus {__version__}", creation_date=NO_DATE)


def list_prefixed(content: ExportContent, asv: str) -> list[str]:
    """Seven names, 'd__Bacteria' to 's__...'; 's__' where there is none."""
    lineage = content.list_lineage(asv)
    if not any(lineage):
        return [UNASSIGNED, *PREFIXES[1:]]
    return [prefix + name for prefix, name in zip(PREFIXES, lineage, strict=True)]


def _describe_samples(content: ExportContent) -> list[dict[str, str]]:
    names = name_metadata(content)
    values = {column: content.list_values(column) for column in names}
    return [
        {"run": sample.run, "control": sample.control}
        | {names[column]: values[column][i] for column in names}
        for i, sample in enumerate(content.samples)
    ]
