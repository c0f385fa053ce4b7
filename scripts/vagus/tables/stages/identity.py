"""Tables of the identity stage."""

from __future__ import annotations

from vagus.tables.columns import count, number, share, text
from vagus.tables.stages.common import SAMPLE
from vagus.tables.table import File, Table

_NOT_COMPARED = "cannot tell, for the reason given"
_NOT_A_PAIR = "a duplicate"
IDENTITY_SAMPLES = Table(
    "table of the identity check",
    "a sample that is not a control",
    (
        File(
            "identity/samples.tsv",
            "Whether each sample is of its own subject, by exact ASVs weighted by how few people "
            "have them.",
            "check_identity",
        ),
    ),
    (
        SAMPLE,
        text("subject", "subject in the sheet", empty="not given"),
        count("reads", "reads in ASVs"),
        count("n_asvs", "ASVs", "ASVs"),
        count("n_own", "other samples of its subject that it is compared with", "samples"),
        share("probability", "probability that it is of its subject", empty=_NOT_COMPARED),
        share("shared_own", "weighted share of ASVs in common with them, mean",
              empty=_NOT_COMPARED),
        share("shared_others", "the same with samples of other subjects, median",
              empty=_NOT_COMPARED),
        text("best_other", "other subject that it fits best", empty=_NOT_COMPARED),
        share("shared_best_other", "weighted share of ASVs in common with that one, mean",
              empty=_NOT_COMPARED),
        share("probability_best_other", "probability that it is of that one",
              empty=_NOT_COMPARED),
        text("status", "fits its subject, fits another subject, fits no subject or cannot tell"),
        text("reason", "why it cannot be said", empty="it can"),
    ),
    key="sample",
)  # fmt: skip
IDENTITY_FINDINGS = Table(
    "findings of the identity check",
    "a finding that is worth checking",
    (
        File(
            "identity/findings.tsv",
            "Likely swaps, samples that fit another subject, subjects that may be one person, and "
            "samples that may be mixtures. Nothing is changed by them.",
            "check_identity",
        ),
    ),
    (
        text("finding", "swap, other subject, duplicate or mixture"),
        text("sample", "name in the sample sheet", empty=_NOT_A_PAIR),
        text("subject", "its subject; of a mixture the first of two, of a duplicate one of them"),
        text("other_sample", "of a swap the other sample", empty="not a swap"),
        text("other_subject", "subject that it fits"),
        share("probability", "probability that the sample is of its subject in the sheet",
              empty="a duplicate, or no other sample of the subject"),
        share("shared_own", "weighted share of ASVs in common with the subject, mean",
              empty="a duplicate, or no other sample of the subject"),
        share("shared_other", "weighted share of ASVs in common with the other subject, mean"),
        count("n_only_own", "ASVs in common with the subject and not with the other", "ASVs",
              empty=_NOT_A_PAIR),
        count("n_only_other", "ASVs in common with the other subject and not with the subject",
              "ASVs", empty=_NOT_A_PAIR),
        count("n_common", "of a duplicate, ASVs seen in both subjects", "ASVs",
              empty="not a duplicate"),
        number("log10_odds", "log10 of how much likelier what is in common is for one person than "
               "for two; at most 3 for a pair of samples", empty=_NOT_A_PAIR),
        share("share_fitting", "of a duplicate, share of pairs of samples that fit each other",
              empty="not a duplicate"),
    ),
)  # fmt: skip
FILES: tuple[File, ...] = ()
TABLES: tuple[Table, ...] = (IDENTITY_SAMPLES, IDENTITY_FINDINGS)
