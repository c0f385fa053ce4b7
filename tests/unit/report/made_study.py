"""Makes a results folder in the form that the earlier stages write, with numbers that add up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from described import make_frame
from unit.report.made_reads import write_denoise, write_reads
from unit.report.made_results import write_cohort, write_diversity, write_truth
from unit.report.made_taxonomy import write_gut_brain, write_taxonomy
from vagus.provenance.record import make_provenance, write_provenance
from vagus.report.inputs import find_table
from vagus.study.samples import derive_key, read_sheet
from vagus.study.schema import fill_defaults
from vagus.tables import write_table
from vagus.tables.wide import write_wide


@dataclass
class MadeStudy:
    """What to make, and where it went."""

    folder: Path
    names: list[str]
    controls: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, list[str]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    cohort: dict[str, object] = field(default_factory=dict)
    gut_brain: bool = False
    n_asvs: int = 60
    depth: int = 2000
    seed: int = 1

    @property
    def results(self) -> Path:
        return self.folder / "results"

    @property
    def sheet(self) -> Path:
        return self.folder / "samples.tsv"

    @property
    def provenance(self) -> Path:
        return self.results / "provenance.json"

    def make(self) -> MadeStudy:
        self.random = np.random.default_rng(self.seed)
        self._write_sheet()
        self._make_counts()
        write_reads(self)
        write_denoise(self)
        write_taxonomy(self)
        write_diversity(self)
        if self.cohort:
            write_cohort(self)
        if self.gut_brain:
            write_gut_brain(self)
        config = fill_defaults(
            {
                "cohort": dict(self.cohort),
                "report": {"title": "Made study"},
                "gut_brain": {"enabled": self.gut_brain},
            }
        )
        samples = read_sheet(self.sheet)
        write_provenance(make_provenance(config, samples, []), self.provenance)
        return self

    def levels(self, column: str) -> dict[str, str]:
        """Value of a metadata column for each sample that is no control."""
        lines = self.sheet.read_text(encoding="utf-8").splitlines()
        header, rows = lines[0].split("\t"), [line.split("\t") for line in lines[1:]]
        place, name, control = (header.index(c) for c in (column, "sample", "control"))
        return {row[name]: row[place] for row in rows if not row[control]}

    def write_truth(self) -> Path:
        """Tables of a comparison with the truth; returns their folder."""
        return write_truth(self)

    def write(self, name: str, table: pd.DataFrame) -> None:
        description = find_table(f"{name}.tsv")
        if description.cells is None:
            table = make_frame(description, {column: table[column] for column in table})
        write_table(table, self.results / f"{name}.tsv", description)

    def write_wide(self, name: str, table: pd.DataFrame) -> None:
        write_wide(table, self.results / f"{name}.tsv", find_table(f"{name}.tsv"))

    def _write_sheet(self) -> None:
        rows = []
        for i, name in enumerate(self.names):
            row = {"sample": name, "reads": f"reads/{i}.fastq.gz", "run": "run1"}
            row["control"] = self.controls.get(name, "")
            for column, values in self.metadata.items():
                row[column] = "" if name in self.controls else values[i]
            rows.append(row)
        lines = ["\t".join(rows[0])] + ["\t".join(row.values()) for row in rows]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.names = sorted(self.names)

    def _make_counts(self) -> None:
        n = self.n_asvs
        asvs = [hashlib.md5(str(i).encode()).hexdigest() for i in range(n)]
        base = self.random.lognormal(0, 1.6, n)
        columns = {}
        for name in self.names:
            weights = base * self.random.lognormal(0, 1.1, n) * (self.random.random(n) < 0.7)
            reads = 40 if self.controls.get(name) == "negative" else self.depth
            alive = name not in self.failed and n and weights.sum()
            columns[name] = (
                self.random.multinomial(reads, weights / weights.sum())
                if alive
                else np.zeros(n, int)
            )
        table = pd.DataFrame(columns, index=asvs, columns=self.names)
        total = table.sum(axis=1)
        order = sorted(asvs, key=lambda a: (-total[a], a))
        self.counts = table.loc[[a for a in order if total[a] > 0]].astype("int64")


def make_cohort(folder: Path, n_people: int = 12, **changes: object) -> MadeStudy:
    """Two groups, two times, a blank and a mock, one failed sample, names that need escaping."""
    names, meta = [], {"subject": [], "time": [], "group": [], "age": []}
    for i in range(n_people):
        for time in ("baseline", "week8"):
            names.append(f"P{i + 1:02d}-{time}")
            meta["subject"].append(f"P{i + 1:02d}")
            meta["time"].append(time)
            meta["group"].append("case" if i % 2 else "control")
            meta["age"].append(str(20 + (i * 37) % 45))
    names[0], names[1], names[2] = 'A<b>&"x" y', "Zoë 漢字", "cost $5 $6 a_b"
    names += ["blank", "mock"]
    for values in meta.values():
        values += ["", ""]
    study = MadeStudy(
        folder, names, {"blank": "negative", "mock": "positive:demo"}, meta,
        failed={names[5]: "the file ends within a record (line 4001)"},
        cohort={"group": "group", "subject": "subject", "time": "time", "covariates": ["age"]},
        gut_brain=True,
    )  # fmt: skip
    for name, value in changes.items():
        setattr(study, name, value)
    return study.make()


def key_of(name: str) -> str:
    return derive_key(name)
