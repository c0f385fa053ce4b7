from __future__ import annotations

from vagus.kernels import (
    phase_alignment,
    phase_columns,
    phase_counts,
    phase_mixture,
    phase_sketch,
)
from vagus.phase.warmup import warm_phase_kernels


def test_warming_runs_every_kernel_that_the_library_calls(monkeypatch) -> None:
    import vagus.phase.accuracy
    import vagus.phase.coarse
    import vagus.phase.contexts
    import vagus.phase.learning
    import vagus.phase.pairs
    import vagus.phase.pileup
    import vagus.phase.splitting

    called: set[str] = set()
    entries = []
    for user in (
        vagus.phase.coarse, vagus.phase.contexts, vagus.phase.learning, vagus.phase.pairs,
        vagus.phase.pileup, vagus.phase.splitting,
    ):  # fmt: skip
        for kernels in (phase_alignment, phase_columns, phase_counts, phase_mixture, phase_sketch):
            for name, kernel in vars(kernels).items():
                if getattr(user, name, None) is not kernel or not callable(kernel):
                    continue
                if name in ("kernel", "np"):
                    continue
                entries.append(name)

                def note(*arguments, _name=name, _kernel=kernel):
                    called.add(_name)
                    return _kernel(*arguments)

                monkeypatch.setattr(user, name, note)
    warm_phase_kernels()
    assert len(entries) >= 10
    assert called == set(entries)
