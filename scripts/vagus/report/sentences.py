"""The sentences of the pages: prose in ``templates/sentences``, filled with a study's values.

Each file there is one section of a page, each entry one sentence or paragraph with its choices
(one or many, with or without). An entry is a Jinja template with three filters of its own:
``{{ n | noun("sample") }}`` gives '1 sample' or '1,200 samples', ``{{ n | pick("is", "are") }}``
the verb that goes with a number, ``{{ share | setting }}`` a share as it was set: '98.7 %'.
"""

from __future__ import annotations

from functools import cache

import jinja2
import yaml
from markupsafe import Markup

from vagus.report.numbers import count_noun, format_count, format_percent, format_setting
from vagus.report.templates import TEMPLATES

SENTENCES = TEMPLATES / "sentences"


def write(sentence: str, /, **values: object) -> str:
    """The sentence ``section.entry`` as plain text, which a page escapes."""
    return _load(False)[sentence].render(values)


def write_markup(sentence: str, /, **values: object) -> Markup:
    """The sentence ``section.entry`` as markup: its values are escaped, unless they are markup."""
    return Markup(_load(True)[sentence].render(values))


@cache
def read_sentences() -> dict[str, str]:
    """Source of every sentence by its name, ``section.entry``."""
    return {
        f"{path.stem}.{entry}": text
        for path in sorted(SENTENCES.glob("*.yaml"))
        for entry, text in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


@cache
def _load(autoescape: bool) -> dict[str, jinja2.Template]:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=autoescape)
    environment.filters |= {
        "noun": count_noun,
        "pick": lambda n, one, many: one if n == 1 else many,
        "setting": format_setting,
        "percent": format_percent,
        "thousands": format_count,
        "g": lambda value, digits=6: f"{value:.{digits}g}",
    }
    return {name: environment.from_string(text) for name, text in read_sentences().items()}
