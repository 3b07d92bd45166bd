"""The first import of a store."""

from entrepot.channels.services.importing.errand import run_import, start_import
from entrepot.channels.services.runs import Progress, progress, results, resume_run

__all__ = ["Progress", "progress", "results", "resume_run", "run_import", "start_import"]
