"""A form is its writer, its program and its row; everything else follows from the row."""

from __future__ import annotations

from pathlib import Path

import pytest

from vagus.costs.laws import find_law, read_laws
from vagus.export_forms import CATEGORICAL, CONTROLS, FORMS
from vagus.tables.registry import find_entry


def test_each_form_has_a_program_and_no_program_is_without_a_form(root: Path) -> None:
    programs = {path.stem for path in (root / "scripts").glob("export_*.py")}
    assert programs == {f"export_{form.name}" for form in FORMS}


def test_outputs_are_apart_and_described() -> None:
    assert len({form.output for form in FORMS}) == len(FORMS)
    for form in FORMS:
        assert form.parameter in (CATEGORICAL, CONTROLS)
        assert form.is_folder or form.title or find_entry(form.pattern) is not None


def test_a_new_export_asks_for_what_the_largest_known_one_takes() -> None:
    exports = [law for law in read_laws().values() if law.step.startswith("export_")]
    law = find_law("export_of_tomorrow")
    assert law.fixed_mb == max(known.fixed_mb for known in exports)
    with pytest.raises(KeyError):
        find_law("measure_of_tomorrow")
