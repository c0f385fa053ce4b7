"""Why Snakemake runs a job again, as data: from its own record of reasons and parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Described = dict[str, Any]
# the parameter that is the digest of a step's code (workflow/rules/plumbing.smk)
_CODE = "code"


def describe_job(job: Any, reason: Any) -> Described:
    """Rule, stage, wildcards and reasons of a job.

    ``reasons`` has, where they apply: ``missing``, ``changed`` (files), ``code``, ``settings``
    (pairs of words before and now), ``parameters`` (names), ``inputs`` (their set changed),
    ``forced``, and ``upstream``, when an input is made by another job of this run.
    """
    reasons: Described = {
        "forced": bool(reason.forced),
        "missing": sorted(map(str, {*reason.missing_output, *reason.incomplete_output})),
        "changed": sorted(map(str, set(reason.updated_input) - set(reason.updated_input_run))),
        "inputs": bool(reason.input_changed),
        "code": bool(reason.code_changed),
        "software": bool(reason.software_stack_changed),
        "upstream": bool(reason.updated_input_run),
        **_describe_parameters(job, reason.params_changed or _find_change(job, reason)),
    }
    if reason.code_changed:  # of the rule; a step's own code is a parameter
        reasons["code"] = True
    wildcards = ", ".join(f"{name}={value}" for name, value in job.wildcards_dict.items())
    return {
        "rule": job.rule.name, "stage": find_stage(str(job.rule.snakefile)),
        "wildcards": wildcards, "reasons": {name: why for name, why in reasons.items() if why},
    }  # fmt: skip


def _find_change(job: Any, reason: Any) -> Any:
    """Changed parameters of a job that runs for its inputs: Snakemake does not look for them."""
    persistence = job.dag.workflow.persistence
    if not (reason.updated_input or reason.updated_input_run) or reason.missing_output:
        return None
    if not persistence.has_metadata(job) or persistence.has_outdated_metadata(job):
        return None
    return persistence.params_changed(job)


def find_stage(snakefile: str) -> str:
    """The stage of a rule file (``rules/STAGE.smk``, ``rules/STAGE/PART.smk``), else empty."""
    path = Path(snakefile)
    for place in (path.with_suffix(""), path.parent):
        if path.suffix == ".smk" and place.parent.name == "rules":
            return place.name
    return ""


def _describe_parameters(job: Any, change: Any) -> Described:
    """What changed among the parameters of a job, of which Snakemake keeps the ``repr``."""
    if not change:
        return {}
    names = {repr(value): name for name, value in job.params.items()}
    now = {names.get(text, ""): text for text in sorted(change.only_new)}
    is_code = _CODE in now
    before = [_read(text) for text in sorted(change.only_old)]
    if is_code:
        length = len(str(_read(now[_CODE])))
        before = [value for value in before if not _is_digest(value, length)]
    new = [_read(text) for name, text in now.items() if name != _CODE]
    old_words, new_words = _list_options(before), _list_options(new)
    pairs = [
        [name, old_words.get(name), new_words.get(name)]
        for name in sorted(old_words.keys() | new_words.keys())
        if old_words.get(name) != new_words.get(name)
    ]
    others = [
        name for name, text in now.items() if name != _CODE and not _list_options([_read(text)])
    ]
    return {"code": is_code, "settings": pairs, "parameters": [] if pairs else others}


def _read(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _is_digest(value: Any, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and set(value) <= set("0123456789abcdef")


def _list_options(values: Iterable[Any]) -> dict[str, str]:
    """Options among parameter values, with what they are set to; several of a name are joined."""
    options: dict[str, list[str]] = {}
    for value in values:
        for word in value if isinstance(value, list | tuple) else [value]:
            if isinstance(word, str) and word.startswith("--"):
                name, _, text = word.partition("=")
                options.setdefault(name, []).append(text)
    return {name: ", ".join(texts) for name, texts in options.items()}
