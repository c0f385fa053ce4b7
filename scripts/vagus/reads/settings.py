"""What a user may set for the reads stage; the words are those of the config."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vagus.errors import ConfigError
from vagus.reads.platforms import list_names
from vagus.reads.primers import AUTO, PRIMER_TABLE
from vagus.study.keys import key

_PRIMER = {"type": "string", "minLength": 10, "maxLength": 100}
_PAIR: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["forward", "reverse"],
    "properties": {
        "forward": {"description": "Forward primer, 5' to 3', IUPAC codes.", **_PRIMER},
        "reverse": {"description": "Reverse primer, 5' to 3', IUPAC codes.", **_PRIMER},
    },
}
_NAME: dict[str, Any] = {"type": "string", "minLength": 1}
PRIMER_VALUES: dict[str, Any] = {
    "oneOf": [
        _NAME,
        _PAIR,
        {"type": "array", "minItems": 1, "items": {"oneOf": [_NAME, _PAIR]}},
    ]
}


@dataclass(frozen=True)
class ReadSettings:
    """How the reads of a sample are trimmed and filtered.

    ``quality_scheme`` is ``auto``, ``full``, ``binned7``, ``binned`` or ``ont``; ``primer_table`` a
    TSV of known pairs. A pair of the user's own is written ``FORWARD/REVERSE`` by then, and several
    pairs are joined by ``+``.
    """

    platform: str = key(
        "auto",
        "Sequencing platform. `auto` recognises it from the reads of each sample; a column "
        "`platform` in the sample sheet goes before this key.",
        choices=(AUTO, *list_names()),
    )
    primers: str = key(
        "auto",
        "`auto` finds which pairs of resources/primers.tsv the reads carry; the name of a pair "
        "in that table; `none` when the primers have been removed; a pair of your own as "
        "`{forward: SEQUENCE, reverse: SEQUENCE}`, both written 5' to 3' with IUPAC codes (I is "
        "inosine); or a list of pairs that were used in one library.",
        values=PRIMER_VALUES,
    )
    require: str = key(
        "auto",
        "Which primers a read must carry to be kept. `auto` asks for both, for one where only one "
        "of the two is on the reads, and for none where most reads were trimmed before. `none` "
        "keeps reads without primers and trims those that have them.",
        choices=("auto", "both", "either", "none"),
    )
    max_primer_error_rate: float = key(
        0.2,
        "Differences (substitutions and indels) tolerated in a primer, per primer base.",
        minimum=0,
        maximum=0.4,
    )
    min_length_bp: int = key(
        1000,
        "Shortest read kept, in bp after trimming. (Reads with ambiguous bases, N, are never "
        "kept.)",
        minimum=50,
    )
    max_length_bp: int = key(
        1600,
        "Longest read kept, in bp after trimming.",
        minimum=50,
    )
    max_expected_errors: float | None = key(
        None,
        "Most expected errors in a kept read, from the BAM tag `rq` where there is one, else "
        "from the qualities. Empty means the platform's default: 2 for HiFi, 3 % of the length "
        "for ONT.",
        above=0,
    )
    min_accuracy: float | None = key(
        None,
        "Least read accuracy (0 to 1, from `rq` or the qualities). Empty means no such filter.",
        minimum=0,
        maximum=1,
    )
    min_reads: int = key(
        1,
        "A sample with fewer reads after the filters is reported as empty and left out.",
        minimum=1,
    )
    quality_scheme: str = AUTO
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


@dataclass(frozen=True)
class ReadOutputSettings:
    """What the reads stage keeps."""

    keep_filtered: bool = key(
        False,
        "Also write the trimmed, filtered reads of each sample as FASTQ.",
    )
