"""The words of the answers: headline, people, effect, interval, q, what could have been found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from vagus.report.answers import Answer, Effect, State, judge
from vagus.report.diversity import name_metric
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import (
    format_q,
    format_share_plainly,
    format_signed,
    format_value,
    is_missing,
)
from vagus.report.sentences import write, write_markup
from vagus.report.variables import make_variable
from vagus.study.test_names import MAX_Q

UNTESTED = "not tested: "
_UNITS = {"hill_1": "effective ASVs", "shannon": "of Shannon"}
_NAN = float("nan")
Row = Mapping[str, object]


def describe_heading(inputs: ReportInputs, variable: str, covariates: str) -> str:
    """'depression against control, adjusted for age'."""
    return write(
        "answers.heading", variable=variable, levels=make_variable(inputs, variable).levels,
        is_numeric=is_number(inputs, variable),
        covariates=" and ".join(covariates.split(";")) if covariates else "",
    )  # fmt: skip


def is_number(inputs: ReportInputs, variable: str) -> bool:
    """Whether the models take the variable as a number: times may be numbers or levels."""
    table = inputs.table("cohort/alpha_models")
    rows = [] if table is None else table[table["variable"] == variable]["contrast"].dropna()
    if len(rows):
        return any(str(contrast).startswith(f"per unit of {variable}") for contrast in rows)
    return make_variable(inputs, variable).is_numeric


def explain_untested(subject: str, rows: Sequence[Row]) -> Answer:
    """The answer without a test, with the reason that the notes of the table give."""
    notes = [part for row in rows for part in _split(row.get("note"))]
    reasons = [n.removeprefix(UNTESTED) for n in notes if n.startswith(UNTESTED)] or notes
    reason = reasons[0].rstrip(".") if reasons else write("answers.no_table")
    return Answer(
        State.UNTESTED, write_markup("answers.untested", subject=subject, reason=reason)
    )  # fmt: skip


def _split(note: object) -> list[str]:
    return [] if is_missing(note) else str(note).split("; ")


def describe_difference(
    inputs: ReportInputs, subject: str, variable: str, metric: str, rows: Sequence[Row]
) -> Answer:
    """A measure in its own units; ``rows``: all levels together where several, then contrasts."""
    if not any(not is_missing(row["q_value"]) for row in rows):
        return explain_untested(subject, rows)
    limit = float(inputs.config["cohort"]["smallest_effect_diversity"])
    contrasts = [row for row in rows if not is_missing(row["estimate"])]
    contrasts.sort(key=lambda row: take_number(row["p_value"]))
    effects = tuple(_make_effect(row, limit) for row in contrasts)
    q_value = take_number(rows[0]["q_value"])
    state = judge(q_value, effects)
    people = describe_people(inputs, variable, str(rows[0]["n"]))
    q = format_q(q_value)
    clear = contrasts[0] if contrasts else None
    if clear is None:
        numbers = write_markup("answers.no_difference", q=q)
    else:
        unit = _UNITS.get(metric, f"of {name_metric(metric)}")
        numbers = write_markup(
            "answers.difference", unit=unit, q=q,
            what="Difference" if len(contrasts) == 1 else f"{clear['contrast']}:",
            **{key: format_signed(take_number(clear[name])) for key, name in
               (("value", "estimate"), ("low", "low"), ("high", "high"))},
        )  # fmt: skip
    headline = _write_headline(inputs, subject, variable, state, contrasts)
    return Answer(state, headline, people, numbers, _write_power(clear, limit), effects, "SD")


def _make_effect(row: Row, limit: float) -> Effect:
    """The standardised effect; a slope has half the limit: two equal groups have an SD of 1/2."""
    is_slope = str(row.get("effect_name")).startswith("slope")
    return Effect(
        str(row["contrast"]), take_number(row["effect"]), take_number(row["effect_low"]),
        take_number(row["effect_high"]), limit / 2 if is_slope else limit,
        take_number(row["q_value"]) < MAX_Q,
    )  # fmt: skip


def _write_headline(
    inputs: ReportInputs, subject: str, variable: str, state: State, contrasts: Sequence[Row]
) -> Markup:
    if state is State.NONE_FOUND:
        return write_markup("answers.none_found", subject=subject)
    if state is State.CANNOT_TELL:
        return write_markup("answers.cannot_tell", subject=subject)
    about = make_variable(inputs, variable)
    if is_number(inputs, variable):
        sign = take_number(contrasts[0]["estimate"]) if contrasts else 0.0
        side = "higher" if sign > 0 else "lower" if sign < 0 else ""
        return write_markup("answers.differs_number", subject=subject, variable=variable, side=side)
    if len(about.levels) > 2:
        n = len(about.levels)
        return write_markup("answers.differs_levels", subject=subject, variable=variable, n=n)
    higher = ""
    if len(contrasts) == 1 and len(about.levels) == 2:
        higher = about.levels[1 if take_number(contrasts[0]["estimate"]) > 0 else 0]
    return write_markup("answers.differs", subject=subject, higher=higher)


def _write_power(row: Row | None, limit: float) -> Markup:
    """What could have been found in the units of the measure and in standard deviations."""
    least = _NAN if row is None else take_number(row.get("detectable"))
    of_interest = f"{limit:g} SD"
    if row is None or is_missing(least):
        return write_markup("answers.of_interest", of_interest=of_interest)
    estimate, effect = take_number(row["estimate"]), take_number(row["effect"])
    words = format_value(least, 2)
    if estimate and not is_missing(effect):
        words += f" ({format_value(least * effect / estimate, 2)} SD)"
    return write_markup(
        "answers.could_have_found", least=words, of_interest=of_interest
    )  # fmt: skip


def describe_explained(inputs: ReportInputs, subject: str, variable: str, row: Row) -> Answer:
    """A share of the variation in distances, from a row of beta_models or longitudinal_tests."""
    if is_missing(row["q_value"]):
        return explain_untested(subject, [row])
    of_changes = "omega2" not in row
    name = "effect" if of_changes else "omega2"
    value, low, high = (take_number(row[name + end]) for end in ("", "_low", "_high"))
    limit = float(inputs.config["cohort"]["smallest_effect_composition"])
    q_value = take_number(row["q_value"])
    effect = Effect(variable, value, low, high, limit, q_value < MAX_Q, has_sign=False)
    state = judge(q_value, [effect])
    numbers = write_markup(
        "answers.explained", variable=variable, is_more=value > 0, of_changes=of_changes,
        value=format_share_plainly(value), low=format_share_plainly(low),
        high=format_share_plainly(high), q=format_q(q_value),
    )  # fmt: skip
    least, of_interest = take_number(row.get("detectable")), format_share_plainly(limit)
    power = write_markup(
        "answers.of_interest" if is_missing(least) else "answers.could_have_found",
        least=format_share_plainly(least), of_interest=of_interest,
    )  # fmt: skip
    headline = _write_headline(inputs, subject, variable, state, [])
    people = describe_people(inputs, variable, str(row["n"]))
    return Answer(state, headline, people, numbers, power, (effect,), "share")


def describe_people(inputs: ReportInputs, variable: str, n: str) -> str:
    """'6 and 6 people', from the column n of a table: 'control:6;depression:6', or a number."""
    counts = [int(part.rpartition(":")[2]) for part in n.split(";")]
    unit = ("person", "people") if inputs.subject else ("sample", "samples")
    is_within = bool(inputs.subject) and len(counts) > 1 and _is_within(inputs, variable)
    return write("answers.people", counts=counts, unit=unit, is_within=is_within)


def _is_within(inputs: ReportInputs, variable: str) -> bool:
    """Whether the variable changes within people, who are then compared with themselves."""
    seen: dict[str, set[str]] = {}
    for sample in inputs.samples:
        person = sample.value(inputs.subject) if inputs.subject else ""
        if person and sample.value(variable) and not sample.control:
            seen.setdefault(person, set()).add(sample.value(variable))
    return any(len(levels) > 1 for levels in seen.values())


def take_number(value: object) -> float:
    """A cell as a number; NaN where it is empty."""
    return _NAN if is_missing(value) else float(value)  # type: ignore[arg-type]
