"""Config values as the options of step programs, where a rule cannot name them one by one."""

from __future__ import annotations

from typing import Any

from vagus.config.samples import Sample
from vagus.config.study import Study


def choose_read_values(study: Study, sample: Sample) -> dict[str, Any]:
    """Values of ``ReadSettings`` for a sample; the sheet's platform goes before the config's."""
    from vagus.reads.primers import write_choice

    reads = dict(study.config["reads"])
    del reads["keep_filtered"]
    reads["primers"] = write_choice(reads["primers"])
    if sample.platform != "auto":
        reads["platform"] = sample.platform
    return reads


def list_read_options(study: Study, key: str) -> list[str]:
    """Options of ``prepare_reads.py`` for a sample."""
    values = choose_read_values(study, study.sample(key))
    values["on_failed_sample"] = study.config["on_failed_sample"]
    return [
        word
        for name, value in values.items()
        if value is not None
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]


def list_design_options(study: Study) -> list[str]:
    """Options of the cohort programs: the columns of the design and reference levels."""
    cohort = study.config["cohort"]
    single = [f"--{key}={cohort[key]}" for key in ("subject", "time") if cohort[key]]
    groups = [f"--group={name}" for name in study.groups]
    more = [f"--covariates={name}" for name in cohort["covariates"]]
    return groups + single + more + [f"--reference={level}" for level in cohort["reference"]]


def list_control_options(study: Study, *keys: str) -> list[str]:
    """Options of the controls stage of these keys, from ``controls`` and the design."""
    controls = study.config["controls"]
    values = {"group": study.groups, "subject": study.subject, **controls}
    words = []
    for key in keys:
        given = values[key] if isinstance(values[key], list) else [values[key]]
        words += [f"--{key.replace('_', '-')}={value}" for value in given if value]
    return words


def has_courses(study: Study) -> bool:
    """Whether some subject has samples at two times, by the sheet's columns of the design."""
    from vagus.cohort.comparison import has_times_within_subjects

    cohort = study.config["cohort"]
    if not (study.groups and study.subject and cohort["time"]):
        return False
    own = [sample for sample in study.samples if not sample.control]
    return has_times_within_subjects(own, cohort["time"], study.subject)
