"""Snakemake's log events as JSON lines, for the process that started Snakemake.

A logger plugin of Snakemake (``snakemake-interface-logger-plugins``), which
``vagus.cli.snakemake_process`` registers under the name ``vagus``. Each line is one object with
the name of its ``event``:

    planned   jobs of each rule that will run (``rules``), with a rule ``total``
    started   a job (``id``): rule, wildcards, log, outputs
    finished  a job (``id``)
    progress  jobs in all (``total``), which a checkpoint may have changed
    failed    a job: rule, wildcards, logs, message
    error     an exception: its class (``kind``) and text
    message   a warning or error without an event of Snakemake's
    due       of a dry run: a job that would run, and why (``vagus.cli.reasons``)
"""

import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

from vagus.cli.reasons import describe_job

Event = dict[str, Any]


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """Options of the plugin."""

    events: int = field(
        default=2, metadata={"help": "File descriptor to which events are written.", "type": int}
    )


class LogHandler(LogHandlerBase):
    """Writes events; Snakemake calls it from one thread."""

    def __post_init__(self) -> None:
        """Open the stream; the workflow makes itself known by ``attend``."""
        assert isinstance(self.settings, LogHandlerSettings)
        self._workflow: Any = None
        self._wildcards: dict[int, str] = {}
        self._stream = open(self.settings.events, "w", encoding="utf-8", closefd=False)  # noqa: SIM115

    @property
    def writes_to_stream(self) -> bool:
        """Instead of the handler that writes to the terminal."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Snakemake's own log file is written beside it."""
        return False

    @property
    def has_filter(self) -> bool:
        """All records are looked at, whatever --quiet says."""
        return True

    @property
    def has_formatter(self) -> bool:
        """Records are written by ``emit``."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """The graph of rules is not shown."""
        return False

    def attend(self, workflow: Any) -> None:
        """Take the workflow whose jobs a dry run lists; called by the Snakefile."""
        self._workflow = workflow

    def emit(self, record: logging.LogRecord) -> None:
        """Write the events of one record."""
        for event in self._list_events(record):
            self._write(event)

    def close(self) -> None:
        """At the end of a dry run, list its jobs: now the workflow rests."""
        if self.common_settings.dryrun and self._workflow is not None:
            workflow, self._workflow = self._workflow, None
            for job in workflow.dag.needrun_jobs(exclude_finished=False) if workflow.dag else ():
                self._write({"event": "due", **describe_job(job, workflow.dag.reason(job))})
        super().close()

    def _write(self, event: Event) -> None:
        try:
            print(json.dumps(event, default=str), file=self._stream, flush=True)
        except OSError:  # nobody reads any more
            self._stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

    def _list_events(self, record: logging.LogRecord) -> Iterable[Event]:
        facts = vars(record)
        kind = facts.get("event")
        if kind == LogEvent.RUN_INFO:
            yield {"event": "planned", "rules": facts["stats"]}
        elif kind == LogEvent.JOB_INFO:
            yield self._start(facts)
        elif kind == LogEvent.JOB_FINISHED:
            yield {"event": "finished", "id": facts["job_id"]}
        elif kind == LogEvent.PROGRESS:
            yield {"event": "progress", "total": facts["total"]}
        elif kind == LogEvent.JOB_ERROR:
            yield self._fail(facts)
        elif kind == LogEvent.GROUP_ERROR:
            yield {"event": "message", "level": "ERROR", "text": _describe_group(facts)}
        elif kind == LogEvent.ERROR:
            yield {"event": "error", "kind": facts["exception"], "text": record.getMessage()}
        elif kind is None and record.levelno >= logging.WARNING:
            level, text = record.levelname, record.getMessage()
            yield {"event": "message", "level": level, "text": text}

    def _start(self, facts: Event) -> Event:
        wildcards = ", ".join(f"{name}={value}" for name, value in facts["wildcards"].items())
        self._wildcards[facts["jobid"]] = wildcards
        return {
            "event": "started", "id": facts["jobid"], "rule": facts["rule_name"],
            "wildcards": wildcards, "log": facts["log"], "output": facts["output"],
        }  # fmt: skip

    def _fail(self, facts: Event) -> Event:
        aux = [f"{name}: {value}" for name, value in facts["aux"].items()]
        message = "; ".join(filter(None, [facts["rule_msg"], *aux]))
        return {
            "event": "failed", "id": facts["jobid"], "rule": facts["rule_name"],
            "wildcards": self._wildcards.get(facts["jobid"], ""), "log": facts["log"],
            "message": message,
        }  # fmt: skip


def _describe_group(facts: Event) -> str:
    """Which group of jobs failed; each of its jobs has an event of its own."""
    logs = f", log: {', '.join(facts['aux_logs'])}" if facts["aux_logs"] else ""
    return f"a group of {len(facts['job_error_info'])} jobs failed{logs}"
