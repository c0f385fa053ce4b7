"""Files that QIIME 2 imports: feature table, sequences, taxonomy, metadata, tree.

Metadata follows the rules of QIIME 2's metadata format: a first column ``sample-id``, a row
``#q2:types``, no column named like an id column, no id that is one of the names of the id column
or begins with '#'.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from vagus.exports.biom_file import write_biom
from vagus.exports.content import ExportContent, is_given, name_metadata
from vagus.files import write_text, write_whole
from vagus.sequences import read_fasta, write_fasta
from vagus.tables import write_table
from vagus.tables.stages.exports import QIIME2_METADATA, QIIME2_TAXONOMY
from vagus.taxonomy.ranks import UNASSIGNED

# Names of an id column: in any case, and as they are.
_ID_HEADERS = frozenset(
    {"id", "sampleid", "sample id", "sample-id", "featureid", "feature id", "feature-id"}
)
_EXACT_ID_HEADERS = frozenset({"#SampleID", "#Sample ID", "#OTUID", "#OTU ID", "sample_name"})

README = """# For QIIME 2

```sh
qiime tools import --type 'FeatureTable[Frequency]' --input-format BIOMV210Format \\
  --input-path feature-table.biom --output-path table.qza
qiime tools import --type 'FeatureData[Sequence]' \\
  --input-path rep-seqs.fasta --output-path rep-seqs.qza
qiime tools import --type 'FeatureData[Taxonomy]' --input-format TSVTaxonomyFormat \\
  --input-path taxonomy.tsv --output-path taxonomy.qza
qiime tools import --type 'Phylogeny[Rooted]' \\
  --input-path tree.nwk --output-path rooted-tree.qza
```

`metadata.tsv` is given as it is (`--m-metadata-file metadata.tsv`). Its column `sample` contains
the name in the sample sheet, which is the sample's id except where QIIME 2 does not allow it. The
table contains controls and empty samples too; leave them out with
`qiime feature-table filter-samples --i-table table.qza --m-metadata-file metadata.tsv
--p-where "[control] IS NULL" --p-min-frequency 1 --o-filtered-table samples.qza`.
ASVs that were set apart (`selection/set_apart.tsv`) are not in these files.
"""


def write_qiime2(
    content: ExportContent,
    sequences: str | PathLike[str],
    tree: str | PathLike[str],
    folder: Path,
) -> None:
    """Write the set into ``folder``."""
    ids = name_ids([sample.name for sample in content.samples])
    write_biom(_rename(content, ids), folder / "feature-table.biom", plain=True)
    kept = set(content.asvs)
    records = (record for record in read_fasta(sequences) if record[0] in kept)
    write_fasta(records, folder / "rep-seqs.fasta")
    _write_taxonomy(content, folder / "taxonomy.tsv")
    _write_metadata(content, ids, folder / "metadata.tsv")
    with write_whole(folder / "tree.nwk") as temporary:
        shutil.copyfile(tree, temporary)
    write_text(folder / "README.md", README)


def is_id_header(name: str) -> bool:
    """Would QIIME 2 take ``name`` for the head of the id column."""
    return name in _EXACT_ID_HEADERS or name.lower() in _ID_HEADERS


def name_ids(names: Sequence[str]) -> list[str]:
    """Ids of the samples: their names, or 's-' and the name where QIIME 2 refuses it."""
    taken = set(names)
    ids = []
    for name in names:
        known = name
        while is_id_header(known) or known.startswith("#") or (known != name and known in taken):
            known = f"s-{known.lstrip('#')}"
        taken.add(known)
        ids.append(known)
    return ids


def _rename(content: ExportContent, ids: Sequence[str]) -> ExportContent:
    from dataclasses import replace

    samples = zip(content.samples, ids, strict=True)
    return replace(content, samples=tuple(replace(sample, name=name) for sample, name in samples))


def _write_taxonomy(content: ExportContent, path: Path) -> None:
    import pandas as pd

    taxa = [str(taxon) if is_given(taxon) else UNASSIGNED for taxon in content.taxonomy["Taxon"]]
    confidence = content.taxonomy["Confidence"].to_list()
    table = {"Feature ID": list(content.asvs), "Taxon": taxa, "Confidence": confidence}
    write_table(pd.DataFrame(table), path, QIIME2_TAXONOMY)


def _write_metadata(content: ExportContent, ids: Sequence[str], path: Path) -> None:
    import pandas as pd

    own = ["sample", "run", "control"]
    columns = {
        "sample-id": ["#q2:types", *ids],
        "sample": ["categorical", *(sample.name for sample in content.samples)],
        "run": ["categorical", *(sample.run for sample in content.samples)],
        "control": ["categorical", *(sample.control for sample in content.samples)],
    }
    for column, name in name_metadata(content, own).items():
        while is_id_header(name) or name.startswith("#") or name in columns:
            name = f"{name.lstrip('#')}_"
        form = "numeric" if content.is_numeric(column) else "categorical"
        columns[name] = [form, *content.list_values(column)]
    write_table(pd.DataFrame(columns), path, QIIME2_METADATA)
