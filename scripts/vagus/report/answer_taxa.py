"""The answer about taxa: how many of a rank differ, which, and by how much."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from markupsafe import Markup

from vagus.report.answer_words import (
    Row,
    describe_people,
    explain_untested,
    is_number,
    take_number,
)
from vagus.report.answers import Answer, Effect, State, judge
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_fold, format_q, is_missing
from vagus.report.sentences import write_markup
from vagus.report.variables import make_variable
from vagus.study.test_names import MAX_Q

PLURALS = {"genus": "genera", "species": "species", "family": "families", "phylum": "phyla",
           "class": "classes", "order": "orders", "asv": "ASVs"}  # fmt: skip
_IN_ITALICS = ("genus", "species")
_MAX_NAMES = 3
_MAX_DRAWN = 3
_NAN = float("nan")


def describe_taxa(inputs: ReportInputs, rank: str, variable: str, rows: Sequence[Row]) -> Answer:
    """All taxa of a rank by one method; ``rows``: one for each taxon and contrast."""
    many = PLURALS[rank]
    tested = [row for row in rows if not is_missing(row["q_value"])]
    if not tested:
        return explain_untested(many[:1].upper() + many[1:], rows)
    limit = _limit_folds(inputs, variable)
    ordered = sorted(
        tested, key=lambda row: (take_number(row["q_value"]), take_number(row["p_value"]))
    )
    effects = [_make_fold(row, limit) for row in ordered]
    q_value = take_number(ordered[0]["q_value"])
    state = judge(q_value, effects)
    if state is State.DIFFERS and not any(effect.is_found for effect in effects):
        state = State.CANNOT_TELL  # the design is weak, and the reference may be off
    headline = _write_headline(rank, state, effects)
    first = ordered[0]
    is_settled = {effect.label: True for effect in effects}
    is_settled |= {effect.label: False for effect in effects if not effect.is_small}
    numbers = write_markup(
        "answers.taxa_numbers", taxon=name_taxon(rank, str(first["taxon"])), q=format_q(q_value),
        is_found=state is State.DIFFERS,
        n_settled=sum(is_settled.values()) if state is State.CANNOT_TELL else 0,
        **{key: format_fold(take_number(first[name])) for key, name in
           (("fold", "log2_fold"), ("low", "low"), ("high", "high"))},
    )  # fmt: skip
    people = describe_people(inputs, variable, str(first["n"]))
    power = _write_power_of_taxa(tested, limit, many)
    return Answer(state, headline, people, numbers, power, tuple(effects[:_MAX_DRAWN]), "fold")


def _write_headline(rank: str, state: State, effects: Sequence[Effect]) -> Markup:
    """How many of the taxa; a taxon counts once, whatever the number of contrasts."""
    one, many = "ASV" if rank == "asv" else rank, PLURALS[rank]
    total = len({effect.label for effect in effects})
    if state is State.NONE_FOUND:
        return write_markup("answers.taxa_none_found", total=total, many=many)
    if state is State.CANNOT_TELL:
        n_open = len({effect.label for effect in effects if not effect.is_small})
        return write_markup("answers.taxa_cannot_tell", n=n_open, total=total, many=many)
    found = list(dict.fromkeys(effect.label for effect in effects if effect.is_found))
    names = [name_taxon(rank, name) for name in found]
    return write_markup(
        "answers.taxa_differ", n=len(found), total=total, one=one, many=many,
        names=_join(names[:_MAX_NAMES], is_last=len(names) <= _MAX_NAMES),
        more=max(0, len(names) - _MAX_NAMES),
    )  # fmt: skip


def _is_found(row: Row) -> bool:
    """By the column ``result``, which asks for more in weak designs; else by q."""
    result = row.get("result")
    if is_missing(result):
        return take_number(row["q_value"]) < MAX_Q
    return result in ("higher", "lower")


def _make_fold(row: Row, limit: float) -> Effect:
    value, low, high = (take_number(row[name]) for name in ("log2_fold", "low", "high"))
    return Effect(
        str(row["taxon"]), value, low, high, limit, _is_found(row)
    )  # fmt: skip


def _limit_folds(inputs: ReportInputs, variable: str) -> float:
    """Smallest log2 fold of interest between groups, or for a unit of a number.

    Two groups of one size are two standard deviations of their variable apart, so that a number
    has the limit for two of its standard deviations.
    """
    limit = float(inputs.config["cohort"]["smallest_effect_taxa"])
    if not is_number(inputs, variable):
        return limit
    try:
        numbers = [float(value) for value in make_variable(inputs, variable).values.values()]
    except ValueError:
        return _NAN
    spread = statistics.stdev(numbers) if len(numbers) > 1 else 0.0
    return limit / (2 * spread) if spread > 0 else _NAN


def _write_power_of_taxa(tested: Sequence[Row], limit: float, many: str) -> Markup:
    known = [take_number(row.get("detectable")) for row in tested]
    known = [least for least in known if not is_missing(least)]
    of_interest = _NAN if is_missing(limit) else limit
    words = f"{format_fold(of_interest)} or {format_fold(-of_interest)}"
    if not known:
        return write_markup("answers.of_interest", of_interest=words)
    least = format_fold(statistics.median(known))
    return write_markup(
        "answers.taxa_could_have_found", least=least, many=many, of_interest=words
    )  # fmt: skip


def name_taxon(rank: str, taxon: str) -> Markup:
    """The name, in italics where names are; an ASV by the start of its id."""
    if rank == "asv":
        return Markup("{}").format(taxon[:8])
    return Markup("<em>{}</em>" if rank in _IN_ITALICS else "{}").format(taxon)


def _join(names: Sequence[Markup], is_last: bool) -> Markup:
    if len(names) == 1 or not is_last:
        return Markup(", ").join(names)
    return Markup(", ").join(names[:-1]) + Markup(" and ") + names[-1]
