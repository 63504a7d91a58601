"""Checks: what a machine can say about stored material, one rule a file under ``rules``.

Nouns: page (read once, shared by all page checks), site facts (columns, never HTML), report, verdict
(met, not_met, undecided, not_applicable, with reason and place), outcome (a verdict about a target).
Verbs: list the checks of a level, run them. Pure: no network, no clock, no Django.
"Could not tell" is ``undecided`` and never costs a point; a person confirms before anything is deducted.
"""

from kaoping.checks.facts import (
    STANDARD_TAGS,
    Attachment,
    Footer,
    Link,
    PageFacts,
    PageKind,
    PropertyBlock,
    Signs,
    facts_as_json,
)
from kaoping.checks.model import (
    Check,
    ColumnPlan,
    Context,
    Level,
    Outcome,
    OutcomeLine,
    Report,
    UnitLevel,
    Verdict,
    met,
    not_applicable,
    not_met,
    outcome_as_json,
    page_check,
    report_check,
    site_check,
    undecided,
)
from kaoping.checks.registry import all_checks, check_by_id, page_checks, report_checks, site_checks
from kaoping.checks.running import check_page, check_report, check_site
from kaoping.checks.site import SiteFacts, Table

__all__ = [
    "STANDARD_TAGS",
    "Attachment",
    "Check",
    "ColumnPlan",
    "Context",
    "Footer",
    "Level",
    "Link",
    "Outcome",
    "OutcomeLine",
    "PageFacts",
    "PageKind",
    "PropertyBlock",
    "Report",
    "Signs",
    "SiteFacts",
    "Table",
    "UnitLevel",
    "Verdict",
    "all_checks",
    "check_by_id",
    "check_page",
    "check_report",
    "check_site",
    "facts_as_json",
    "met",
    "not_applicable",
    "not_met",
    "outcome_as_json",
    "page_check",
    "page_checks",
    "report_check",
    "report_checks",
    "site_check",
    "site_checks",
    "undecided",
]
