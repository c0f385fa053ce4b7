"""Which tests one process runs, when several test: those that share what is expensive.

The marks of pytest-xdist are no way to say so: with pytest 9.2 they have no effect.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]


@cache
def name_group(file: str) -> str:
    """Group of the tests of a file: they share its fixtures.

    Those of the finished study share one run of the workflow, those of the house the parsed files;
    folders whose conftest.py makes something once for all their tests are one group, too.
    """
    folder = file.rpartition("/")[0]
    conftest = ROOT / folder / "conftest.py"
    shares = conftest.is_file() and "session" in conftest.read_text(encoding="utf-8")
    if folder == "tests/unit/house" or (shares and folder.startswith("tests/unit/")):
        return folder
    text = (ROOT / file).read_text(encoding="utf-8")
    return "finished study" if re.search(r"\bfinished: Path", text) else file


class GroupScheduling(LoadScopeScheduling):
    """Gives a whole group to a process, the first ones first."""

    def _split_scope(self, nodeid: str) -> str:
        return name_group(nodeid.partition("::")[0])
