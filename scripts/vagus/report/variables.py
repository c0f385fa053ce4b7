"""Columns of the sample sheet as variables to colour and group by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vagus.report.inputs import ReportInputs
from vagus.study.columns import has_many_numbers
from vagus.study.levels import order_levels
from vagus.study.samples import derive_key

MAX_LEVELS = 24
MAX_VARIABLES = 8


@dataclass(frozen=True)
class Variable:
    """A variable and its value for each sample; samples without a value are not in ``values``.

    ``references`` are levels that others are compared with; ``order`` is that of times.
    """

    name: str
    values: dict[str, str]
    is_numeric: bool
    references: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """The name as it is in file names."""
        return derive_key(self.name)

    def name_column(self, taken: Iterable[str]) -> str:
        """The name in a table with these columns; '_' follows where it is one of them."""
        name = self.name
        used = set(taken)
        while name in used:
            name += "_"
        return name

    @property
    def levels(self) -> list[str]:
        """Different values in the order of the tests: times, or levels with the reference first."""
        found = set(self.values.values())
        if self.order:
            return [level for level in self.order if level in found]
        return list(order_levels(found, self.references))


def list_variables(inputs: ReportInputs) -> list[Variable]:
    """Variables worth showing: the design's columns first, then others of the sheet.

    Left out are columns with one value, and text with more than ``MAX_LEVELS`` values; at most
    ``MAX_VARIABLES`` are shown.
    """
    named = [
        *inputs.groups,
        inputs.time,
        *inputs.config["cohort"].get("covariates", []),
        inputs.subject,
    ]
    columns = [name for name in named if name]
    for sample in inputs.samples[:1]:
        columns += list(sample.metadata)
    variables = [make_variable(inputs, name) for name in dict.fromkeys(columns)]
    variables += _list_technical(inputs)
    return [variable for variable in variables if _is_useful(variable)][:MAX_VARIABLES]


def make_variable(inputs: ReportInputs, name: str) -> Variable:
    """The sheet's column ``name``. Controls carry no values of the design."""
    values = {
        sample.name: sample.value(name)
        for sample in inputs.samples
        if not sample.control and sample.value(name)
    }
    references = tuple(inputs.config["cohort"].get("reference", ()))
    is_numeric = has_many_numbers(values.values())
    order = inputs.times.order if inputs.times and name == inputs.time else ()
    return Variable(name, values, is_numeric, references, order)


def list_groupings(inputs: ReportInputs) -> list[Variable]:
    """Variables that put samples into groups small enough in number to compare by eye."""
    named = [*inputs.groups, inputs.time]
    variables = [make_variable(inputs, name) for name in dict.fromkeys(named) if name]
    return [v for v in variables if 2 <= len(v.levels) <= 12]


def _list_technical(inputs: ReportInputs) -> list[Variable]:
    runs = {sample.name: sample.run for sample in inputs.samples}
    roles = {
        sample.name: sample.control.split(":")[0] + " control" if sample.control else "sample"
        for sample in inputs.samples
    }
    return [Variable("run", runs, False), Variable("control", roles, False)]


def _is_useful(variable: Variable) -> bool:
    n_levels = len(variable.levels)
    return n_levels >= 2 and (variable.is_numeric or n_levels <= MAX_LEVELS)
