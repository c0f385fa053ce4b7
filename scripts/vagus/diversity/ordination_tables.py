"""All ordinations of one folder of distances: principal coordinates, arrows, NMDS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vagus.diversity.biplot import tabulate_arrows
from vagus.diversity.count_table import CountTable
from vagus.diversity.distances import read_distances
from vagus.diversity.nmds import scale_non_metric
from vagus.diversity.ordination import ordinate
from vagus.tables import write_table


@dataclass(frozen=True)
class OrdinationSettings:
    """What all folders share.

    Attributes:
        metrics: distances; those without a table in a folder are passed over there.
        samples: names of the samples that are placed.
        seed: seed of the random starts of NMDS.
    """

    metrics: tuple[str, ...]
    samples: list[str]
    seed: int


def write_ordinations(folder: Path, table: CountTable, settings: OrdinationSettings) -> None:
    """Write the tables of one folder; ``table`` has the taxa that the distances are of."""
    import pandas as pd

    explained, stress = [], []
    for metric in settings.metrics:
        path = folder / f"beta_{metric}.tsv"
        if not path.exists():
            continue
        distances = read_distances(path).select(sorted(settings.samples))
        ordination = ordinate(distances)
        write_table(ordination.tabulate(), folder / f"ordination_{metric}.tsv")
        write_table(tabulate_arrows(table, ordination, metric), folder / f"biplot_{metric}.tsv")
        explained.append(ordination.tabulate_explained(metric))
        placed = scale_non_metric(distances, settings.seed, f"{folder.name}\t{metric}")
        write_table(placed.tabulate(), folder / f"nmds_{metric}.tsv")
        stress.append((metric, placed.stress, placed.n_equal, placed.n_starts))
    write_table(pd.concat(explained), folder / "ordination_explained.tsv")
    columns = ["metric", "stress", "equal_starts", "starts"]
    write_table(pd.DataFrame(stress, columns=columns), folder / "nmds_stress.tsv")
