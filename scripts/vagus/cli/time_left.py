"""How far a run is and how long the rest may take."""

from __future__ import annotations

from collections import Counter, defaultdict

_MIN_FINISHED = 3


class TimeLeft:
    """Counts steps and their times, rule by rule.

    What is left of a rule is expected to take as long as its finished steps did in the mean,
    or, before one has finished, as all steps did; as many at a time as so far.
    """

    def __init__(self, start_s: float) -> None:
        self._start_s = start_s
        self._planned: Counter[str] = Counter()
        self._finished: Counter[str] = Counter()
        self._busy_s: defaultdict[str, float] = defaultdict(float)

    def plan(self, rule: str, n_steps: int) -> None:
        """A rule and how often it will run; the rule ``total`` is all of them."""
        self._planned[rule] = n_steps

    def add(self, n_steps: int) -> None:
        """So many steps more than planned will run, of rules that are not reported."""
        self._planned["total"] += n_steps

    def finish(self, rule: str, seconds: float) -> None:
        """One step of a rule has ended after so many seconds."""
        self._finished[rule] += 1
        self._busy_s[rule] += seconds

    def estimate_left_s(self, now_s: float) -> float | None:
        """Seconds that the rest may take; None before a few steps have shown how long."""
        n_finished, busy_s = self._finished.total(), sum(self._busy_s.values())
        if n_finished < _MIN_FINISHED or not self._planned["total"]:
            return None
        elapsed_s = max(now_s - self._start_s, 1e-9)
        at_a_time = max(busy_s / elapsed_s, 1.0)
        left_s = 0.0
        for rule, planned in self._planned.items():
            if rule in ("total", "all"):
                continue
            n = self._finished[rule]
            mean_s = self._busy_s[rule] / n if n else busy_s / n_finished
            left_s += max(planned - n, 0) * mean_s
        return left_s / at_a_time

    def describe(self, now_s: float) -> str:
        """``12/40  0:01:05, about 0:02:10 left``."""
        done = self._finished.total()
        total = max(done, self._planned["total"]) if self._planned["total"] else 0
        counted = f"{done:>{len(str(total))}}/{total}" if total else str(done)
        left_s = self.estimate_left_s(now_s)
        left = f", about {format_clock(left_s)} left" if left_s else ""
        return f"{counted}  {format_clock(now_s - self._start_s)}{left}"


def format_clock(seconds: float) -> str:
    """Hours, minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
