"""What the pages ask of an engine: the module ``report`` of its package."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from vagus.report.blocks import Plot
    from vagus.report.figure import FigureFolder
    from vagus.report.methods import MethodsText


class EngineReport(Protocol):
    """Texts are parts of the methods; ``denoise`` is that section of the config.

    Attributes:
        MODEL_NOTE: what to know when reading its error models; empty for nothing.
        POOLED: how the samples of a pool were denoised together.
    """

    MODEL_NOTE: str
    POOLED: str

    def describe_engine(self, text: MethodsText, denoise: dict[str, Any]) -> str:
        """How variants were inferred."""

    def describe_prior(self, denoise: dict[str, Any]) -> str:
        """What a variant needed in the second pass of pseudo-pooling."""

    def describe_chimeras(self, denoise: dict[str, Any]) -> str:
        """By which rule variants were removed as chimeras."""

    def describe_fold(self, denoise: dict[str, Any]) -> str:
        """By how much the parents of a chimera outnumber it."""

    def describe_model(self, run: str, about: dict[str, Any]) -> Markup:
        """How the error model of a run came about, from its description."""

    def draw_model(self, table: pd.DataFrame, run: str, figures: FigureFolder) -> Plot:
        """A figure of the error model of a run."""


def open_report(engine: str) -> EngineReport:
    """What an engine says of itself on the pages."""
    return cast("EngineReport", import_module(f"vagus.{engine}.report"))
