"""Gives damaged files to every reader: a clear refusal or a sound result, nothing else, soon.

    python tests/fuzz/harness.py --cases 1000000 --seed 1

runs the long version and prints a table: reader, cases, refused, read, findings. The short
version is test_fuzz.py. A finding is an error that is not the product's own, a result that
breaks what must be true of it, more than ten seconds, or a file written anywhere.
"""

from __future__ import annotations

import argparse
import logging
import random
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [
    path for path in (str(TESTS), str(TESTS.parent / "scripts")) if path not in sys.path
]

from fuzz.catalogue import make_targets  # noqa: E402
from fuzz.mutation import mutate  # noqa: E402
from fuzz.target import Target  # noqa: E402
from vagus.errors import VagusError  # noqa: E402

LIMIT_S = 10


class TooSlow(BaseException):
    """A reader did not come back in time."""


@dataclass
class Tally:
    """What became of the cases of one reader."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, bytes]] = field(default_factory=list)


def stop(*_: object) -> None:
    """Called by the alarm."""
    raise TooSlow


def fuzz(target: Target, n_cases: int, seed: int, folder: Path, most: int = 20) -> Tally:
    """Try ``n_cases`` damaged files on one reader; stop after ``most`` findings."""
    tally = Tally()
    path = folder / f"case{target.suffix}"
    signal.signal(signal.SIGALRM, stop)
    before = sorted(p.name for p in folder.iterdir() if p != path)
    for number in range(n_cases):
        chance = random.Random(f"{target.name} {seed} {number}")
        data = mutate(chance.choice(target.seeds), chance)
        path.write_bytes(data)
        finding = try_one(target, path, tally.counts)
        after = sorted(p.name for p in folder.iterdir() if p != path)
        if not finding and after != before:
            finding = f"files were written or removed: {set(after) ^ set(before)}"
            before = after
        if finding:
            tally.findings.append((finding, data))
            if len(tally.findings) >= most:
                break
    path.unlink(missing_ok=True)
    return tally


def try_one(target: Target, path: Path, counts: Counter[str]) -> str:
    """Give one file to a reader; what is wrong with the outcome, or nothing."""
    signal.alarm(LIMIT_S)
    try:
        target.read(path)
        counts["read"] += 1
    except (VagusError, *target.refuses) as error:
        counts["refused"] += 1
        # several mistakes are one message, a line each
        for text in str(error).strip().split("\nerror: "):
            if "\n" in text or "Traceback" in text or len(text) > 2000:
                return f"a message that is not one line: {text[:200]!r}"
    except TooSlow:
        return f"more than {LIMIT_S} s"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"{type(error).__name__}: {str(error)[:200]}"
    finally:
        signal.alarm(0)
    return ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the long version; 1 when there are findings."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases over all readers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a reader's name")
    parser.add_argument("--keep", type=Path, help="folder for files that gave findings")
    arguments = parser.parse_args(argv)
    logging.disable(logging.CRITICAL)
    n_findings = 0
    with tempfile.TemporaryDirectory() as name, suppress(BrokenPipeError):
        folder = Path(name)
        targets = [t for t in make_targets(folder) if arguments.only in t.name]
        (folder / "cases").mkdir()
        print("reader\tcases\trefused\tread\tfindings", flush=True)
        for target in targets:
            n_cases = arguments.cases // len(targets)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                tally = fuzz(target, n_cases, arguments.seed, folder / "cases")
            refused, whole = tally.counts["refused"], tally.counts["read"]
            n = len(tally.findings)
            print(f"{target.name}\t{refused + whole + n}\t{refused}\t{whole}\t{n}", flush=True)
            for i, (finding, data) in enumerate(tally.findings):
                print(f"  {finding}", flush=True)
                if arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    (arguments.keep / f"{target.name} {i}{target.suffix}").write_bytes(data)
            n_findings += n
    return int(n_findings > 0)


if __name__ == "__main__":
    raise SystemExit(main())
