"""Pages: one HTML file each, with style and scripts inside and nothing fetched."""

from __future__ import annotations

from functools import cache

import jinja2
from markupsafe import Markup

from vagus import __version__
from vagus.report.templates import TEMPLATES


@cache
def _load_environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )


@cache
def _read_template(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def render_page(template: str, **content: object) -> str:
    """Fill a template. Text is escaped unless it is Markup."""
    page = _load_environment().get_template(template)
    return page.render(
        version=__version__,
        style=_read_template("style.css"),
        script=_read_template("page.js"),
        **content,
    )
