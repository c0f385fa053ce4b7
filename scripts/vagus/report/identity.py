"""What the identity check lists as worth checking, in words."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from vagus.report.blocks import Notice
from vagus.report.inputs import ReportInputs
from vagus.report.sentences import write_markup

_SENTENCES = {
    "swap": "identity.swap",
    "other subject": "identity.other_subject",
    "duplicate": "identity.duplicate",
    "mixture": "identity.mixture",
}


def warn_identity(inputs: ReportInputs, link: Callable[[str], Markup]) -> list[Notice]:
    """A notice for each finding; none where identity was not checked."""
    is_checked = inputs.subject and inputs.config.get("identity", {}).get("enabled")
    findings = inputs.table("identity/findings") if is_checked else None
    notices = []
    for row in [] if findings is None else findings.to_dict("records"):
        kind = str(row["finding"])
        counts = {"n_common": row["n_common"]} if kind == "duplicate" else {
            "n_own": row["n_only_own"], "n_other": row["n_only_other"],
        }  # fmt: skip
        names = {"sample": link(row["sample"])} if kind != "duplicate" else {}
        names |= {"other_sample": link(row["other_sample"])} if kind == "swap" else {}
        text = write_markup(
            _SENTENCES[kind],
            subject=row["subject"], other_subject=row["other_subject"],
            **names, **{name: int(value) for name, value in counts.items()},
        )  # fmt: skip
        notices.append(Notice("warning", text))
    return notices
