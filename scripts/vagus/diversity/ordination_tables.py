"""All ordinations of one level's distances: principal coordinates, arrows, NMDS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vagus.diversity.biplot import tabulate_arrows
from vagus.diversity.distances import read_distances
from vagus.diversity.nmds import scale_non_metric
from vagus.diversity.ordination import ordinate
from vagus.tables import write_table
from vagus.tables.counts import CountTable
from vagus.tables.stages.diversity import BIPLOT, EXPLAINED, NMDS, NMDS_STRESS, ORDINATION
from vagus.tables.wide import ASV


@dataclass(frozen=True)
class OrdinationSettings:
    """What all levels share.

    Attributes:
        samples: names of the samples that are placed.
        seed: seed of the random starts of NMDS.
    """

    samples: list[str]
    seed: int


@dataclass(frozen=True)
class LevelFiles:
    """Files of one level: distances to read, and what is written of each metric or of all."""

    beta: Mapping[str, Path]
    ordination: Mapping[str, Path]
    biplot: Mapping[str, Path]
    nmds: Mapping[str, Path]
    explained: Path
    stress: Path


def ordinate_level(
    level: str, table: CountTable, files: LevelFiles, settings: OrdinationSettings
) -> None:
    """Write the tables of one level; ``table`` has the taxa that the distances are of."""
    import pandas as pd

    explained, stress = [], []
    # random starts of the ASVs are drawn by the name of their folder
    place = "diversity" if level == ASV else level
    for metric, path in files.beta.items():
        distances = read_distances(path).select(sorted(settings.samples))
        ordination = ordinate(distances)
        write_table(ordination.tabulate(), files.ordination[metric], ORDINATION)
        write_table(tabulate_arrows(table, ordination, metric), files.biplot[metric], BIPLOT)
        explained.append(ordination.tabulate_explained(metric))
        placed = scale_non_metric(distances, settings.seed, f"{place}\t{metric}")
        write_table(placed.tabulate(), files.nmds[metric], NMDS)
        stress.append((metric, placed.stress, placed.n_equal, placed.n_starts))
    write_table(pd.concat(explained), files.explained, EXPLAINED)
    write_table(pd.DataFrame(stress, columns=NMDS_STRESS.names), files.stress, NMDS_STRESS)
