"""Reports of studies: one page with the answer, pictures, method and how to make it again."""

from experiments.report.page import write_pages, write_report

__all__ = ["write_pages", "write_report"]
