"""The first screen: four states, sentences for every design, figures that show what they say."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd
import pytest

from unit.report.made_study import MadeStudy
from vagus.report.answer_figures import NARROW_PX, WIDE_PX, draw_answer
from vagus.report.answers import Answer, Effect, State, judge, judge_many
from vagus.report.first_composition import MAX_BARS, draw_bars, show_composition
from vagus.report.first_screen import build_first_screen, describe_run, list_checks
from vagus.report.inputs import ReportInputs, load_inputs
from vagus.report.numbers import format_fold, format_q, format_share_plainly, format_signed
from vagus.report.primary_analysis import list_topics

NAN = float("nan")
ALPHA = ("variable", "metric", "model", "contrast", "n", "estimate", "low", "high", "p_value",
         "q_value", "effect", "effect_low", "effect_high", "effect_name", "covariates",
         "note")  # fmt: skip
BETA = ("variable", "metric", "term", "order", "unit", "n", "r2", "omega2", "omega2_low",
        "omega2_high", "p_value", "q_value", "note")  # fmt: skip
TAXA = ("variable", "contrast", "taxon", "method", "n", "log2_fold", "low", "high", "p_value",
        "q_value", "note")  # fmt: skip
CHANGE = ("variable", "question", "metric", "test", "contrast", "n", "estimate", "low", "high",
          "p_value", "q_value", "effect", "effect_low", "effect_high", "note")  # fmt: skip


def make_effect(low: float, high: float, limit: float = 0.5) -> Effect:
    return Effect("a - b", (low + high) / 2, low, high, limit)


@pytest.mark.parametrize(
    ("q_value", "low", "high", "state"),
    [
        (0.049, 0.1, 2.0, State.DIFFERS),
        (0.049, -0.1, 0.1, State.DIFFERS),  # the test decides, not the interval
        (0.05, -0.4, 0.4, State.NONE_FOUND),
        (0.9, -0.49, 0.49, State.NONE_FOUND),
        (0.9, -0.5, 0.4, State.CANNOT_TELL),  # the smallest effect of interest fits the data
        (0.9, -0.4, 1.5, State.CANNOT_TELL),
        (0.2, 0.1, 0.4, State.CANNOT_TELL),  # leaves out 0, but q is not small
        (0.2, NAN, NAN, State.CANNOT_TELL),
        (NAN, -0.1, 0.1, State.UNTESTED),
        (None, -0.1, 0.1, State.UNTESTED),
    ],
)
def test_state_of_one_effect(q_value: float | None, low: float, high: float, state: State) -> None:
    assert judge(q_value, [make_effect(low, high)]) is state


def test_state_of_several_effects_is_that_of_the_least_certain() -> None:
    small, wide = make_effect(-0.3, 0.3), make_effect(-0.3, 0.7)
    assert judge(0.5, [small, small]) is State.NONE_FOUND
    assert judge(0.5, [small, wide]) is State.CANNOT_TELL
    assert judge(0.5, []) is State.CANNOT_TELL
    assert judge(0.5, [make_effect(-0.1, 0.1, limit=NAN)]) is State.CANNOT_TELL
    assert judge_many([0.3, NAN, 0.01], [small]) is State.DIFFERS
    assert judge_many([NAN], [small]) is State.UNTESTED
    assert judge_many([], []) is State.UNTESTED


def test_numbers_of_answers() -> None:
    assert [format_signed(x) for x in (1.8064, -0.957, 0.0)] == ["+1.8", "−0.96", "0"]
    # log2 of 4 is 2, of 1/8 is -3; 2 ** 1.766 is 3.4
    folds = [format_fold(x) for x in (2.0, -3.0, 1.766, 0.0, 0.01, NAN)]
    assert folds == ["×4", "÷8", "×3.4", "×1", "×1", "–"]
    assert [format_share_plainly(x) for x in (0.0364, 0.06, 0.0, -0.012)] == [
        "3.6 %", "6 %", "0 %", "−1.2 %",
    ]  # fmt: skip
    assert [format_q(x) for x in (0.8332, 0.1, 0.0123, 0.0004)] == [
        "0.83", "0.10", "0.012", "< 0.001",
    ]  # fmt: skip


def make_study(
    folder: Path, groups: list[str], subjects: bool = False, **cohort: object
) -> MadeStudy:
    """One sample for each entry of ``groups``; two for each person with ``subjects``."""
    names = [f"s{i:03d}" for i in range(len(groups))]
    meta = {"group": groups}
    if subjects:
        meta |= {
            "subject": [f"P{i // 2}" for i in range(len(groups))],
            "time": [("before", "after")[i % 2] for i in range(len(groups))],
        }
        cohort |= {"subject": "subject", "time": "time", "times": ["before", "after"]}
    made = MadeStudy(folder, names, metadata=meta, cohort={"group": "group", **cohort}, n_asvs=12)
    return made.make()


def load(made: MadeStudy) -> ReportInputs:
    return load_inputs(made.results, made.sheet, made.provenance)


def write(made: MadeStudy, name: str, columns: tuple[str, ...], *rows: dict[str, object]) -> None:
    made.write(f"cohort/{name}", pd.DataFrame(list(rows), columns=list(columns)))


def alpha_row(contrast: str = "case - control", **values: object) -> dict[str, object]:
    """A row of a linear model: 1.8 effective ASVs (-9.6 to 13.2), that is 0.2 SD (-1 to 1.4)."""
    return {
        "variable": "group", "metric": "hill_1", "model": "linear model", "contrast": contrast,
        "n": "control:6;case:6", "estimate": 1.8064, "low": -9.6275, "high": 13.24,
        "p_value": 0.73, "q_value": 0.8332, "effect": 0.217, "effect_low": -0.983,
        "effect_high": 1.405, "effect_name": "Hedges g", "covariates": "age", **values,
    }  # fmt: skip


def beta_row(**values: object) -> dict[str, object]:
    return {
        "variable": "group", "metric": "braycurtis", "term": "group", "order": "marginal",
        "unit": "sample", "n": "control:6;case:6", "r2": 0.125, "omega2": 0.0364, "omega2_low": 0.0,
        "omega2_high": 0.1163, "p_value": 0.08, "q_value": 0.416, **values,
    }  # fmt: skip


def taxon_row(
    taxon: str, fold: float, half: float, q: float, **values: object
) -> dict[str, object]:
    return {
        "variable": "group", "contrast": "case - control", "taxon": taxon,
        "method": "CLR linear model", "n": "control:6;case:6", "log2_fold": fold,
        "low": fold - half, "high": fold + half, "p_value": q / 2, "q_value": q, **values,
    }  # fmt: skip


TWO = ["control"] * 6 + ["case"] * 6


def say(made: MadeStudy) -> list[str]:
    """Heading, then each answer as a reader sees it, without markup."""
    lines = []
    for topic in list_topics(load(made)):
        lines.append(f"{topic.heading} | {topic.people}")
        for answer in topic.answers:
            text = f"{answer.headline} {answer.numbers} {answer.power}"
            plain = re.sub(r"<[^>]+>", "", text).replace("&nbsp;", " ").replace("&lt;", "<")
            lines.append(plain.strip())
    return lines


def test_two_groups_that_do_not_differ_for_sure(tmp_path: Path) -> None:
    made = make_study(tmp_path, TWO, ranks=["genus"])
    write(made, "alpha_models", ALPHA, alpha_row())
    write(made, "beta_models", BETA, beta_row())
    taxa = [taxon_row("Blautia", 1.375, 2.0, 0.4), taxon_row("Dorea", 0.1, 0.5, 0.9)]
    write(made, "differential_genus", TAXA, *taxa)
    assert say(made) == [
        "case against control, adjusted for age | 6 and 6 samples",
        "Diversity: cannot tell. Difference +1.8 effective ASVs (95 %: −9.6 to +13) · q 0.83 "
        "Of interest: from 0.5 SD.",
        "Composition: cannot tell. group explains 3.6 % of the variation beyond chance "
        "(95 %: 0 % to 11.6 %) · q 0.42 Of interest: from 6 %.",
        "Genera: cannot tell for 1 of 2. No difference found in the other one · "
        "Blautia ×2.6 (95 %: ÷1.5 to ×10) · smallest q 0.40 Of interest: from ×2 or ÷2.",
    ]


def test_two_groups_that_differ(tmp_path: Path) -> None:
    made = make_study(tmp_path, TWO, ranks=["genus"])
    found = alpha_row(q_value=0.004, estimate=-11.0, low=-15.0, high=-7.0, effect=-1.5,
                      effect_low=-2.0, effect_high=-1.0)  # fmt: skip
    write(made, "alpha_models", ALPHA, found)
    write(made, "beta_models", BETA, beta_row(q_value=0.012, omega2_low=0.01))
    names = ["Blautia", "Dorea", "Roseburia", "Alistipes", "Collinsella"]
    taxa = [taxon_row(name, -2.0, 1.0, 0.01 + i / 1000) for i, name in enumerate(names)]
    write(made, "differential_genus", TAXA, *taxa, taxon_row("Bacteroides", 0.0, 1.5, 0.9))
    heads = [line.split(". ")[0] for line in say(made)[1:]]
    assert heads == [
        "Diversity differs: higher in control",
        "Composition differs",
        "5 of 6 genera differ: Blautia, Dorea, Roseburia and 2 more",
    ]
    assert "Blautia ÷4 (95 %: ÷8 to ÷2) · q 0.010" in say(made)[3]


def test_two_groups_without_a_difference_that_matters(tmp_path: Path) -> None:
    made = make_study(tmp_path, TWO, ranks=["genus"], smallest_effect_diversity=1.5)
    write(made, "alpha_models", ALPHA, alpha_row())
    write(made, "beta_models", BETA, beta_row(omega2=-0.01, omega2_high=0.05))
    write(made, "differential_genus", TAXA, taxon_row("Dorea", 0.1, 0.5, 0.9))
    assert [line.split(" (95")[0] for line in say(made)[1:]] == [
        "Diversity: no difference found. Difference +1.8 effective ASVs",
        "Composition: no difference found. group explains no more than chance",
        "Genera: no difference found in the only one. Dorea ×1.1",
    ]


def test_two_groups_that_cannot_be_tested(tmp_path: Path) -> None:
    made = make_study(tmp_path, TWO, ranks=["genus"])
    why = "not tested: group is confounded with run; 2 samples without age"
    untested = {"variable": "group", "metric": "hill_1", "model": "linear model", "note": why}
    write(made, "alpha_models", ALPHA, untested)
    assert say(made) == [
        "case against control | ",
        "Diversity: cannot be tested because group is confounded with run.",
        "Composition: cannot be tested because there are too few samples with enough reads.",
        "Genera: cannot be tested because there are too few samples with enough reads.",
    ]


def test_five_groups(tmp_path: Path) -> None:
    levels = ["none", "a", "b", "c", "d"]
    made = make_study(tmp_path, [level for level in levels for _ in range(3)], ranks=[])
    n = "none:3;a:3;b:3;c:3;d:3"
    joint = {**alpha_row("all levels", n=n, q_value=0.01, p_value=0.001)}
    joint |= dict.fromkeys(("estimate", "low", "high", "effect", "effect_low", "effect_high"), NAN)
    single = [
        alpha_row(f"{level} - none", n=n, q_value=q, p_value=q / 2)
        for level, q in (("a", 0.6), ("b", 0.02), ("c", 0.9), ("d", 0.3))
    ]
    write(made, "alpha_models", ALPHA, joint, *single)
    write(made, "beta_models", BETA, beta_row(n=n))
    assert say(made)[:2] == [
        "group: 5 levels, against none, adjusted for age | 15 samples in 5 groups (3 each)",
        "Diversity differs between the 5 levels of group. b - none: +1.8 effective ASVs "
        "(95 %: −9.6 to +13) · q 0.010 Of interest: from 0.5 SD.",
    ]
    answer = list_topics(load(made))[0].answers[0]
    assert [(effect.label, effect.is_found) for effect in answer.effects] == [
        ("b - none", True), ("d - none", False), ("a - none", False), ("c - none", False),
    ]  # fmt: skip


def test_a_number_has_half_the_limit_for_each_standard_deviation(tmp_path: Path) -> None:
    ages = [str(20 + i) for i in range(12)]
    made = make_study(tmp_path, ages, ranks=["genus"])
    slope = alpha_row("per unit of group", n="12", effect_name="slope per SD, in SD",
                      effect=0.0, effect_low=-0.24, effect_high=0.24, covariates="")  # fmt: skip
    write(made, "alpha_models", ALPHA, slope)
    write(made, "beta_models", BETA, beta_row(n="12", q_value=0.01))
    # SD of 20..31 is sqrt(13): a log2 fold of 1 between groups is 1 / (2 * 3.606) = 0.139 a year
    taxon = taxon_row("Dorea", 0.0, 0.13, 0.9, n="12", contrast="per unit of group")
    write(made, "differential_genus", TAXA, taxon)
    lines = say(made)
    assert lines[0] == "group, as a number | 12 samples"
    assert lines[1].startswith("Diversity: no difference found.")
    assert lines[2].startswith("Composition goes with group.")
    assert lines[3].startswith("Genera: no difference found in the only one.")
    wider = taxon_row("Dorea", 0.0, 0.15, 0.9, n="12", contrast="per unit of group")
    write(made, "differential_genus", TAXA, wider)
    assert say(made)[3].startswith("Genera: cannot tell for the only one.")
    write(made, "alpha_models", ALPHA, {**slope, "q_value": 0.001, "estimate": -0.3})
    assert say(made)[1].startswith("Diversity goes with group: lower where group is higher.")


def test_people_over_time(tmp_path: Path) -> None:
    made = make_study(tmp_path, [level for level in ("control", "case") for _ in range(6)],
                      subjects=True, ranks=[])  # fmt: skip
    n = {"n": "control:3;case:3"}
    within = {"variable": "time", "n": "before:6;after:6", "contrast": "after - before"}
    paired = alpha_row(**within, model="paired t-test", q_value=0.001)
    mixed = {"model": "mixed model"}
    write(
        made, "alpha_models", ALPHA, alpha_row(**n, **mixed), alpha_row(**within, **mixed), paired
    )
    beta = beta_row(variable="time", term="time", n="before:6;after:6")
    write(made, "beta_models", BETA, beta_row(**n), beta)
    change = {"variable": "group", "n": "control:3;case:3", "q_value": 0.9, "p_value": 0.9}
    rows = [
        {**change, "question": "change of alpha", "metric": "hill_1", "contrast": "x",
         "estimate": 0.32, "low": -5.4, "high": 6.1},
        {**change, "question": "change of composition", "metric": "braycurtis", "effect": 0.0167,
         "effect_low": 0.0, "effect_high": 0.216},
    ]  # fmt: skip
    write(made, "longitudinal_tests", CHANGE, *rows)
    lines = say(made)
    assert lines[0] == "case against control, adjusted for age | 3 and 3 people"
    assert lines[3].startswith("Change of diversity: cannot tell. Difference +0.32 effective ASVs")
    assert lines[4].startswith(
        "Change of composition: cannot tell. group explains 1.7 % of the variation of changes "
        "beyond chance"
    )
    assert lines[5] == (
        "after against before, adjusted for age | 6 people, each against themselves"
    )
    assert lines[6].startswith("Diversity: cannot tell.")  # by the mixed model, not the t-test


def test_nothing_is_asked_without_groups(tmp_path: Path) -> None:
    first = build_first_screen(load(MadeStudy(tmp_path, ["a", "b", "c"]).make()))
    assert first.topics == []
    assert "the config names no group" in first.no_question


def test_one_sample(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, ["only"], metadata={"group": ["case"]}, cohort={"group": "group"})
    inputs = load(made.make())
    assert describe_run(inputs).startswith("<b>The run worked.</b> 1 sample was read and has ASVs")
    assert [bars.n_samples for bars in show_composition(inputs).bars] == [1]
    states = [answer.state for topic in list_topics(inputs) for answer in topic.answers]
    assert states == [State.UNTESTED] * 3


def test_run_without_and_with_some_results(tmp_path: Path) -> None:
    none = MadeStudy(tmp_path / "none", ["a", "b"], n_asvs=0).make()
    assert "<b>The run gave no result:</b> none of 2 samples" in describe_run(load(none))
    assert "no composition to show" in show_composition(load(none)).sentence
    some = MadeStudy(tmp_path / "some", list("abcd"), failed={"b": "no such file"}).make()
    text = describe_run(load(some))
    assert text.startswith("<b>The run finished, but 1 of 4 samples gave no ASVs.</b>")
    checks = list_checks(load(some))
    assert checks[0].level == "error"
    assert "no such file" in checks[0].text


def test_grave_findings_on_the_design_are_checks(tmp_path: Path) -> None:
    made = make_study(tmp_path, TWO)
    design = [
        ("small group", "group", "6 samples", "note", "few"),
        ("confounding", "group", "each level is one run", "error", "no test can separate them"),
    ]
    columns = ["check", "variable", "finding", "severity", "consequence"]
    made.write("cohort/design", pd.DataFrame(design, columns=columns))
    checks = list_checks(load(made))
    texts = [str(check.text) for check in checks if "Design" in check.text]
    assert texts == ["Design, group: each level is one run; no test can separate them."]
    assert checks[0].level == "error"


def test_composition_adds_up_and_many_samples_become_means(tmp_path: Path) -> None:
    made = make_study(tmp_path, ["control", "case"] * (MAX_BARS // 2) + ["case"])
    shown = show_composition(load(made))
    assert [(bars.label, bars.n_samples, bars.n_bars) for bars in shown.bars] == [
        ("control", MAX_BARS // 2, 1), ("case", MAX_BARS // 2 + 1, 1),
    ]  # fmt: skip
    assert f"Means of {MAX_BARS + 1} samples" in shown.note
    for bars in shown.bars:
        heights = [float(h) for h in re.findall(r"h9\.4v([\d.]+)", bars.svg)]
        assert sum(heights) == pytest.approx(100, abs=0.5)


def test_bars_are_stacked_from_the_bottom() -> None:
    svg = draw_bars([[0.25, 0.75], [1.0, 0.0]], ["#111111", "#222222"], "case")
    assert 'd="M0 75.00h9.4v25.00h-9.4zM10 0.00h9.4v100.00h-9.4z" fill="#111111"' in svg
    assert 'd="M0 0.00h9.4v75.00h-9.4z" fill="#222222"' in svg


@pytest.mark.parametrize("is_wide", [True, False])
def test_figure_shows_interval_and_limit(is_wide: bool) -> None:
    effect = Effect("a - b", 0.25, -0.5, 1.0, 0.5, is_found=True)
    answer = Answer(State.DIFFERS, draw_bars([], [], ""), effects=(effect,), axis="SD")
    svg = draw_answer(answer, is_wide)
    width = WIDE_PX if is_wide else NARROW_PX
    assert f'viewBox="0 0 {width} ' in svg
    start, wide = map(float, re.search(r'<rect x="([\d.]+)" y="0" width="([\d.]+)"', svg).groups())  # type: ignore[union-attr]
    left, right = map(float, re.search(r'</title><line x1="([\d.]+)" x2="([\d.]+)"', svg).groups())  # type: ignore[union-attr]
    # the interval is 1.5 SD wide and starts where the band of 1 SD does
    assert start == pytest.approx(left, abs=0.11)
    assert right - left == pytest.approx(1.5 * wide, abs=0.2)
    middle = float(re.search(r'<path d="M([\d.]+)', svg)[1])  # type: ignore[index]
    assert middle == pytest.approx((left + right) / 2, abs=0.11)
    assert 'fill="#1B2630" stroke="#1B2630" stroke-width="1.4"' in svg
    assert "a - b: +0.25 SD, 95 % interval −0.5 SD to +1 SD" in svg
    assert ("<text" in svg) == is_wide


def test_what_is_far_out_is_cut_with_an_arrow_and_nothing_without_interval() -> None:
    far = Effect("a - b", 0.0, -90.0, 90.0, 0.5)
    svg = draw_answer(
        Answer(State.CANNOT_TELL, draw_bars([], [], ""), effects=(far,), axis="SD"), True
    )
    places = [float(x) for x in re.findall(r'x[12]?="(-?[\d.]+)"', svg)]
    assert all(0 <= x <= WIDE_PX for x in places)
    assert len(re.findall(r"l-?5 3\.5v-7z", svg)) == 2
    none = Effect("a - b", math.nan, math.nan, math.nan, 0.5)
    answer = Answer(State.CANNOT_TELL, draw_bars([], [], ""), effects=(none,), axis="SD")
    assert draw_answer(answer, True) == ""
