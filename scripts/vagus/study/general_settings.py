"""Settings of the whole study: the keys at the top of the config."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class GeneralSettings:
    """Keys outside the sections."""

    samples: str = key(
        "samples.tsv",
        "Sample sheet (TSV, CSV or xlsx), relative to the folder in which Vagus runs.",
    )
    results: str = key(
        "results",
        "Folder for everything that Vagus writes, relative to the folder in which it runs, or "
        "absolute. It is new, empty or has results of this study (config file and folder), and is "
        "neither the folder in which Vagus runs, nor one above it, nor one with inputs. `~` is not "
        "expanded.",
    )
    seed: int = key(
        1, "Seed of every random draw (bootstraps, rarefaction, permutations).",
        minimum=0, maximum=4294967295,
    )  # fmt: skip
    on_failed_sample: str = key(
        "skip",
        "What to do when the reads of a sample cannot be read to their end. `skip` gives the "
        "sample a row with the reason in ledger and report and goes on; `stop` ends the run with "
        "the message. A missing file or a file of another kind (FASTA) always stops before any "
        "work; a sample without reads never stops a run.",
        choices=("skip", "stop"),
    )
    truth: str | None = key(
        None,
        "Folder `truth/` of a simulation (`vagus demo`, `vagus simulate`), when the reads are "
        "simulated: the report then compares the results with it. Empty for real reads.",
    )
