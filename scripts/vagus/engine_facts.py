"""What is known of an engine before it is loaded; ``vagus.engines`` has those of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EngineFacts:
    """What stages ask of an engine.

    Attributes:
        name: of its package, in config and tables.
        summary: how it distinguishes variants from errors, after its name.
        chimera_rule: how chimeras among its variants are judged (``vagus.chimeras``).
        needs_duplicates: it starts from reads that are exactly equal.
        prefix: what the names of its keys, files and rules begin with.
        settings: places of its settings classes by name, as its class takes them.
        learning, planning, denoising: names of those settings that the step takes.
        kernel_needs: key of the section ``denoise``, its value, and the kernels it adds.
        keeps_partitions: learning gives partitions that denoising uses again.
        plan: files of the plan of a pool, with the place of each unique sequence second.
        pool: files of a pool from which a sample is taken, the plan first; empty without pools.
    """

    name: str
    summary: str
    chimera_rule: str
    needs_duplicates: bool
    prefix: str
    settings: Mapping[str, str]
    learning: tuple[str, ...] = ()
    planning: tuple[str, ...] = ()
    denoising: tuple[str, ...] = ()
    kernel_needs: tuple[tuple[str, str, str], ...] = ()
    keeps_partitions: bool = False
    plan: tuple[str, ...] = ()
    pool: tuple[str, ...] = ()

    @property
    def model(self) -> str:
        """Name of its error models, of their description and figures, without a suffix."""
        return self.name_file("error_model")

    @property
    def pieces(self) -> str:
        """Folder with the sequences of each shard of a pool."""
        return self.name_file("pieces")

    def name_file(self, name: str) -> str:
        """Name of one of its files."""
        return self.prefix + name

    def name_rule(self, verb: str, noun: str) -> str:
        """Name of one of its rules: ``learn_errors``, ``learn_phase_errors``."""
        return f"{verb}_{self.prefix}{noun}"
