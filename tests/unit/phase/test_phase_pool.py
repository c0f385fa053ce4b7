"""Pools of samples: what one sample cannot show, the pool shows; every read is accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import denoise_phase_shard
import denoise_sample
import gather_phase_pool
import learn_errors
import plan_pool
import split_pool
from vagus.phase.denoising import denoise
from vagus.phase.error_model import PhaseErrorModel
from vagus.phase.pool_plan import PhasePlan, fill_shards, plan_phase_pool
from vagus.phase.pool_shard import denoise_shard, gather_reads, split_samples
from vagus.phase.pool_share import PhasePool
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import RoundedUniques, Uniques
from vagus.sequences import identify_asv
from vagus.tables import read_table

from .conftest import ReadMaker, make_sequence, substitute

BASE, OTHER = make_sequence(1), make_sequence(2)
RARE = substitute(BASE, 100, 140, 300)
SETTINGS = PhaseSettings()
MODEL = PhaseErrorModel.nominal()


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three samples, each with two reads of a rare variant."""
    folder = tmp_path_factory.mktemp("pool")
    found = []
    for number in range(3):
        made = ReadMaker(60 + number)
        made.add(BASE, 30, low_share=0.02)
        made.add(OTHER, 20, low_share=0.02)
        made.add(RARE, 2, low_share=0.0)
        found.append(folder / f"{number}.npz")
        made.finish().save(found[-1])
    return found


def pool(paths: list[Path], max_size: int) -> tuple[PhasePlan, PhasePool]:
    """The pool of some samples."""
    plan, shards = plan_phase_pool(paths, max_size, SETTINGS)
    folder = paths[0].parent / "pieces"
    split_samples(paths, shards, len(plan.shards), folder)
    results = [
        denoise_shard(*gather_reads(folder, number), plan, MODEL, SETTINGS)
        for number in range(len(plan.shards))
    ]
    return plan, PhasePool.join(results, len(paths))


def test_a_variant_that_no_sample_shows_by_itself(paths: list[Path]) -> None:
    _, found = pool(paths, 10**6)
    for number, path in enumerate(paths):
        alone = denoise(Uniques.load(path), MODEL, SETTINGS).variants
        assert set(alone["sequence"]) == {BASE, OTHER}
        table = found.take(number).set_index("sequence")
        assert table["reads"].to_dict() == {BASE: 30, OTHER: 20, RARE: 2}
        assert table.at[RARE, "asv"] == identify_asv(RARE)
        assert table.at[RARE, "exact_reads"] == 2


def test_shards_give_what_one_piece_gives(paths: list[Path]) -> None:
    plan, in_shards = pool(paths, 110)
    assert len(plan.shards) == 2
    _, in_one = pool(paths, 10**6)
    for number in range(len(paths)):
        one, other = in_one.take(number), in_shards.take(number)
        columns = ["asv", "reads", "uniques", "exact_reads", "reverse_reads", "flags"]
        assert one[columns].to_dict("list") == other[columns].to_dict("list")
    assert in_shards.outcomes.tolist() == in_one.outcomes.tolist()


def test_equal_variants_of_two_shards_are_one(paths: list[Path]) -> None:
    plan, shards = plan_phase_pool(paths, 10**6, SETTINGS)
    torn = [np.where(np.arange(len(own)) % 2, 0, 1).astype(np.int32) for own in shards]
    folder = paths[0].parent / "torn"
    split_samples(paths, torn, 2, folder)
    halves = [
        denoise_shard(*gather_reads(folder, number), plan, MODEL, SETTINGS) for number in range(2)
    ]
    joined = PhasePool.join(halves, len(paths))
    assert joined.variants["asv"].is_unique
    for number in range(len(paths)):
        reads = joined.take(number).set_index("sequence")["reads"]
        assert reads[OTHER] == 20
        assert reads.sum() == 52


def test_shards_are_filled_from_the_largest_family_on() -> None:
    """Families 0 (5 + 1), 1 (3), 3 (4) and 4 (2): 6 is too large for 5; 4; then 3 + 2."""
    shard_of, shards = fill_shards(np.array([0, 1, 0, 3, 4]), np.array([5, 3, 1, 4, 2]), 5)
    assert shards == (6, 4, 5)
    assert shard_of.tolist() == [0, 2, 0, 1, 2]


def test_poor_samples_are_left_out_of_the_pool_with_a_reason(maker, paths, tmp_path: Path) -> None:
    made = maker(70)
    made.add(BASE, 20, low_share=0.6)
    made.finish().save(tmp_path / "poor.npz")
    empty = Uniques.empty("nothing", "ont", "ont")
    empty.save(tmp_path / "empty.npz")
    plan, shards = plan_phase_pool([tmp_path / "empty.npz", tmp_path / "poor.npz"], 100, SETTINGS)
    assert plan.samples == ("nothing", "made up")
    assert list(plan.refused) == ["made up"]
    assert "errors, more than the" in plan.refused["made up"]
    assert plan.shards == ()
    assert [own.tolist() for own in shards] == [[], [-1] * 20]
    assert len(PhasePool.join([], 2).variants) == 0


def test_rounded_sequences_are_those_of_the_sums(paths: list[Path]) -> None:
    whole, rounded = Uniques.load(paths[0]), RoundedUniques.load(paths[0])
    assert np.array_equal(whole.rounded_mean_quality(), rounded.rounded_mean_quality())
    rows = np.array([4, 0])
    parts = RoundedUniques.join([rounded.take(rows), rounded.take(rows[:1])])
    assert [parts.sequence(i) for i in range(3)] == [whole.sequence(i) for i in (4, 0, 4)]
    assert parts.n_reads == 2 * whole.counts[4] + whole.counts[0]


def test_programs_of_a_pool(paths: list[Path], tmp_path: Path) -> None:
    [sample] = paths[:1]
    files = ("phase_plan.json", "s.npz", "m.tsv", "m.json", "0.tsv", "0.npz",
             "phase_variants.tsv", "phase_shares.npz", "v.tsv", "l.json")  # fmt: skip
    names = {name: str(tmp_path / name) for name in files}
    model = ["--model", names["m.tsv"]]
    plan = ["--plan", names["phase_plan.json"]]
    places = ["--places", names["s.npz"]]
    engine = ["--engine", "phase"]
    about = ["--description", names["m.json"]]
    assert learn_errors.main([str(sample), *engine, *model, *about]) == 0
    assert plan_pool.main([str(sample), *engine, *plan, *places]) == 0
    results = ["--variants", names["0.tsv"], "--shares", names["0.npz"]]
    pieces = ["--pieces", str(tmp_path / "pieces")]
    assert split_pool.main([str(sample), *engine, *plan, *places, *pieces]) == 0
    arguments = ["--shard", "0", *plan, *pieces, *model, *results]
    assert denoise_phase_shard.main(arguments) == 0
    parts = ["--shard-variants", names["0.tsv"], "--shard-shares", names["0.npz"]]
    whole = ["--variants", names["phase_variants.tsv"], "--shares", names["phase_shares.npz"]]
    assert gather_phase_pool.main([*plan, *parts, *whole]) == 0
    files = [plan[1], names["phase_variants.tsv"], names["phase_shares.npz"]]
    arguments = ["--uniques", str(sample), *(f"--pool=phase={path}" for path in files)]
    results = ["--variants", names["v.tsv"], "--losses", names["l.json"]]
    assert denoise_sample.main([*arguments, *engine, *results]) == 0
    assert set(read_table(names["v.tsv"])["sequence"]) == {BASE, OTHER}
    losses = json.loads(Path(names["l.json"]).read_text())
    assert losses["reads_in"] == 52
    assert losses["assigned"] + losses["lost_few_reads"] + losses["lost_unexplained"] == 52
