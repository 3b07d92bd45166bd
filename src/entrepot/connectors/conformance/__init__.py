"""The promises every connector keeps, as checks that run on a simulator in CI and on a real shop by command.

    from entrepot.connectors.conformance import run

    report = run(connector, write=False)                   # a real shop, nothing is written
    report = run(connector, write=True)                    # writes, and puts back what it changed
    report = run(connector, write=True, stage=stage)       # a simulator: things happen, faults are served
    print(report.table()); report.exit_code

A check is a function registered with its id, one sentence, the parts it needs, whether it writes and whether it needs a
stage (`stage.Stage`: the power to make things happen in the store). A part a connector lacks skips its checks.
"""

from entrepot.connectors.conformance.model import Check, Outcome, Report, Result
from entrepot.connectors.conformance.runner import CHECKS, run
from entrepot.connectors.conformance.stage import Stage, Trouble

__all__ = ["CHECKS", "Check", "Outcome", "Report", "Result", "Stage", "Trouble", "run"]
