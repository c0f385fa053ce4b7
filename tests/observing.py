"""Watch the calls of a function while the program runs unchanged."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def watch_calls(
    function: Callable[..., Any], keep: Callable[[dict[str, Any]], Any]
) -> Iterator[list[Any]]:
    """Yield a list that receives, for each call of a Python function, what ``keep`` makes of it.

    ``keep`` gets the arguments by name, when the call starts. Nothing is replaced: the
    interpreter reports the calls of this thread to a profile hook.
    """
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    calls: list[Any] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is code:
            calls.append(keep({name: frame.f_locals[name] for name in names}))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)
