"""Tables of a campaign."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaoping.campaigns.logic.appeal import WITHDRAWN
from kaoping.evidence.captured import CapturedLink
from kaoping.registry.organised import Organised

PERSON = settings.AUTH_USER_MODEL


class StandingCampaigns(models.Manager["Campaign"]):
    """The years that stand; one that was voided is found by ``Campaign.every`` alone."""

    def get_queryset(self) -> models.QuerySet[Campaign]:
        return super().get_queryset().filter(voided_at=None)


class Campaign(Organised):
    """One organiser's assessment of one year. ``stage`` is one of ``logic.STAGES``; only ``services.advance`` and ``step_back`` move it.

    A year made by mistake is voided (作废), never deleted; another of the same year can then be made.
    """

    title = models.CharField(max_length=120)
    stage = models.CharField(max_length=20)
    rulebook = models.ForeignKey("standards.RulebookVersion", on_delete=models.PROTECT)
    timetable = models.CharField(max_length=1)  # A 年底 | B 次年初
    publication_level = models.CharField(max_length=20)
    example = models.BooleanField(default=False)
    alias_salt = models.CharField(
        max_length=64
    )  # reviewers who know the units' codes must not work out the aliases
    created_at = models.DateTimeField()
    # The review round closed once, when the reviewers' scores entered the ledger.
    round_closed_at = models.DateTimeField(null=True)
    # 24:00 of the last day for 复核申请, fixed when the preview opens.
    appeals_close_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(max_length=500, blank=True, default="")

    objects = StandingCampaigns()
    every: ClassVar[models.Manager[Campaign]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organiser", "year"],
                condition=models.Q(voided_at=None),
                name="one_standing_campaign_a_year",
            )
        ]


class StageEntry(models.Model):
    """When each stage began and who opened the gate; append-only."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="stage_entries")
    stage = models.CharField(max_length=20)
    entered_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases


class StageMove(models.Model):
    """The planned days of a stage, moved later within the plan; the newest of a stage counts. Append-only.

    It holds for the timetable that it moved: another rulebook or timetable, chosen while the plan is open, has its own days.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="stage_moves")
    rulebook = models.ForeignKey("standards.RulebookVersion", on_delete=models.PROTECT, related_name="+")
    timetable = models.CharField(max_length=1)
    stage = models.CharField(max_length=20)
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Priority(models.Model):
    """One line of the year's 要点."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="priorities")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    item = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["number"]


class Participation(models.Model):
    """A unit of this campaign: assessed (参评) or not, in which group, and why not.

    ``kind`` and the two dates are the register's on the day on which the round closed, '' before: the scorer reads them, and
    after that day the register moves no point.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    group = models.CharField(max_length=60)
    participates = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=30, blank=True, default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    @property
    def unit_kind(self) -> str:
        """The kind by which the year judges the unit."""
        return self.kind or self.organisation.kind

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="one_participation")
        ]


class Approval(models.Model):
    """One signature on the way 经办 → 办公室负责人 → 领导小组领导, for the plan or for the result; append-only.

    A row with step ``returned`` sends the paper back: signatures before it no longer count.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="approvals")
    subject = models.CharField(max_length=10)  # plan | result | correction
    step = models.CharField(max_length=20)
    opinion = models.TextField(blank=True, default="")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    at = models.DateTimeField()


class ApprovalScan(models.Model):
    """The signed sheet, scanned and attached; the gate opens only with it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="scans")
    subject = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    document_no = models.CharField(max_length=60, blank=True, default="")
    attached_by = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    attached_at = models.DateTimeField()


class SelfReview(models.Model):
    """A unit's own review (部门自查): draft, submitted (locked), returned by the office, or named as missing."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="self_reviews")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    state = models.CharField(max_length=12, default="draft")
    submitted_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=40, blank=True, default="")
    return_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="one_self_review")
        ]


class Answer(models.Model):
    """What the unit says about one item: a level (evidence only, weighs 0), or a claim that it does not apply."""

    self_review = models.ForeignKey(SelfReview, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=40)
    level = models.CharField(max_length=20, blank=True, default="")
    not_applicable = models.BooleanField(default=False)
    text = models.TextField(blank=True, default="")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        PERSON, null=True, on_delete=models.PROTECT, related_name="+"
    )  # not known of rows older than this column

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["self_review", "item"], name="one_answer")]


class AnswerArtefact(CapturedLink):
    """A file or address offered as evidence (佐证材料) for an answer."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="artefacts")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    added_at = models.DateTimeField()


class Applicability(models.Model):
    """The office's decision on a claim 不涉及, made before scoring."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    at = models.DateTimeField()


class StandingAssignments(models.Manager["ReviewAssignment"]):
    """The assignments that stand; one that the office took back is found by ``ReviewAssignment.every`` alone."""

    def get_queryset(self) -> models.QuerySet[ReviewAssignment]:
        return super().get_queryset().filter(taken_back_at=None)


class ReviewAssignment(models.Model):
    """A reviewer scores the judged items of a unit, shown by alias. ``recused`` ends it with a reason.

    One that was made by mistake is taken back before anything of it was scored; the row stays.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    unit_alias = models.CharField(max_length=20)
    reviewer_alias = models.CharField(max_length=20)
    recused = models.BooleanField(default=False)
    recusal_reason = models.CharField(max_length=200, blank=True, default="")
    finished_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_reason = models.CharField(max_length=200, blank=True, default="")

    objects = StandingAssignments()
    every: ClassVar[models.Manager[ReviewAssignment]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "reviewer", "organisation"],
                condition=models.Q(taken_back_at=None),
                name="one_assignment",
            )
        ]


class ReviewScore(models.Model):
    """A reviewer's level for one item. It enters the ledger when the round closes, not before."""

    assignment = models.ForeignKey(ReviewAssignment, on_delete=models.PROTECT, related_name="scores")
    item = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    comment = models.TextField(blank=True, default="")
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "item"], name="one_review_score")
        ]


class Sheet(models.Model):
    """The answer of the scorer at one instant; append-only. ``digest`` is over the canonical results.

    A sheet whose lines all equal those of an earlier one keeps none: ``same_as`` is the sheet that has them.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sheets")
    as_of = models.DateTimeField()
    occasion = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    last_observation = models.BigIntegerField()
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=60)
    computed_by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    prepared_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # The correction that it was computed for; null also in rows of earlier releases.
    correction = models.ForeignKey("Correction", null=True, on_delete=models.PROTECT, related_name="sheets")

    @property
    def lines_in(self) -> int:
        """The sheet in which this one's lines are stored."""
        return int(self.same_as_id or self.pk)


class SheetUnit(models.Model):
    """One unit's line: ``summary`` is what lists show, ``detail`` the unit object of ``results.json``."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="units")
    unit = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    summary = models.JSONField()
    detail = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sheet", "unit"], name="one_sheet_unit")]
        ordering: ClassVar = ["position"]


class SignOff(models.Model):
    """The second person's signature on one sheet; append-only."""

    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="sign_off")
    prepared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class StepBack(models.Model):
    """A gate opened backwards (退回): proposed by one person, in effect when another agrees; append-only.

    A stage that goes back before anybody saw points takes one person, who then stands at both ends, and no ``sheet``.
    ``returned`` is the row of the approval sheet by which the leading group sent the result back: who signed that row is then
    the first of the two persons. ``sheet`` is the signed sheet whose signature becomes void.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="step_backs")
    sheet = models.ForeignKey(Sheet, null=True, on_delete=models.PROTECT, related_name="step_backs")
    back_from = models.CharField(max_length=20)
    back_to = models.CharField(max_length=20)
    reason = models.TextField()
    returned = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    first_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    first_role = models.CharField(max_length=20)
    first_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class StepBackEnd(models.Model):
    """The second person's answer to a step back; append-only."""

    step_back = models.OneToOneField(StepBack, on_delete=models.PROTECT, related_name="end")
    agreed = models.BooleanField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class PointsRuling(models.Model):
    """审定: the office gives an item other points after the round closed and before the result is frozen; append-only.

    Proposed by one person, in effect when another agrees. ``act`` is how the ledger names it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="points_rulings")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    item = models.CharField(max_length=40)
    points = models.CharField(max_length=20)
    points_before = models.CharField(max_length=20)
    reason = models.TextField()
    act = models.CharField(max_length=120, unique=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class PointsRulingEnd(models.Model):
    """The second person's answer to a ruling on points; append-only."""

    ruling = models.OneToOneField(PointsRuling, on_delete=models.PROTECT, related_name="end")
    agreed = models.BooleanField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    observation = models.CharField(max_length=64, blank=True, default="")
    # What the item had and got on the sheet's scale when it was agreed to; empty in rows of earlier releases.
    points_before = models.CharField(max_length=20, blank=True, default="")
    points_after = models.CharField(max_length=20, blank=True, default="")


class SevereRuling(models.Model):
    """单项否决 or 重大减分 of one unit, proposed by one person with the document that says so; append-only.

    Without effect before its ``SevereRulingEnd``. ``value`` is the text of the line's value as its ``kind`` writes it,
    ``target`` the document as the ledger names it, ``table`` the file of an import, ``act`` how the ledger names it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="severe_rulings")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    item = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=40)
    observed_on = models.DateField()
    document = models.CharField(max_length=100)
    target = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    reason = models.TextField()
    table = models.CharField(max_length=64, blank=True, default="")
    act = models.CharField(max_length=120, unique=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class SevereRulingEnd(models.Model):
    """How it ended: confirmed or refused by another person, or taken back by its own; append-only."""

    ruling = models.OneToOneField(SevereRuling, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=12)  # logic.severe: confirmed | refused | taken_back
    reason = models.TextField(blank=True, default="")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    observation = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["id"]


class Correction(models.Model):
    """更正 of the published result, opened with what was wrong; ``sheet`` is the one it corrects. Append-only."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_correction_number")
        ]


class CorrectionEnd(models.Model):
    """How a correction ended: published, or dropped (作罢) with a reason. Append-only."""

    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, related_name="end")
    kind = models.CharField(max_length=12)  # published | dropped
    reason = models.TextField(blank=True, default="")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Appeal(CapturedLink):
    """复核申请 of one item; decided by somebody who did not score it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="appeals")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    item = models.CharField(max_length=40)
    claim = models.TextField()
    sha256 = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")  # of the file, as the unit called it
    url = models.CharField(max_length=500, blank=True, default="")
    number = models.CharField(max_length=40, unique=True)
    filed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    points_before = models.CharField(max_length=20)  # when it was filed
    # Just before the decision, after what else was ruled meanwhile; empty while undecided and in rows of earlier releases.
    points_standing = models.CharField(max_length=20, blank=True, default="")
    outcome = models.CharField(
        max_length=12, blank=True, default=""
    )  # upheld | partly | rejected | withdrawn
    points_after = models.CharField(max_length=20, blank=True, default="")
    decision = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    observation = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["id"]

    @property
    def log_id(self) -> str:
        """How the audit log names it: people know an appeal by its number."""
        return self.number

    @property
    def compared(self) -> str:
        """The points with which the decision is compared: those that stood just before it, not those of the filing."""
        return self.points_standing or self.points_before

    @property
    def decided_points(self) -> str:
        """The points after the decision; '' where nobody decided, over an appeal that was taken back as well."""
        return "" if self.outcome == WITHDRAWN else self.points_after


class AccountabilityStatement(models.Model):
    """What a unit states of 责任追究 for its own annual report; append-only, the newest counts.

    ``choice`` is one of ``logic.accountability``: none, some (then with number, ways and deciding organ), omitted.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="accountability")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    choice = models.CharField(max_length=10)
    cases = models.PositiveSmallIntegerField(null=True)
    ways = models.TextField(blank=True, default="")
    authority = models.TextField(blank=True, default="")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    at = models.DateTimeField()


class ReportNote(models.Model):
    """One text of the office for a whole year, from before units stated 责任追究 themselves; kept, printed in no report."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="report_note")
    accountability = models.TextField(blank=True, default="")
    saved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    saved_at = models.DateTimeField()
