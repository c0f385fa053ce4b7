"""Small figures of the answers: intervals beside what is too small to matter, drawn as SVG.

Each is drawn twice, since a wide figure that shrinks on a phone has labels that nobody can read:
with labels, and as marks alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vagus.report.answers import Answer, Effect
from vagus.report.figure import shorten
from vagus.report.numbers import format_fold, format_share_plainly, is_missing

WIDE_PX, NARROW_PX = 236, 84
_ROW_PX, _AXIS_PX, _LABEL_PX = 15, 13, 112
_MAX_ROWS = 3
_INK, _BAND, _LINE = "#1B2630", "#E2E6EA", "#8A949D"
_WIDEST = 8.0  # of the limit of interest: what is further out is cut, and marked by an arrow


@dataclass(frozen=True)
class Scale:
    """Places of values: ``low`` to ``high`` on the pixels ``left`` to ``right``."""

    low: float
    high: float
    left: float
    right: float

    def place(self, value: float) -> float:
        """Pixel of a value, at the end of the scale where it is beyond."""
        inside = min(max(value, self.low), self.high)
        return self.left + (self.right - self.left) * (inside - self.low) / (self.high - self.low)


def draw_answer(answer: Answer, is_wide: bool) -> Markup:
    """The figure of an answer; empty where there is no interval to draw."""
    effects = [effect for effect in answer.effects if _is_drawable(effect)]
    effects = effects[: _MAX_ROWS if is_wide else 1]
    if not effects:
        return Markup()
    has_labels = is_wide and (len(effects) > 1 or answer.axis == "fold")
    left = _LABEL_PX if has_labels else 6
    right = (WIDE_PX if is_wide else NARROW_PX) - 6
    scale = _make_scale(effects, left, right)
    height = _ROW_PX * len(effects) + 6
    parts = [_draw_band(effects[0], scale, height)]
    for row, effect in enumerate(effects):
        middle = 3 + _ROW_PX * (row + 0.5)
        parts += [_draw_effect(effect, scale, middle, _FORMATS[answer.axis])]
        parts += [_draw_label(effect, middle, answer.axis)] if has_labels else []
    if is_wide:
        parts.append(_draw_axis(effects[0], scale, height + _AXIS_PX - 3, answer.axis))
        height += _AXIS_PX
    return Markup(
        '<svg class="interval" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(
        right + 6, height, right + 6, height, _describe(effects, answer.axis), Markup().join(parts)
    )  # fmt: skip


def _is_drawable(effect: Effect) -> bool:
    return not any(is_missing(number) for number in (effect.value, effect.low, effect.high))


def _make_scale(effects: Sequence[Effect], left: float, right: float) -> Scale:
    """Everything that is drawn, up to ``_WIDEST`` limits; 0 is in the middle, or at the left."""
    limit = effects[0].limit
    reach = max(max(abs(e.low), abs(e.high), abs(e.value)) for e in effects)
    if not is_missing(limit) and limit > 0:
        reach = min(max(reach, 1.2 * limit), _WIDEST * limit)
    reach = reach * 1.05 or 1.0
    return Scale(-reach if effects[0].has_sign else -0.04 * reach, reach, left, right)


def _draw_band(effect: Effect, scale: Scale, height: float) -> Markup:
    zero = scale.place(0)
    band = Markup()
    if not is_missing(effect.limit):
        start = scale.place(-effect.limit) if effect.has_sign else zero
        end = scale.place(effect.limit)
        band = Markup('<rect x="{:.1f}" y="0" width="{:.1f}" height="{}" fill="{}"/>').format(
            start, end - start, height, _BAND
        )
    return band + Markup(
        '<line x1="{0:.1f}" x2="{0:.1f}" y1="0" y2="{1}" stroke="{2}" stroke-width="1"/>'
    ).format(zero, height, _LINE)


def _draw_effect(effect: Effect, scale: Scale, y: float, write: Callable[[float], str]) -> Markup:
    x, start, end = (scale.place(value) for value in (effect.value, effect.low, effect.high))
    tip = f"{effect.label}: {write(effect.value)} ({write(effect.low)} to {write(effect.high)})"
    arrows = Markup()
    if effect.low < scale.low:
        arrows += _draw_arrow(start, y, 1)
    if effect.high > scale.high:
        arrows += _draw_arrow(end, y, -1)
    return Markup(
        '<g><title>{}</title><line x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}" stroke="{}" '
        'stroke-width="1.6"/>{}<path d="M{:.1f} {:.1f}l4.5 4.5-4.5 4.5-4.5-4.5z" fill="{}" '
        'stroke="{}" stroke-width="1.4"/></g>'
    ).format(
        tip, start, end, y, y, _INK, arrows, x, y - 4.5, _INK if effect.is_found else "#fff", _INK
    )  # fmt: skip


def _draw_arrow(x: float, y: float, side: int) -> Markup:
    return Markup('<path d="M{:.1f} {:.1f}l{} 3.5v-7z" fill="{}"/>').format(x, y, 5 * side, _INK)


def _draw_label(effect: Effect, y: float, axis: str) -> Markup:
    style = Markup(' font-style="italic"') if axis == "fold" else Markup()
    return Markup(
        '<text x="{}" y="{:.1f}" font-size="11" text-anchor="end"{}>{}</text>'
    ).format(_LABEL_PX - 8, y + 3.8, style, shorten(effect.label, 15))  # fmt: skip


def _draw_axis(effect: Effect, scale: Scale, y: float, axis: str) -> Markup:
    """The limits of interest and 0, as far as their labels do not touch."""
    values = [] if is_missing(effect.limit) else [effect.limit]
    values = [*(-value for value in values if effect.has_sign), 0.0, *values]
    write = _FORMATS[axis]
    texts, last = Markup(), -math.inf
    for value in values:
        x, words = scale.place(value), write(value)
        half = 3.2 * len(words)
        if x - half < last + 4 or (value and abs(x - scale.place(0)) < half + 8):
            continue
        texts += Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
            x, y, words
        )
        last = x + half
    return Markup('<g font-size="11" fill="#56626D">{}</g>').format(texts)


def _describe(effects: Sequence[Effect], axis: str) -> str:
    write = _FORMATS[axis]
    return "; ".join(
        f"{e.label}: {write(e.value)}, 95 % interval {write(e.low)} to {write(e.high)}"
        for e in effects
    )


def _write_sd(value: float) -> str:
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{abs(value):.2g} SD" if value else "0"


_FORMATS: dict[str, Callable[[float], str]] = {
    "SD": _write_sd,
    "share": format_share_plainly,
    "fold": format_fold,
}
