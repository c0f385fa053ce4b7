"""Config values as the options of step programs, where a rule cannot name them one by one."""

from __future__ import annotations

from typing import Any

from vagus.study.columns import has_times_within_subjects
from vagus.study.keys import write_value
from vagus.study.samples import Sample
from vagus.study.sections import list_options
from vagus.study.study import Study


def choose_read_values(study: Study, sample: Sample) -> dict[str, Any]:
    """Values of ``ReadSettings`` for a sample; the sheet's platform goes before the config's."""
    reads = dict(study.config["reads"])
    del reads["keep_filtered"]
    reads["primers"] = write_value(reads["primers"])
    if sample.platform != "auto":
        reads["platform"] = sample.platform
    return reads


def list_read_options(study: Study, key: str) -> list[str]:
    """Options of ``prepare_reads.py`` for a sample: its own platform goes first, its barcodes."""
    reads, sample = study.config["reads"], study.sample(key)
    platform = reads["platform"] if sample.platform == "auto" else sample.platform
    own = {**study.config, "reads": {**reads, "platform": platform}}
    options = list_options(own, "reads", "general.on_failed_sample")
    return options + [f"--barcode={barcode}" for barcode in sample.barcodes]


def has_trajectories(study: Study) -> bool:
    """Whether some subject has samples at two times, by the sheet's columns of the design."""
    time = study.design.time
    if not (study.groups and study.subject and time):
        return False
    return has_times_within_subjects(study.own_samples, time, study.subject)


def has_repeated_subjects(study: Study) -> bool:
    """Whether some subject of the sheet has several samples, controls left out."""
    if not study.subject:
        return False
    people = [sample.value(study.subject) for sample in study.own_samples]
    named = [person for person in people if person]
    return len(set(named)) < len(named)
