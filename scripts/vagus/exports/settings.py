"""Settings of the exports."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.export_forms import FORMS
from vagus.study.keys import key

EXPORTS = tuple(form.name for form in FORMS)
DEFAULT = tuple(form.name for form in FORMS if form.is_default)
_NAMED = ", ".join(f"`{form.name}` ({form.words})" for form in FORMS)


@dataclass(frozen=True)
class ExportSettings:
    """What is written for other programs; the section is the list itself."""

    exports: tuple[str, ...] = key(
        DEFAULT,
        "Forms in which the study is written for other programs, in the folder `exports`: "
        f"{_NAMED}. Empty means none.",
        choices=EXPORTS,
    )
