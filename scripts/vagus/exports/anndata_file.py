"""The study as AnnData (.h5ad): samples x ASVs, with the sheet, the names and the sequences."""

from __future__ import annotations

import warnings
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from vagus import __version__
from vagus.exports.content import ExportContent, name_metadata
from vagus.files import write_whole
from vagus.reference.lineage import RANKS
from vagus.sequences import read_fasta

if TYPE_CHECKING:
    import pandas as pd


def write_anndata(
    content: ExportContent,
    sequences: str | PathLike[str],
    tree: str | PathLike[str],
    path: str | PathLike[str],
) -> None:
    """Write one .h5ad file.

    ``X``: reads (sparse, int32). ``obs``: run, control, reads and the sheet's columns (numbers as
    float, names as categories). ``var``: names by rank, Taxon, Confidence, identity, sequence,
    length_bp. ``uns``: ``tree`` (Newick), ``vagus_version``.
    """
    with warnings.catch_warnings():
        # Announcements of coming changes, made when the library is loaded or writes.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        from anndata import AnnData  # type: ignore[import-untyped]

        data = AnnData(
            X=content.counts.T.tocsr().astype("int32"),
            obs=_describe_samples(content),
            var=_describe_asvs(content, dict(read_fasta(sequences))),
            uns={"tree": Path(tree).read_text(encoding="utf-8").strip(),
                 "vagus_version": __version__},
        )  # fmt: skip
        with write_whole(path) as temporary:
            data.write_h5ad(temporary, compression="gzip")


def _describe_samples(content: ExportContent) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    columns: dict[str, object] = {
        "run": _make_categories([sample.run for sample in content.samples]),
        "control": _make_categories([sample.control for sample in content.samples]),
        "reads": np.asarray(content.counts.sum(axis=0), dtype=np.int64).ravel(),
    }
    for column, name in name_metadata(content, ["reads", "_index"], slash="_").items():
        values = content.list_values(column)
        if content.is_numeric(column):
            columns[name] = np.array([float(v) if v else np.nan for v in values])
        else:
            columns[name] = _make_categories(values)
    index = pd.Index([sample.name for sample in content.samples], name="sample", dtype=object)
    return pd.DataFrame(columns, index=index)


def _describe_asvs(content: ExportContent, sequences: dict[str, str]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    lineages = [content.list_lineage(asv) for asv in content.asvs]
    columns: dict[str, object] = {
        rank: _make_categories([lineage[i] for lineage in lineages]) for i, rank in enumerate(RANKS)
    }
    for column in ("Confidence", "identity"):
        if column in content.taxonomy:
            columns[column] = content.taxonomy[column].to_numpy(dtype=float)
    own = [sequences.get(asv, "") for asv in content.asvs]
    index = pd.Index(content.asvs, name="asv", dtype=object)
    columns["sequence"] = pd.Series(own, index=index, dtype=object)
    columns["length_bp"] = np.array([len(sequence) for sequence in own], dtype=np.int64)
    return pd.DataFrame(columns, index=index)


def _make_categories(values: list[str]) -> pd.Categorical:
    """Names as categories in the order of their code points; empty ones are missing."""
    import pandas as pd

    names = pd.Index(sorted({value for value in values if value}), dtype=object)
    return pd.Categorical([value or None for value in values], categories=names)
