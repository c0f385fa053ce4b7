"""Calls of an earlier run, so that only unseen ASVs are classified when samples are added.

A call depends on the sequence, the index, the settings and the code only. The file contains the
calls of one such state, whose digest is its first line; a file of another state, or a
damaged one, counts as empty. It is no result: without it the results are the same.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vagus.files import open_whole
from vagus.programs import digest_program
from vagus.reference.index import ReferenceIndex
from vagus.taxonomy.call import Call
from vagus.taxonomy.classify import NamedSequence, Settings, classify
from vagus.taxonomy.evidence import Hit

log = logging.getLogger(__name__)


def digest_state(index: ReferenceIndex, settings: Settings, code: str) -> str:
    """Digest of everything but the sequence that a call depends on."""
    state = [index.digest, asdict(settings), code]
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def classify_unseen(
    index: ReferenceIndex,
    sequences: Iterable[tuple[str, str]],
    settings: Settings,
    threads: int,
    path: Path,
) -> list[NamedSequence]:
    """Name (name, sequence) pairs in their order; known ones are taken from ``path``.

    ``path`` then contains the calls of these very sequences.
    """
    state = digest_state(index, settings, digest_program("classify_asvs"))
    pairs = list(sequences)
    keys = {name: hashlib.md5(sequence.encode()).hexdigest() for name, sequence in pairs}
    known = read_calls(path, state)
    unseen = [pair for pair in pairs if keys[pair[0]] not in known]
    log.info("%d of %d sequences were classified before", len(pairs) - len(unseen), len(pairs))
    for item in classify(index, unseen, settings, threads):
        known[keys[item.name]] = item
    named = [_rename(known[keys[name]], name) for name, _ in pairs]
    write_calls({keys[item.name]: item for item in named}, path, state)
    return named


def _rename(item: NamedSequence, name: str) -> NamedSequence:
    return NamedSequence(name, item.call, item.hits)


def write_calls(calls: dict[str, NamedSequence], path: Path, state: str) -> None:
    """Write calls by the MD5 of their sequence, in that order."""
    with open_whole(path) as stream:
        stream.write(json.dumps(state) + "\n")
        for key in sorted(calls):
            item = calls[key]
            row = {
                "sequence": key,
                "names": item.call.names,
                "confidences": item.call.confidences,
                "nearest": _pack(item.call.nearest),
                "tied_species": item.call.tied_species,
                "notes": item.call.notes,
                "hits": _pack(item.hits),
            }
            stream.write(json.dumps(row) + "\n")


def read_calls(path: Path, state: str) -> dict[str, NamedSequence]:
    """Calls by the MD5 of their sequence; none when the file is not of this state or whole."""
    calls: dict[str, NamedSequence] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            if json.loads(stream.readline()) != state:
                return {}
            for line in stream:
                row: dict[str, Any] = json.loads(line)
                call = Call(
                    row["names"], row["confidences"], _unpack(row["nearest"]),
                    row["tied_species"], row["notes"],
                )  # fmt: skip
                calls[row["sequence"]] = NamedSequence("", call, _unpack(row["hits"]))
    except FileNotFoundError:
        return {}
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
        log.warning("%s is damaged: all sequences are classified anew", path)
        return {}
    return calls


def _pack(hits: Sequence[Hit]) -> list[tuple[int, float, float]]:
    return [(hit.reference, hit.identity, hit.coverage) for hit in hits]


def _unpack(rows: Sequence[Sequence[Any]]) -> tuple[Hit, ...]:
    return tuple(Hit(int(row), float(identity), float(cover)) for row, identity, cover in rows)
