"""A few damaged files for every reader, and as the long version a few hundred."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fuzz.catalogue import make_targets
from fuzz.harness import fuzz, try_one
from fuzz.mutation import mutate
from fuzz.registry_readers import TABLES as OF_REGISTRY
from fuzz.target import Target

N_CASES, N_CASES_OF_RESULTS = 150, 30
N_FEW = 4
SEED = 20261122


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    folder = tmp_path_factory.mktemp("seeds")
    return {target.name: target for target in make_targets(folder)}


INPUTS = (
    "FASTQ", "FASTQ, compressed", "BAM", "sample sheet", "config", "reference",
    "unique sequences", "error model", "error model (phase)", "reference index", "table", "FASTA",
    "tree", "known calls", "provenance", "checksums",
)  # fmt: skip
RESULTS = (
    "quality of a sample", "size of a sample", "engines of a run", "variants of a sample",
    "losses of a sample", "rescued reads", "priors", "description of an error model",
    "known partitions", "plan of a pool", "groups of a pool", "pieces of a shard",
    "origins of a shard", "pairs of a shard", "founders", "births of a pool", "shares of a pool",
    "plan of a pool (phase)", "variants of a pool (phase)", "shares of a pool (phase)",
)  # fmt: skip
TABLES = (
    "ASV table", "ASV table (diversity)", "ASV table (exports)", "taxonomy", "taxonomy (exports)",
    "taxonomy (databases)", "hits", "alignment", "tree of the ASVs", "distances",
    "rarefaction plan", "alpha diversity", "read ledger", "alpha diversity (MultiQC)",
    "read ledger (MultiQC)", "genera (MultiQC)", "JSON of the report", "truth: asv_table.tsv",
    "truth: variants.tsv", "truth: chimeras.tsv",
)  # fmt: skip
OWN = (
    "reads to count", "sequences to count", "ASVs to count", "forecast", "benchmark",
    "record of outputs", "installed reference", "files seen first",
)  # fmt: skip
KNOWLEDGE = (
    "primers", "copy numbers", "mock community", "gut-brain capacities.tsv",
    "gut-brain sources.tsv", "gut-brain taxa.tsv", "community", "list of references",
    "lineage table",
)  # fmt: skip
PROGRAMS = ("sample sheet (vagus check)", "config (vagus check)")
NAMES = (*INPUTS, *RESULTS, *TABLES, *OWN, *KNOWLEDGE, *PROGRAMS, *OF_REGISTRY)


def test_every_reader_is_tried(targets: dict[str, Target]) -> None:
    assert set(NAMES) == set(targets)


@pytest.mark.parametrize("name", NAMES)
def test_whole_files_are_read(name: str, targets: dict[str, Target], tmp_path: Path) -> None:
    target = targets[name]
    for seed in target.seeds:
        path = tmp_path / f"whole{target.suffix}"
        path.write_bytes(seed)
        target.read(path)


@pytest.mark.parametrize("is_long", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_damaged_files_are_refused_or_read(
    name: str, is_long: bool, targets: dict[str, Target], tmp_path: Path
) -> None:
    n_all = N_CASES if name in INPUTS else N_CASES_OF_RESULTS
    n_cases = n_all if is_long else N_FEW
    tally = fuzz(targets[name], n_cases, SEED, tmp_path)
    assert [finding for finding, _ in tally.findings] == []
    assert tally.counts.total() == n_cases


def test_the_harness_would_notice(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise KeyError("not one of ours")

    path = tmp_path / "x"
    path.write_bytes(b"x")
    assert "KeyError" in try_one(Target("x", "", (b"x",), fail), path, {})  # type: ignore[arg-type]


def test_damage_is_reproducible_and_done() -> None:
    seed = b"line one\tfield\nline two\tfield\n" * 4
    cases = [mutate(seed, random.Random(i)) for i in range(200)]
    assert cases == [mutate(seed, random.Random(i)) for i in range(200)]
    assert sum(case != seed for case in cases) > 180
