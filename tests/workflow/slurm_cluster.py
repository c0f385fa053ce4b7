"""A SLURM cluster of one node on the loopback address, for as long as a test needs it.

It needs Debian's packages slurm-wlm and munge, and root, and installs nothing. All its files are
in one folder; munged, slurmctld and slurmd are children of this process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd")
COMMANDS = ("sbatch", "srun", "squeue", "scancel", "sinfo", "scontrol")
_PATIENCE_S = 60.0

_CONF = """\
ClusterName=vagus
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ctld_port}
SlurmdPort={slurmd_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
MpiDefault=none
ReturnToService=2
SlurmdTimeout=300
KillWait=2
# what jobs asked for is looked at when all have ended
MinJobAge=36000
# jobs that ask for 8 cores must start on a machine with 2
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=16 RealMemory=16000 Feature=fast State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
PartitionName=other Nodes=ALL MaxTime=INFINITE State=UP
"""


def explain_absence() -> str:
    """Why no cluster can be started here; empty when it can."""
    absent = [name for name in (*PROGRAMS, *COMMANDS) if shutil.which(name) is None]
    if absent:
        return f"not installed: {', '.join(absent)} (Debian: slurm-wlm, munge)"
    return "" if os.geteuid() == 0 else "slurmd needs root"


def _free_ports(n: int) -> list[int]:
    sockets = [socket.socket() for _ in range(n)]
    for item in sockets:
        item.bind(("127.0.0.1", 0))
    ports = [item.getsockname()[1] for item in sockets]
    for item in sockets:
        item.close()
    return ports


class OneNodeCluster:
    """The daemons, and the commands of a user of this cluster.

    The folder must be short (a socket's path has at most 108 bytes) and is made private.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = dict(os.environ)
        self._configure()

    def _configure(self) -> None:
        for name in ("state", "spool", "bin"):
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o700)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o600)
        ctld_port, slurmd_port = _free_ports(2)
        conf = self.folder / "slurm.conf"
        conf.write_text(
            _CONF.format(
                folder=self.folder, host=socket.gethostname().split(".")[0],
                ctld_port=ctld_port, slurmd_port=slurmd_port,
            ),
            encoding="utf-8",
        )  # fmt: skip
        # the executor removes SLURM_CONF from its jobs, so each command sets it again
        for name in COMMANDS:
            wrapper = self.folder / "bin" / name
            wrapper.write_text(f'#!/bin/sh\nSLURM_CONF={conf} exec {shutil.which(name)} "$@"\n')
            wrapper.chmod(0o755)
        self.environment["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.environment["SLURM_CONF"] = str(conf)

    def start(self, name: str) -> None:
        """Start one daemon."""
        words = {
            "munged": [
                "--foreground", "--force", f"--key-file={self.folder / 'munge.key'}",
                f"--socket={self.folder / 'munge.socket'}",
                f"--pid-file={self.folder / 'munged.pid'}",
                f"--log-file={self.folder / 'munged.log'}",
                f"--seed-file={self.folder / 'munge.seed'}",
            ],
            "slurmctld": ["-D"],
            "slurmd": ["-D"],
        }[name]  # fmt: skip
        program = shutil.which(name)
        assert program is not None
        with open(self.folder / f"{name}.out", "ab") as out:
            self._daemons[name] = subprocess.Popen(
                [program, *words], env=self.environment, stdout=out, stderr=out
            )

    def kill(self, name: str) -> None:
        """Kill one daemon, without a chance to clean up."""
        self._daemons[name].send_signal(signal.SIGKILL)
        self._daemons[name].wait()

    def ask(self, *words: str) -> str:
        """Output of a SLURM command; empty when it fails."""
        done = subprocess.run(
            [str(self.folder / "bin" / words[0]), *words[1:]],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout if done.returncode == 0 else ""

    def wait_until_idle(self) -> None:
        """Return when the node is free; AssertionError after a minute."""
        end = time.monotonic() + _PATIENCE_S
        while "idle" not in self.ask("sinfo", "--noheader", "--format=%T"):
            self._await("slurmd", end)

    def __enter__(self) -> OneNodeCluster:
        for name in PROGRAMS:
            self.start(name)
            if name == "munged":
                self._wait_for_socket()
        self.wait_until_idle()
        return self

    def _wait_for_socket(self) -> None:
        end = time.monotonic() + _PATIENCE_S
        while not (self.folder / "munge.socket").exists():
            self._await("munged", end)

    def _await(self, name: str, end: float) -> None:
        """Give a daemon a moment; AssertionError when it has ended or ``end`` has passed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._daemons[name].wait(0.2)
        out = (self.folder / f"{name}.out").read_text(errors="replace")[-3000:]
        assert self._daemons[name].poll() is None, f"{name} ended: {out}"
        assert time.monotonic() < end, f"{name} is not ready: {out}"

    def __exit__(self, *_: object) -> None:
        self.ask("scancel", "--user=root")
        for name in reversed(PROGRAMS):
            daemon = self._daemons[name]
            if daemon.poll() is None:
                daemon.terminate()
                try:
                    daemon.wait(20)
                except subprocess.TimeoutExpired:
                    daemon.kill()
                    daemon.wait()
