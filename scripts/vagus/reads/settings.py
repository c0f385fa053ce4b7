"""What a user may set for the reads stage; the words are those of the config."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vagus.errors import ConfigError
from vagus.reads.primers import AUTO, PRIMER_TABLE

REQUIREMENTS = ("both", "either", "none")


@dataclass(frozen=True)
class ReadSettings:
    """Settings of the reads stage with the defaults of the config.

    Attributes:
        platform: ``auto``, ``hifi`` or ``ont``.
        quality_scheme: ``auto``, ``full``, ``binned7``, ``binned`` or ``ont``.
        primers: ``auto``, ``none``, a name in the primer table, or ``FORWARD/REVERSE``.
        require: which primers a read must carry: ``both``, ``either`` or ``none``.
        max_primer_error_rate: substitutions and indels per primer base, 0 to 0.4.
        min_length_bp, max_length_bp: length window after trimming, both ends included.
        max_expected_errors: per read after trimming; None is the platform's default.
        min_accuracy: 1 - expected errors / length, 0 to 1; None is off.
        min_reads: a sample with fewer reads after the filters counts as empty.
        primer_table: TSV of known pairs.
    """

    platform: str = AUTO
    quality_scheme: str = AUTO
    primers: str = AUTO
    require: str = "both"
    max_primer_error_rate: float = 0.2
    min_length_bp: int = 1000
    max_length_bp: int = 1600
    max_expected_errors: float | None = None
    min_accuracy: float | None = None
    min_reads: int = 1
    primer_table: Path = PRIMER_TABLE

    def __post_init__(self) -> None:
        if not 0 <= self.max_primer_error_rate <= 0.4:
            raise ConfigError(
                f"max_primer_error_rate is {self.max_primer_error_rate}",
                fix="Give a share from 0 to 0.4",
            )
        if self.min_length_bp > self.max_length_bp:
            raise ConfigError(
                f"min_length_bp ({self.min_length_bp}) is above max_length_bp "
                f"({self.max_length_bp})",
                fix="Set a window that reads can fall into",
            )
