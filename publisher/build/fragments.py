"""Fragments from the cache, or laid out by workers."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed

from publisher.build.executors import local_pool
from publisher.build.workshop import Workshop
from publisher.records.diagnostics import DiagnosedError, Diagnostic
from publisher.rendering.pdf.fragment import Fragment, FragmentJob
from publisher.rendering.pdf.setter.section import set_section

FEW = 12
"""Up to so many missing fragments, starting workers costs more than it saves."""

MOST_LAID_OUT = 30
"""So many fragments a worker lays out; the renderer keeps some 0.5 MB of each in memory."""


def fragments_for(jobs: Sequence[FragmentJob], workshop: Workshop) -> list[Fragment]:
    """A fragment for each job, in order.

    Raises `DiagnosedError` with the findings of every section that could not be laid out.
    """
    keys = [job.key for job in jobs]
    found = {key: fragment for key in keys if (fragment := workshop.kept(key))}
    missing = {key: job for key, job in zip(keys, jobs, strict=True) if key not in found}
    if missing:
        kept = len(jobs) - len(missing)
        workshop.reporter.step(f"Fragments: {kept} kept, {len(missing)} to lay out")
        found |= _lay_out_all(missing, workshop)
    return [found[key] for key in keys]


def _lay_out_all(missing: dict[str, FragmentJob], workshop: Workshop) -> dict[str, Fragment]:
    reporter, workers = workshop.reporter, workshop.workers or os.cpu_count() or 1
    done: dict[str, Fragment] = {}
    findings: list[Diagnostic] = []
    ended: set[str] = set()

    def keep(key: str, result: Fragment | list[Diagnostic]) -> None:
        if isinstance(result, Fragment):
            done[key] = workshop.keep(key, result) if missing[key].lasting else result
        else:
            findings.extend(result)
        ended.add(key)
        reporter.progress(len(done), len(missing), "sections laid out")

    # A process that makes many books is one of several already.
    if len(missing) > FEW and not workshop.many:
        try:
            _in_parallel(missing, keep, workers)
        except (OSError, BrokenExecutor):
            # No room for processes or semaphores, or one was killed: slower, but no reason to fail.
            reporter.step("Workers are not to be had; one process does the rest")
    for key, job in missing.items():
        if key not in ended:
            keep(key, lay_out_safely(job))
    if findings:
        raise DiagnosedError(findings)
    return done


def _in_parallel(
    missing: dict[str, FragmentJob],
    keep: Callable[[str, Fragment | list[Diagnostic]], None],
    workers: int,
) -> None:
    # The largest first, so that no worker is left alone with it at the end.
    order = sorted(missing.items(), key=lambda item: -len(item[1].xhtml))
    # Not by max_tasks_per_child, with which Python 3.11 waits for ever (cpython issue 115634).
    for first in range(0, len(order), workers * MOST_LAID_OUT):
        with process_pool(workers) as pool:
            some = order[first : first + workers * MOST_LAID_OUT]
            futures = {pool.submit(lay_out_safely, job): key for key, job in some}
            for future in as_completed(futures):
                keep(futures[future], future.result())


def process_pool(workers: int) -> Executor:
    """Worker processes that have the renderer loaded already."""
    return local_pool(workers, ["publisher.rendering.pdf.layout"])


def lay_out_safely(job: FragmentJob) -> Fragment | list[Diagnostic]:
    """Lay out a section; what went wrong comes back as diagnostics, which pickle."""
    if job.plain and not job.script_fonts:
        try:
            return set_section(job)
        except ValueError:
            pass  # it is not so plain after all
    # Loading the renderer takes longer than all else when every fragment is in the cache.
    from publisher.rendering.pdf.layout import lay_out  # noqa: PLC0415

    try:
        return lay_out(job)
    except DiagnosedError as error:
        return error.diagnostics
    except Exception as error:  # noqa: BLE001  # a fault of the renderer must name its section
        text = f"the renderer failed: {type(error).__name__}: {error}"
        return [Diagnostic(job.name, 0, 0, "B202", text, "simplify the section or its styles")]
