"""Names of columns and controls as other programs and laboratories write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from vagus.files import read_rows
from vagus.product import find_product
from vagus.study.missing import is_missing

RESOURCES = find_product("resources")
CONTROL_NAMES, PLATFORM_NAMES = RESOURCES / "control_names.tsv", RESOURCES / "platform_names.tsv"
# what QIIME 2 takes for the name of a sample; there lines that begin with '#' are remarks
QIIME_HEADERS = frozenset({"sample-id", "sampleid", "sample id", "id", "#sampleid", "#sample id"})
# aliases are compared without case and signs; the first that is there is the column
ALIASES: dict[str, tuple[str, ...]] = {
    "sample": ("sample", "sampleid", "samplename", "samples", "id"),
    "reads": (
        "reads", "absolutefilepath", "absolutepath", "filepath", "forwardreads",
        "forwardabsolutefilepath", "longreads", "fastq", "fastq1", "fastqfile", "fastqpath",
        "readsfile", "bam", "file", "path",
    ),
    "platform": ("platform", "sequencingplatform", "instrumentplatform"),
    "run": ("run", "runid", "sequencingrun"),
    "control": ("control", "controltype", "sampleorcontrol", "isneg"),
}  # fmt: skip
MATES = ("reversereads", "reverseabsolutefilepath", "fastq2", "reads2")
_READS_NAME = re.compile(r"\.(fastq|fq|bam)(\.\w+)?$", re.IGNORECASE)
_MAKERS = re.compile(r"^(zymobiomics|zymoresearch|zymo|atcc)")


def fold(name: str) -> str:
    """A name without case and signs."""
    return re.sub(r"[^\w]|_", "", name.casefold())


def find_sample_column(header: Sequence[str]) -> int | None:
    """Index of the column that names samples; None when there is none."""
    renamed = rename_columns(header)
    return renamed.index("sample") if "sample" in renamed else None


def rename_columns(header: Sequence[str]) -> list[str]:
    """The header with the columns that have a meaning under their own names.

    A column that has the name itself goes before all aliases; other columns stay metadata.
    """
    renamed = list(header)
    for own, aliases in ALIASES.items():
        if own in renamed:
            continue
        folded = [fold(name) for name in header]
        place = next((folded.index(alias) for alias in aliases if alias in folded), None)
        if place is not None and renamed[place] not in ALIASES:
            renamed[place] = own
    return renamed


def list_mates(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[int]:
    """Indices of columns with the second reads of pairs, or that are empty under such a name.

    A column of that name with other values and without any file of reads is metadata.
    """
    rows = list(rows)
    places = [n for n, name in enumerate(header) if fold(name) in MATES]
    cells = {n: [row[n] for row in rows if n < len(row) and row[n]] for n in places}
    return [n for n in places if not cells[n] or any(map(_READS_NAME.search, cells[n]))]


def name_platform(cell: str) -> str:
    """The platform as the config names it; what is not known stays as it is."""
    if is_missing(cell):
        return ""
    return read_platform_names().get(fold(cell), cell.casefold())


@cache
def read_platform_names() -> dict[str, str]:
    """Platforms by the names of makers and instruments, without case and signs."""
    rows = read_rows(PLATFORM_NAMES, "table of names of platforms", ("name", "platform"))
    return {fold(row["name"]): row["platform"] for _, row in rows}


@cache
def _read_control_names() -> dict[str, tuple[str, bool]]:
    columns = ("name", "control", "in_sample_names")
    rows = read_rows(CONTROL_NAMES, "table of names of controls", columns)
    return {fold(row["name"]): (row["control"], row["in_sample_names"] == "yes") for _, row in rows}


def name_control(cell: str) -> str | None:
    """The control as the sheet has it, from the words of laboratories; None for unknown words.

    A number behind a word ('NTC 2') says which of several.
    """
    if is_missing(cell):
        return ""
    if re.fullmatch(r"(negative|positive(:.+)?)", cell):
        return cell
    known = _read_control_names()
    folded = fold(cell)
    for word in (folded, _MAKERS.sub("", folded), re.sub(r"\d+$", "", folded)):
        if word in known:
            return known[word][0]
    return None


def guess_control(name: str) -> str:
    """The control that a sample's name speaks of; empty when it speaks of none.

    Words of the name are compared as wholes: 'Negev' and 'blanket' are no controls. A known mock
    goes before words such as 'mock'.
    """
    words = re.findall(r"[^\W\d_]+|\d+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name))
    parts = [fold(part) for part in re.split(r"[\W_]+", name)]
    joined = [fold(a + b) for a, b in pairwise(words)]
    known = _read_control_names()
    found = [
        known[word][0]
        for word in dict.fromkeys([fold(name), *parts, *joined, *map(fold, words)])
        if word in known and known[word][1]
    ]
    named = [control for control in found if control not in ("negative", "positive:mock")]
    return next(iter([*named, *found]), "")
