from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import denoise_sample
import learn_errors
from vagus.phase.denoising import denoise
from vagus.phase.error_model import PhaseErrorModel
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv, write_fasta

from .conftest import ReadMaker, make_sequence, substitute

SETTINGS = PhaseSettings()
MODEL = PhaseErrorModel.nominal()
BASE = make_sequence(1)


def run(made: ReadMaker, priors: list[str] | None = None, **options: object):
    return denoise(made.finish(**options), MODEL, SETTINGS, priors or [])  # type: ignore[arg-type]


def count(sample) -> dict[str, int]:
    return dict(zip(sample.variants["sequence"], sample.variants["reads"], strict=True))


def test_variants_and_counts_are_those_simulated(maker) -> None:
    made = maker(1)
    truth = {
        BASE: 120,
        substitute(BASE, 200): 40,
        substitute(BASE, 90, 410): 12,
        substitute(BASE, *range(15, 590, 60)): 25,
        make_sequence(2): 8,
    }
    for sequence, n in truth.items():
        made.add(sequence, n)
    sample = run(made)
    assert set(count(sample)) == set(truth)
    for sequence, n in count(sample).items():
        assert abs(n - truth[sequence]) <= 2
    table = sample.variants.set_index("sequence")
    assert table.loc[substitute(BASE, 200), "parent"] == identify_asv(BASE)
    assert table.loc[substitute(BASE, 200), "hamming"] == 1
    assert table.loc[substitute(BASE, 200), "birth_p_value"] < -10
    assert set(table["engine"]) == {"phase"}
    assert (table["asv"] == [identify_asv(s) for s in table.index]).all()


def test_indel_variant_is_realigned_to_itself_and_split_again(maker) -> None:
    """A relative with a long insertion, in which two variants hide."""
    made = maker(2)
    inserted = BASE[:250] + make_sequence(9, 14) + BASE[250:]
    truth = {BASE: 60, inserted: 30, substitute(inserted, 256): 14, BASE[:400] + BASE[409:]: 15}
    for sequence, n in truth.items():
        made.add(sequence, n)
    assert set(count(run(made))) == set(truth)


def test_homopolymer_variant_is_found_and_homopolymer_errors_are_not(maker) -> None:
    made = maker(3)
    source = np.random.default_rng(5)
    longer = BASE[:300] + "GGGGGG" + BASE[300:]
    shorter = BASE[:300] + "GGGGG" + BASE[300:]

    def slip(template: str, _: bool) -> str:
        return template[:301] + template[302:] if source.random() < 0.05 else template

    made.add(longer, 80, spoil=slip)
    found = count(run(made))
    assert set(found) == {longer}
    made.add(shorter, 60)
    assert set(count(run(made))) == {longer, shorter}


def test_reads_that_fit_no_cluster_are_queued_again(maker) -> None:
    """A sequence that shares its words with another for two thirds only, in few reads."""
    made = maker(4)
    other = BASE[:560] + make_sequence(8, 340)[:40]
    made.add(BASE, 100)
    made.add(other, 12)
    assert set(count(run(made))) == {BASE, other}


def test_errors_on_one_strand_found_no_variant(maker) -> None:
    source = np.random.default_rng(6)

    def spoil(template: str, is_reverse: bool) -> str:
        return substitute(template, 222) if is_reverse and source.random() < 0.3 else template

    made = maker(7)
    made.add(BASE, 160, spoil=spoil)
    assert set(count(run(made))) == {BASE}
    # without strands nothing distinguishes it from a variant: the engine says so
    blind = run(made, with_strands=False)
    assert blind.losses["strands"] == "unknown"
    assert substitute(BASE, 222) in count(blind)


def test_true_variant_on_both_strands_stays(maker) -> None:
    made = maker(8)
    made.add(BASE, 120)
    made.add(substitute(BASE, 222), 24)
    sample = run(made)
    assert set(count(sample)) == {BASE, substitute(BASE, 222)}
    assert sample.losses["strands"] == "both"


@pytest.mark.parametrize(("reverse", "word"), [(True, "antisense"), (False, "sense")])
def test_one_strand_is_told(maker, reverse: bool, word: str) -> None:
    made = maker(9)
    made.add(BASE, 30, reverse=reverse)
    assert run(made).losses["strands"] == word


def test_variant_that_differs_near_its_end_is_kept(maker) -> None:
    """Strict containment: 44 reads that differ in the last bases are no part of the other."""
    made = maker(10)
    changed = substitute(BASE, 592)
    made.add(BASE, 100)
    made.add(changed, 44)
    assert set(count(run(made))) == {BASE, changed}


def test_part_of_a_variant_is_the_variant(maker) -> None:
    made = maker(11)
    made.add(BASE, 60)
    made.add(BASE[6:], 20)
    assert count(run(made)) == {BASE: 80}


def test_rare_variant_with_two_differences_is_found_by_pairs(maker) -> None:
    """6 of 4,000 reads: at the floor of the error rates, 2 such errors are expected a site."""
    made = maker(12)
    rare = substitute(BASE[:300], 60, 240)
    made.add(BASE[:300], 4000, low_share=0.01)
    made.add(rare, 6, low_share=0.0)
    table = run(made).variants.set_index("sequence")
    assert set(table.index) == {BASE[:300], rare}
    assert table.loc[rare, "birth_type"] == "pair"


def test_variant_with_one_difference_below_one_percent_is_found(maker) -> None:
    """A new leaf begins with its carriers as its share: with an even or no start it would die."""
    made = maker(30)
    rare = substitute(BASE[:300], 150)
    made.add(BASE[:300], 3000, low_share=0.01)
    made.add(rare, 20, low_share=0.01)
    assert set(count(run(made))) == {BASE[:300], rare}


def test_prior_needs_fewer_reads(maker) -> None:
    made = maker(13)
    rare = substitute(BASE, 150)
    made.add(BASE, 60, low_share=0.01)
    made.add(rare, 3, low_share=0.01)
    assert set(count(run(made))) == {BASE}
    sample = run(made, [rare, substitute(BASE, 300), make_sequence(77)])
    assert count(sample) == {BASE: 60, rare: 3}
    assert sample.variants.set_index("sequence").loc[rare, "birth_type"] == "prior"


def test_priors_of_several_samples_bring_rare_variants_and_no_false_ones(maker) -> None:
    """Each of four samples is rich in one variant and has three reads of the others."""
    truth = [substitute(BASE, place, place + 40) for place in (60, 180, 300, 420)]
    samples = []
    for rich in range(4):
        made = maker(40 + rich)
        made.add(BASE, 60, low_share=0.02)
        for number, sequence in enumerate(truth):
            made.add(sequence, 15 if number == rich else 3, low_share=0.02)
        samples.append(made)
    alone = [set(count(run(made))) for made in samples]
    assert alone == [{BASE, truth[rich]} for rich in range(4)]
    priors = sorted(set().union(*alone)) + [substitute(BASE, 500), make_sequence(90)]
    for made in samples:
        assert set(count(run(made, priors))) == {BASE, *truth}


def test_every_read_is_accounted_for(maker) -> None:
    made = maker(14)
    made.add(BASE, 50)
    made.add(make_sequence(5), 2)
    losses = run(made).losses
    assert losses["reads_in"] == 52
    assert losses["assigned"] == 50
    assert losses["lost_few_reads"] == 2
    lost = sum(n for name, n in losses.items() if name.startswith("lost_"))
    assert losses["assigned"] + lost == 52


def test_lone_chimeric_reads_are_given_to_no_parent(maker) -> None:
    made = maker(15)
    far = substitute(BASE, *range(7, 590, 12))
    made.add(BASE, 60)
    made.add(far, 60)
    made.add(BASE[:300] + far[300:], 1)
    losses = run(made).losses
    assert losses["assigned"] == 120
    assert losses["lost_unexplained"] + losses["lost_few_reads"] == 1


def test_distant_bimera_is_flagged(maker) -> None:
    made = maker(16)
    far = substitute(BASE, *range(7, 590, 12))
    made.add(BASE, 80)
    made.add(far, 60)
    made.add(BASE[:300] + far[300:], 10)
    table = run(made).variants.set_index("sequence")
    assert table.loc[BASE[:300] + far[300:], "flags"] == "bimera"
    assert table.loc[BASE[:300] + far[300:], "left_parent"] == identify_asv(BASE)
    assert table.loc[BASE, "flags"] == ""


def test_lumped_rare_variants_are_flagged_ambiguous(maker) -> None:
    """Five reads of two sequences, 3 and 2, a change apart: one consensus, not to be trusted."""
    made = maker(17)
    other = make_sequence(31)
    made.add(other, 3, low_share=0.0)
    made.add(substitute(other, 111), 2, low_share=0.0)
    table = run(made).variants
    assert len(table) == 1
    assert table.loc[0, "flags"] == "ambiguous"


def test_order_of_reads_does_not_matter(maker, tmp_path: Path) -> None:
    made = maker(18)
    made.add(BASE, 40)
    made.add(substitute(BASE, 99), 15)
    made.add(substitute(BASE, 77, 500), 9)
    shuffled = np.random.default_rng(1).permutation(64)
    for name, order in (("a", None), ("b", shuffled)):
        run(made, order=order).save(tmp_path / f"{name}.tsv", tmp_path / f"{name}.json")
    for suffix in ("tsv", "json"):
        first, second = (tmp_path / f"{name}.{suffix}" for name in "ab")
        assert first.read_bytes() == second.read_bytes()


def test_duplicates_count_as_reads(maker) -> None:
    made = maker(19)
    made.add(BASE, 30, low_share=0.0)
    made.add(substitute(BASE, 99), 6, low_share=0.0)
    uniques = made.finish()
    assert uniques.n_uniques == 2
    sample = denoise(uniques, MODEL, SETTINGS)
    assert count(sample) == {BASE: 30, substitute(BASE, 99): 6}
    assert sample.variants["exact_reads"].tolist() == [30, 6]
    assert sample.variants["uniques"].tolist() == [1, 1]


def test_poor_reads_are_refused_with_their_error_rate(maker) -> None:
    made = maker(20)
    made.add(BASE, 40, low_share=0.4)
    sample = run(made)
    assert len(sample.variants) == 0
    assert "6.3 % errors" in sample.losses["reason"] or "6.4 % errors" in sample.losses["reason"]
    assert sample.losses["lost_inaccurate"] == sample.losses["reads_in"] == 40


@pytest.mark.parametrize(("low_share", "is_refused"), [(0.12, False), (0.25, True)])
def test_gate_lies_at_three_percent_of_errors(maker, low_share: float, is_refused: bool) -> None:
    """A sixth of the low bases is wrong: 1.9 and 4 %."""
    made = maker(24)
    made.add(BASE, 60, low_share=low_share)
    sample = run(made)
    assert (len(sample.variants) == 0) is is_refused
    if is_refused:
        assert "4.0 % errors, more than the 3 %" in sample.losses["reason"]
        assert "R10.4.1" in sample.losses["reason"]
    else:
        assert set(count(sample)) == {BASE}


def test_reads_worse_than_their_qualities_are_refused(maker) -> None:
    made = maker(21)
    source = np.random.default_rng(2)

    def spoil(template: str, _: bool) -> str:
        return substitute(template, *np.flatnonzero(source.random(600) < 0.045).tolist())

    made.add(BASE, 60, spoil=spoil, low_share=0.0)
    sample = run(made)
    assert len(sample.variants) == 0
    assert "% errors" in sample.losses["reason"]


def test_sample_without_reads() -> None:
    sample = denoise(Uniques.empty("blank"), MODEL, SETTINGS)
    assert len(sample.variants) == 0
    assert sample.losses["reads_in"] == sample.losses["assigned"] == 0
    assert sample.losses["reason"] == "no reads to denoise"


def test_too_few_reads_for_any_variant(maker) -> None:
    made = maker(22)
    made.add(BASE, 3)
    sample = run(made)
    assert len(sample.variants) == 0
    assert sample.losses["lost_few_reads"] == 3


def test_programs(maker, tmp_path: Path) -> None:
    made = maker(23)
    made.add(BASE, 40)
    made.add(substitute(BASE, 99), 15)
    made.finish().save(tmp_path / "u.npz")
    write_fasta([("prior", substitute(BASE, 99))], tmp_path / "priors.fasta")
    model = str(tmp_path / "model.tsv")
    about = ["--description", str(tmp_path / "model.json")]
    engine = ["--engine", "phase"]
    assert learn_errors.main([str(tmp_path / "u.npz"), *engine, "--model", model, *about]) == 0
    arguments = [
        "--uniques", str(tmp_path / "u.npz"), "--model", f"phase={model}", *engine,
        "--priors", str(tmp_path / "priors.fasta"),
        "--variants", str(tmp_path / "v.tsv"), "--losses", str(tmp_path / "l.json"),
    ]  # fmt: skip
    assert denoise_sample.main(arguments) == 0
    losses = json.loads((tmp_path / "l.json").read_text())
    assert losses["assigned"] == 55
    assert (tmp_path / "v.tsv").read_text().count("\n") == 3
