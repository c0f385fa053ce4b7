"""Makes a results folder in the form that the earlier stages write, with numbers that add up."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from vagus.config.samples import derive_key, read_sheet
from vagus.config.schema import fill_defaults
from vagus.provenance.record import make_provenance, write_provenance
from vagus.tables import write_table

RANKS = ("domain", "phylum", "class", "order", "family", "genus", "species")
METRICS = ("braycurtis", "jaccard", "weighted_unifrac", "unweighted_unifrac", "aitchison")
GENERA = (
    ("Bacillota", "Clostridia", "Lachnospirales", "Lachnospiraceae", "Blautia"),
    ("Bacillota", "Clostridia", "Eubacteriales", "Ruminococcaceae", "Faecalibacterium"),
    ("Bacillota", "Clostridia", "Lachnospirales", "Lachnospiraceae", "Roseburia"),
    ("Bacillota", "Bacilli", "Lactobacillales", "Lactobacillaceae", "Lactobacillus"),
    ("Bacteroidota", "Bacteroidia", "Bacteroidales", "Bacteroidaceae", "Bacteroides"),
    ("Bacteroidota", "Bacteroidia", "Bacteroidales", "Prevotellaceae", "Prevotella"),
    ("Bacteroidota", "Bacteroidia", "Bacteroidales", "Rikenellaceae", "Alistipes"),
    (
        "Actinomycetota",
        "Actinomycetes",
        "Bifidobacteriales",
        "Bifidobacteriaceae",
        "Bifidobacterium",
    ),
    (
        "Verrucomicrobiota",
        "Verrucomicrobiia",
        "Verrucomicrobiales",
        "Akkermansiaceae",
        "Akkermansia",
    ),
    (
        "Pseudomonadota",
        "Gammaproteobacteria",
        "Enterobacterales",
        "Enterobacteriaceae",
        "Escherichia",
    ),
)
LOSSES = (
    "unreadable",
    "primers",
    "unoriented",
    "too_short",
    "too_long",
    "ambiguous",
    "expected_errors",
    "low_accuracy",
    "too_few_reads",
)


@dataclass
class MadeStudy:
    """What to make, and where it went."""

    folder: Path
    names: list[str]
    controls: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, list[str]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    cohort: dict[str, object] = field(default_factory=dict)
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
        self._write_reads()
        self._write_denoise()
        self._write_taxonomy()
        self._write_diversity()
        if self.cohort:
            self._write_cohort()
        config = fill_defaults({"cohort": dict(self.cohort), "report": {"title": "Made study"}})
        samples = read_sheet(self.sheet)
        write_provenance(make_provenance(config, samples, []), self.provenance)
        return self

    def write(self, name: str, table: pd.DataFrame) -> None:
        write_table(table, self.results / f"{name}.tsv")

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

    def _write_reads(self) -> None:
        rows, qc, lengths, errors, profile = [], [], [], [], []
        for name in self.names:
            reads = int(self.counts[name].sum())
            row: dict[str, object] = {
                "sample": name,
                "status": "failed" if name in self.failed else "ok" if reads else "empty",
                "reason": self.failed.get(name, "" if reads else "no reads"),
                "platform": "hifi",
                "quality_scheme": "full",
                "primers": "27F-1492R",
            }
            lost = {f"lost_{x}": 0 for x in LOSSES}
            if reads:
                lost["lost_primers"] = int(self.random.integers(10, 120))
                lost["lost_too_short"] = int(self.random.integers(0, 30))
                lost["lost_expected_errors"] = int(self.random.integers(50, 400))
            later = {
                "lost_singleton": reads // 5,
                "lost_omega_c": reads // 40,
                "lost_chimera": reads // 100,
            }
            kept = reads + sum(later.values())
            total = kept + sum(lost.values())
            self_row = {**row, "input": total, **lost, "kept": kept, "n_uniques": kept // 2}
            rows.append(
                {
                    **self_row,
                    **later,
                    "asv_reads": reads,
                    "n_asvs": int((self.counts[name] > 0).sum()),
                }
            )
            for stage, n_reads in (("before", total), ("after", kept)):
                if not reads:
                    continue
                qc.append(
                    {
                        "sample": name,
                        "stage": stage,
                        "n_reads": n_reads,
                        "n_bases": n_reads * 1450,
                        "median_length_bp": 1452.0,
                        "mean_expected_errors": 0.42,
                        "median_expected_errors": 0.21,
                        "median_accuracy": 0.99985,
                        "median_passes": None,
                        "accuracy_source": "qualities",
                        "unique_share": 0.5 if stage == "after" else None,
                        "n_sense": n_reads // 2 if stage == "before" else None,
                        "n_reverse": n_reads - n_reads // 2 if stage == "before" else None,
                    }
                )
                shift = 40 if stage == "before" else 0
                lengths += [(name, stage, 1400 + 10 * b + shift, int(n_reads * w)) for b, w in
                            enumerate((0.02, 0.05, 0.13, 0.3, 0.3, 0.15, 0.05))]  # fmt: skip
                edges = [0, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 2] + (
                    [5, 20] if stage == "before" else []
                )
                errors += [(name, stage, a, b, n_reads // (len(edges) - 1)) for a, b in
                           pairwise(edges)]  # fmt: skip
                profile += [
                    (name, stage, p, 60 + 20 * np.sin(p / 300) + self.random.normal())
                    for p in range(0, 1450, 5)
                ]
        self.ledger = pd.DataFrame(rows)
        late = ["lost_singleton", "lost_omega_c", "lost_chimera", "asv_reads", "n_asvs"]
        self.write("reads/ledger", self.ledger.drop(columns=late))
        self.write("denoise/ledger", self.ledger)
        self.write("reads/qc", pd.DataFrame(qc, columns=["sample", "stage"] if not qc else None))
        columns = ["sample", "stage"]
        self.write(
            "reads/length_histogram",
            pd.DataFrame(lengths, columns=[*columns, "length_bp", "n_reads"]),
        )
        self.write(
            "reads/expected_errors_histogram",
            pd.DataFrame(
                errors, columns=[*columns, "expected_errors_from", "expected_errors_to", "n_reads"]
            ),
        )
        self.write(
            "reads/quality_profile",
            pd.DataFrame(profile, columns=[*columns, "position_bp", "mean_quality"]),
        )

    def _write_denoise(self) -> None:
        self.write("denoise/asv_table", self.counts.rename_axis("asv").reset_index())
        n = len(self.counts)
        asvs = list(self.counts.index)
        self.write(
            "denoise/asvs",
            pd.DataFrame(
                {
                    "asv": asvs,
                    "length_bp": [1450 + i % 9 for i in range(n)],
                    "reads": self.counts.sum(axis=1),
                    "n_samples": (self.counts > 0).sum(axis=1),
                    "engine": "dada",
                    "birth_sample": self.names[0],
                    "birth_type": "abundance",
                    "log10_p_value": -80.0,
                    "parent": [""] + asvs[: n - 1] if n else [],
                    "hamming": 12,
                    "exact_reads": 100,
                    "flags": "",
                }
            ),
        )
        lost = int(self.ledger["lost_chimera"].sum())
        self.write(
            "denoise/chimeras",
            pd.DataFrame(
                {
                    "asv": ["c" * 32],
                    "reads": [lost],
                    "n_samples": [3],
                    "n_samples_flagged": [3],
                    "left_parent": [asvs[0]],
                    "right_parent": [asvs[1]],
                    "breakpoint_bp": [700],
                    "sequence": ["ACGT"],
                }
            ).head(1 if lost else 0)
            if n > 1
            else pd.DataFrame(columns=["asv", "reads"]),
        )
        if not n:
            return
        rows = []
        for a in "ACGT":
            for b in "ACGT":
                for q in range(0, 94, 3):
                    rate = max(1e-7, 10 ** (-q / 12) / 3)
                    total = 200_000 if q > 60 else 5000
                    seen = int(self.random.poisson(rate * total)) if a != b else int(total * 0.99)
                    rows.append(
                        (f"{a}2{b}", q, seen, total, seen / total, rate if a != b else 1 - 3 * rate)
                    )
        columns = ["transition", "quality", "observed_errors", "total", "rate", "fitted_rate"]
        self.write("denoise/runs/run1/error_model", pd.DataFrame(rows, columns=columns))
        (self.results / "denoise/runs/run1/error_model.json").write_text(json.dumps({
            "scheme": "full", "rounds": 5, "converged": True, "source": "learned",
            "samples": self.names[:3], "n_reads": 6100}))  # fmt: skip

    def _write_taxonomy(self) -> None:
        rows = []
        for i, asv in enumerate(self.counts.index):
            lineage = ["Bacteria", *GENERA[i % len(GENERA)]]
            lineage.append(f"{lineage[-1]} species{i % 4}" if i % 3 else "")
            if i % 17 == 16:
                lineage = lineage[:4] + [""] * 3
            taxon = "; ".join(f"{r[0]}__{x}" for r, x in zip(RANKS, lineage, strict=True) if x)
            row: dict[str, object] = {
                "Feature ID": asv,
                "Taxon": taxon,
                "Confidence": 0.8 + 0.01 * (i % 20),
            }
            row |= dict(zip(RANKS, lineage, strict=True))
            row |= {f"confidence_{r}": 0.9 for r in RANKS}
            row |= {
                "identity": 0.99 + 0.0005 * (i % 20),
                "coverage": 1.0,
                "nearest": f"ACC{i};ACC{i + 1}",
                "ties": "Blautia a/Blautia b" if i % 5 == 0 else "",
                "note": "",
            }
            rows.append(row)
        columns = ["Feature ID", "Taxon", "Confidence", *RANKS, *(f"confidence_{r}" for r in RANKS),
                   "identity", "coverage", "nearest", "ties", "note"]  # fmt: skip
        self.taxonomy = pd.DataFrame(rows, columns=columns)
        self.write("taxonomy/taxonomy", self.taxonomy)
        for rank in RANKS[1:]:
            labels = [x or "Unassigned" for x in self.taxonomy[rank]]
            sums = self.counts.groupby(np.array(labels)).sum() if len(labels) else self.counts
            if "Unassigned" not in sums.index:
                sums.loc["Unassigned"] = 0
            order = sorted(sums.index, key=lambda x: (x == "Unassigned", -sums.loc[x].sum(), x))
            self.write(
                f"taxonomy/composition_{rank}", sums.loc[order].rename_axis(rank).reset_index()
            )

    def _write_diversity(self) -> None:
        totals = self.counts.sum()
        kept = [n for n in self.names if totals[n] >= 500]
        depth = int(min((totals[n] for n in kept), default=0))
        share = self.counts[kept] / totals[kept]
        alpha = pd.DataFrame(
            {"sample": kept, "reads": [int(totals[n]) for n in kept], "depth": depth}
        )
        entropy = np.array([-sum(p * np.log(p) for p in share[n] if p > 0) for n in kept])
        observed = np.array([(self.counts[n] > 0).sum() for n in kept], dtype=float)
        alpha["observed"], alpha["chao1"], alpha["shannon"] = observed, observed + 2, entropy
        alpha["simpson"] = [1 - float((share[n] ** 2).sum()) for n in kept]
        alpha["pielou"] = entropy / np.log(observed.clip(2))
        alpha["faith_pd"] = observed * 0.11
        self.alpha = alpha
        everyone = pd.DataFrame(
            {"sample": self.names, "reads": [int(totals[n]) for n in self.names]}
        )
        values = alpha.drop(columns=["reads", "depth"])
        everyone = everyone.assign(depth=depth).merge(values, how="left", on="sample")
        self.write("diversity/alpha", everyone)
        curve = [(n, d, "observed", o * (1 - np.exp(-d / 300)), 0.5)
                 for n, o in zip(kept, observed, strict=True)
                 for d in np.linspace(1, totals[n], 12).astype(int)]  # fmt: skip
        curve += [(n, d, "shannon", v / 20, 0.1) for n, d, _, v, _ in curve]
        self.write("diversity/rarefaction", pd.DataFrame(
            curve, columns=["sample", "depth", "metric", "mean", "sd"]))  # fmt: skip
        gone = [
            (n, f"{totals[n]} reads are fewer than {depth}") for n in self.names if n not in kept
        ]
        self.write("diversity/excluded", pd.DataFrame(gone, columns=["sample", "reason"]))
        axes = min(5, max(0, len(kept) - 1))
        explained = []
        for metric in METRICS:
            points = self.random.normal(size=(len(kept), axes))
            table = pd.DataFrame(points, columns=[f"PC{i + 1}" for i in range(axes)])
            table.insert(0, "sample", kept)
            self.write(f"diversity/ordination_{metric}", table)
            beta = pd.DataFrame(0.5 * (1 - np.eye(len(kept))), columns=kept)
            beta.insert(0, "sample", kept)
            self.write(f"diversity/beta_{metric}", beta)
            explained += [(metric, f"PC{i + 1}", 0.31 / (i + 1), 1.0, 0.02) for i in range(axes)]
        self.write(
            "diversity/ordination_explained",
            pd.DataFrame(
                explained, columns=["metric", "axis", "proportion", "eigenvalue", "negative_share"]
            ),
        )

    def _write_cohort(self) -> None:
        alpha = [
            (
                "group",
                m,
                "Mann-Whitney U",
                "case;control",
                "case:6;control:6",
                7.0,
                p,
                min(1, 2 * p),
                0.41,
                "rank-biserial correlation",
                "exact p-value",
            )
            for m, p in (("observed", 0.004), ("shannon", 0.31), ("faith_pd", 0.77))
        ]
        self.write(
            "cohort/alpha_tests",
            pd.DataFrame(
                alpha,
                columns=[
                    "variable",
                    "metric",
                    "test",
                    "groups",
                    "n",
                    "statistic",
                    "p_value",
                    "q_value",
                    "effect",
                    "effect_name",
                    "note",
                ],
            ),
        )
        beta = [
            (
                "group",
                m,
                t,
                "case:12;control:12",
                "case;control",
                1.7,
                p,
                min(1, p * 1.5),
                999,
                e,
                "R2" if t == "PERMANOVA" else "",
                "permuted between subjects",
            )
            for m in METRICS
            for t, p, e in (("PERMANOVA", 0.001, 0.083), ("PERMDISP", 0.44, None))
        ]
        self.write("cohort/beta_tests", pd.DataFrame(beta, columns=[
            "variable", "metric", "test", "n", "groups", "statistic", "p_value", "q_value",
            "permutations", "effect", "effect_name", "note"]))  # fmt: skip

    def write_truth(self) -> Path:
        """Tables of a comparison with the truth: 30 of 40 variants recovered, 2 ASVs false."""
        folder = self.results / "demo"
        classes = [
            ("1", 10, 0),
            ("2-4", 10, 6),
            ("5-9", 8, 8),
            ("10-19", 6, 6),
            ("20-49", 4, 4),
            ("50+", 8, 7),
        ]
        depth = [(s, d, n, k, k / n) for s in ("(pooled)", *self.names[:2]) for d, n, k in classes]
        write_table(
            pd.DataFrame(depth, columns=["sample", "depth", "true_variants", "recovered", "share"]),
            folder / "truth_by_depth.tsv",
        )
        samples = [
            (s, 2000, 1800, 46, 33, 31, 2, 17, 0, 0.998, 0.04)
            for s in ("(pooled)", *self.names[:2])
        ]
        write_table(pd.DataFrame(samples, columns=[
            "sample", "true_reads", "found_reads", "true_variants", "found_variants", "recovered",
            "false_variants", "false_reads", "misplaced_variants", "correlation", "bray_curtis"]),
                    folder / "truth_by_sample.tsv")  # fmt: skip
        false = [("f" * 32, 12, 1, 1450, "a" * 32, "s__Blautia a", 1, "few errors"),
                 ("e" * 32, 5, 1, 1450, "b" * 32, "Blautia <b>", 9, "bimera")]  # fmt: skip
        write_table(
            pd.DataFrame(
                false,
                columns=[
                    "asv",
                    "reads",
                    "n_samples",
                    "length_bp",
                    "nearest",
                    "nearest_species",
                    "distance",
                    "reason",
                ],
            ),
            folder / "truth_false.tsv",
        )
        names = [(r, 31, 30 - i, 29 - i, 1800, 1700, 1600, 1700 / 1800, 1600 / 1800, 1600 / 1700)
                 for i, r in enumerate(RANKS)]  # fmt: skip
        write_table(pd.DataFrame(names, columns=[
            "rank", "asvs", "asvs_named", "asvs_right", "reads", "reads_named", "reads_right",
            "share_named", "share_right", "precision"]), folder / "truth_taxonomy.tsv")  # fmt: skip
        return folder


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
    )  # fmt: skip
    for name, value in changes.items():
        setattr(study, name, value)
    return study.make()


def key_of(name: str) -> str:
    return derive_key(name)
