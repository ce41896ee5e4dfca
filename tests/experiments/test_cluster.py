"""A Dask cluster gives the same bytes as this machine, whoever of it comes and goes.

Scheduler and workers are processes of their own, started as a user would.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading

import pytest

from experiments import cluster as cluster_module
from experiments.cluster import Cluster
from experiments.crew import NobodyError
from experiments.results import open_results
from experiments.run import run_study
from experiments.work import Job, OtherCodeError
from mobilize.app.driver import any_port
from tests.experiments.small import (
    ROOT,
    WORLDS,
    files,
    gone,
    here,
    kill,
    leftovers,
    start,
    study,
    until,
    workers,
    written,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are killed")
HOST = "127.0.0.1"


class Machines:
    """A scheduler and at most one worker with two threads."""

    def __init__(self, folder):
        self.folder = folder
        self.worker = None
        self.schedule()

    def schedule(self):
        """Start a scheduler."""
        port = any_port()
        self.address = f"tcp://{HOST}:{port}"
        self.scheduler = self._start("scheduler", "--host", HOST, "--port", str(port))
        until(lambda: self._listens(port), "scheduler")

    def _listens(self, port):
        with socket.socket() as there:
            return there.connect_ex((HOST, port)) == 0

    def work(self):
        """Start a worker if there is none."""
        if self.worker is None:
            self.worker = self._start("worker", self.address, "--nthreads", "2", "--host", HOST,
                                      "--local-directory", str(self.folder))  # fmt: skip

    def _start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--dashboard-address", f"{HOST}:0"],
            cwd=self.folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill_worker(self, for_good):
        """Kill the worker; whoever watches over it starts another, unless killed as well."""
        those = workers(self.worker)
        if for_good:
            self.end(self.worker)
            self.worker = None
        for one in those:
            kill(one)
        gone(those)

    def end(self, process):
        process.kill()
        process.wait()

    def close(self):
        if self.worker is not None:
            self.kill_worker(for_good=True)
        self.end(self.scheduler)


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    there = Machines(tmp_path_factory.mktemp("dask"))
    yield there
    there.close()


def there(folder, address, after=lambda: None):
    """Run the study on a cluster, with something happening once it has begun to come back."""
    told = []

    def tell(tally):
        told.append(tally.fresh)
        if tally.fresh and told.count(0) == len(told) - 1:
            after()

    crew = Cluster(address)
    try:
        return run_study(study(), folder, crew, tell)
    finally:
        crew.close()


def test_a_cluster_with_threads_gives_the_same_bytes(tmp_path, out, machines, undisturbed):
    machines.work()
    process = start(written(tmp_path), "--out", out, "--scheduler", machines.address)
    shown, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert f"{2 * WORLDS} runs, {2 * WORLDS} of them now, 0 failed" in shown
    assert "distributed" not in said
    assert files(out) == undisturbed


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(out, machines, undisturbed):
    machines.work()
    there(out, machines.address, lambda: machines.kill_worker(for_good=False))
    assert files(out) == undisturbed
    assert leftovers(out) == []


def test_without_workers_it_stops_and_goes_on_on_this_machine(
    out, machines, undisturbed, monkeypatch
):
    machines.work()
    until(lambda: threads(machines.address), "worker")
    monkeypatch.setattr(cluster_module, "PATIENCE", 1.0)
    with pytest.raises(NobodyError, match="no worker at"):
        there(out, machines.address, lambda: machines.kill_worker(for_good=True))
    assert open_results(out).progress().state == "broken"
    assert 0 < len(open_results(out).runs()) < 2 * WORLDS
    here(out)
    assert files(out) == undisturbed
    assert leftovers(out) == []


def threads(address):
    crew = Cluster(address)
    try:
        return crew.size
    finally:
        crew.close()


def test_workers_may_come_later(out, machines, undisturbed):
    if machines.worker is not None:
        machines.kill_worker(for_good=True)
    later = threading.Timer(1.5, machines.work)
    later.start()
    there(out, machines.address)
    later.join()
    assert files(out) == undisturbed


def test_a_worker_with_other_code_stops_the_study(out, machines, monkeypatch):
    machines.work()
    monkeypatch.setattr("experiments.work.code_digest", lambda: "0" * 64)
    job = Job.of(study())
    monkeypatch.setattr(Job, "of", lambda study, longest=None: job)
    with pytest.raises(OtherCodeError, match="start workers from the same version"):
        there(out, machines.address)


def test_a_scheduler_that_dies_stops_it_and_it_goes_on_with_another(
    out, machines, undisturbed, monkeypatch
):
    machines.work()
    until(lambda: threads(machines.address), "worker")
    monkeypatch.setattr(cluster_module, "PATIENCE", 1.0)
    monkeypatch.setattr(cluster_module, "CONNECT", 5.0)
    with pytest.raises(NobodyError, match="no Dask scheduler at"):
        there(out, machines.address, lambda: machines.end(machines.scheduler))
    machines.kill_worker(for_good=True)
    machines.schedule()
    machines.work()
    monkeypatch.undo()
    there(out, machines.address)
    assert files(out) == undisturbed


def test_where_there_is_no_scheduler_it_says_how_to_start_one(monkeypatch):
    monkeypatch.setattr(cluster_module, "CONNECT", 0.5)
    with pytest.raises(NobodyError, match="start one by `dask scheduler`"):
        Cluster(f"tcp://{HOST}:{any_port()}")
    with pytest.raises(NobodyError, match="no Dask scheduler"):
        Cluster("nonsense:://")
