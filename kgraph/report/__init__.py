"""Reporting: a corpus in one view becomes one readable page, every figure of which is linked to its sentences."""

from kgraph.report.page import write_report

__all__ = ["write_report"]
