"""One year of the demonstration, stage by stage, by the verbs that people use. Every figure is an example."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from kaoping.beijing import BEIJING, day_of
from kaoping.campaigns.logic.accountability import NONE, must_state
from kaoping.campaigns.logic.appeal import nothing_lost
from kaoping.campaigns.logic.severe import Given
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries import severe as severes
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import appeal, applicability, assigning, setting_up, sheet, sign_off
from kaoping.campaigns.services import approval as approval_verbs
from kaoping.campaigns.services import plan as plan_verbs
from kaoping.campaigns.services import review as review_verbs
from kaoping.campaigns.services import self_review as self_review_verbs
from kaoping.campaigns.services import severe as severe_verbs
from kaoping.campaigns.services import stages as stage_verbs
from kaoping.campaigns.services.accountability import state_accountability
from kaoping.cli.demo import words
from kaoping.cli.demo.cast import PASSPHRASES
from kaoping.cli.demo.chance import fraction, pick
from kaoping.cli.demo.papers import register_file, scan
from kaoping.cli.demo.roster import PARTICIPATING
from kaoping.cli.demo.stage import Stage
from kaoping.evaluation import queries as evaluation
from kaoping.evaluation.ballotbox.receipts import new_token, receipt_hash, receipt_of
from kaoping.evaluation.ballotbox.records import Arrival, OpinionRecord
from kaoping.evaluation.ballotbox.sheets import seal_ballot
from kaoping.evaluation.ballotbox.store import forward_opinions, open_ballot_store, open_opinion_outbox
from kaoping.evaluation.intake import polls_folder, read_poll
from kaoping.evaluation.services import box, opinions
from kaoping.evaluation.services.poll import prepare_poll
from kaoping.evidence.services import import_register
from kaoping.publication import services as publication
from kaoping.rectification.services import overdue
from kaoping.registry import queries as register
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.units import Unit
from kaoping.standards import services as standard_services
from kaoping.standards.loading import Rulebook, load_rulebook

STAGES: Final = ("plan", "routine", "evaluation", "self_review", "review", "preview", "appeals", "published")
REVIEWERS: Final = ("zhuanjia1", "zhuanjia2", "zhuanjia3")
UNSCORED: Final = 2
LEVELS: Final = ("good", "fair", "middling", "poor", "none")


@dataclass
class YearPlay:
    """Plays one year up to a stage."""

    stage: Stage
    year: int
    ballots: int
    routine: Callable[[YearPlay], None]
    campaign: Any = None
    rulebook: Rulebook = field(default_factory=lambda: load_rulebook("changzhou-2020"))

    def play(self, until: str) -> None:
        """Every stage up to and including ``until``, each in one transaction so that it is there whole or not at all."""
        acts = {
            "plan": self._plan,
            "routine": self._routine,
            "evaluation": self._evaluation,
            "self_review": self._self_review,
            "review": self._review,
            "preview": self._preview,
            "appeals": self._appeals,
            "published": self._published,
        }
        for name in STAGES[: STAGES.index(until) + 1]:
            with transaction.atomic():
                acts[name]()

    @property
    def c(self) -> Any:
        """The campaign, once it exists."""
        assert self.campaign is not None
        return self.campaign

    def days(self, name: str) -> tuple[date, date]:
        """First and last day of a stage in the rulebook's timetable A."""
        return self.rulebook.timetable.stages(self.year, "A")[name]

    def units(self) -> list[Unit]:
        """The participating units."""
        return [unit for unit in campaigns.units(self.c) if unit.participates]

    def _advance(self, **facts: Any) -> None:
        stage, handler = self.stage, self.stage.actor("jingban")
        stage_verbs.advance(actor=handler, campaign=self.c, now=stage.tick(), **facts)

    def _plan(self) -> None:
        handler = self.stage.actor("jingban")
        first, _last = self.days("plan")
        version = standard_services.adopt(actor=handler, rulebook=self.rulebook, now=self.stage.at(first))
        self.campaign = setting_up.create_campaign(
            actor=handler,
            key=main_year(self.year),
            typed_year=str(self.year),
            title=f"{self.year} 年度政务公开工作考核",
            rulebook=version,
            timetable="A",
            publication_level="full",
            example=True,
            now=self.stage.tick(),
        )
        plan_verbs.set_priorities(
            actor=handler,
            campaign=self.c,
            lines=[(text, item) for text, item in words.PRIORITIES],
            now=self.stage.tick(),
        )
        plan_verbs.set_participation(
            actor=handler, campaign=self.c, kinds=PARTICIPATING, on=first, now=self.stage.tick()
        )

    def sign(self, subject: str) -> None:
        """经办 → 办公室负责人 → 领导小组领导, then the signed scan."""
        for username in ("jingban", "fuzeren", "lingdao"):
            approval_verbs.approve(
                actor=self.stage.actor(username), campaign=self.c, subject=subject, now=self.stage.tick(3600)
            )
        approval_verbs.attach_scan(
            actor=self.stage.actor("jingban"),
            campaign=self.c,
            subject=subject,
            content=scan(f"{self.year} 年度{'方案' if subject == 'plan' else '结果'}呈批表（示例扫描件）"),
            name="呈批表.docx",
            confirmed=True,
            now=self.stage.tick(3600),
        )

    def _routine(self) -> None:
        self.stage.at(self.days("plan")[1] - timedelta(days=15))
        self.sign("plan")
        self._advance()
        self.routine(self)

    def _evaluation(self) -> None:
        first, last = self.days("evaluation")
        handler = self.stage.actor("jingban")
        self.stage.at(first - timedelta(days=14))
        poll = prepare_poll(
            actor=handler,
            key=self.c.key,
            title=f"{self.year} 年政务公开工作社会评议",
            opens_at=datetime.combine(first, time(0), tzinfo=BEIJING),
            closes_at=datetime.combine(last + timedelta(days=1), time(0), tzinfo=BEIJING),
            questionnaire=dict(self.rulebook.questionnaire or {}),
            units=[
                {"code": u.code, "name": u.name, "short_name": u.short_name, "group": u.group or ""}
                for u in self.units()
            ],
            openers=(self.stage.person("kaixiang1"), self.stage.person("kaixiang2")),
            passphrases=PASSPHRASES,
            example=True,
            now=self.stage.now,
        )
        self._advance(poll_state="prepared")
        self.stage.at(first, 10)
        self._cast(poll.uid, first)
        opinions.collect_opinions(now=self.stage.at(first + timedelta(days=3)))
        self._answer_opinions(handler, 0.6)

    def _cast(self, uid: str, first: date) -> None:
        """Ballots as the portal hands them in, about ``ballots`` a unit, some units fewer than the minimum."""
        published = read_poll(polls_folder(), uid)
        assert published is not None
        arrivals = []
        for unit in self.units():
            mood = 0.35 + 0.5 * fraction(self.year, unit.code, "mood")
            number = (
                18
                if fraction(unit.code, "few") < 0.06
                else int(self.ballots * (0.7 + 0.6 * fraction(unit.code, "n")))
            )
            for index in range(number):
                answers = {
                    "contact": pick(
                        ("errand", "looked", "applied", "never"), (4, 3, 1, 2), uid, unit.code, index
                    )
                }
                for question in ("q1", "q2", "q3", "q4"):
                    weights = (mood, 0.75 - mood * 0.6, 0.35 - mood * 0.35, 0.1)
                    options = ("satisfied", "basic", "dissatisfied", "unclear")
                    answers[question] = pick(options, weights, uid, unit.code, index, question)
                opinion = None
                if index % 23 == 7:
                    text = pick(words.OPINIONS, [1.0] * len(words.OPINIONS), uid, unit.code, index, "text")
                    opinion = OpinionRecord(
                        id=f"{uid}-{unit.code}-{index:04d}", poll=uid, unit=unit.code, text=text, day=first
                    )
                receipt = receipt_hash(receipt_of(uid, new_token()))
                arrivals.append(
                    Arrival(uid, receipt, seal_ballot(published, unit.code, answers, "public"), opinion)
                )
        with closing(open_ballot_store()) as store, closing(open_opinion_outbox()) as outbox:
            store.add(arrivals)
            while forward_opinions(store, outbox):
                continue

    def _self_review(self) -> None:
        handler = self.stage.actor("jingban")
        poll = evaluation.poll_of(self.c.key)
        assert poll is not None
        self.stage.at(day_of(poll.closes_at + timedelta(hours=9)), 10)
        self._answer_opinions(handler, 1.0)
        box.seal_poll(actor=handler, poll=poll, now=self.stage.tick())
        box.open_poll(
            first=self.stage.actor("kaixiang1"),
            first_passphrase=PASSPHRASES[0],
            second=self.stage.actor("kaixiang2"),
            second_passphrase=PASSPHRASES[1],
            poll=poll,
            now=self.stage.tick(600),
        )
        opinions.record_opinion_ratios(actor=handler, key=self.c.key, now=self.stage.tick())
        self._import_ledger(handler)
        self._propose_severe(handler)
        first, _last = self.days("self_review")
        self.stage.at(first)
        self._advance(poll_state="opened")
        waits = {"CZD17", "CZD28"} if self.year == 2025 else set()
        for unit in self.units():
            self._fill(unit, submit=unit.code not in waits)

    def _answer_opinions(self, handler: Any, share: float) -> None:
        for opinion in list(evaluation.opinions(key=self.c.key, open_only=True)):
            if fraction(opinion.uid, "early") >= share:
                continue
            reasonable = fraction(opinion.uid, "reasonable") < 0.7
            opinions.answer_opinion(
                actor=handler,
                opinion=opinion,
                reasonable=reasonable,
                answer=words.ANSWER_YES if reasonable else words.ANSWER_NO,
                closed=fraction(opinion.uid, "closed") < 0.8,
                now=self.stage.tick(),
            )

    def _import_ledger(self, handler: Any) -> None:
        """The office's own ledger of due and done, as the XLSX that it would keep."""
        before, day = date(self.year, 11, 28), date(self.year, 11, 30)
        self.stage.at(before, 17)
        overdue.record_overdue(actor=handler, on=before, now=self.stage.tick())
        leaves = list(self.rulebook.rubric.leaves())
        self.stage.at(day, 17)
        import_register(
            actor=handler,
            whose=self.c,
            filename=f"台账{self.year}.xlsx",
            content=register_file([unit.code for unit in self.units()], day),
            confirmed=True,
            items={one.code: one.sources["register"] for one in leaves if "register" in one.sources},
            units=register.short_names(),
            now=self.stage.tick(),
        )

    def _propose_severe(self, handler: Any) -> None:
        """A major deduction that is confirmed at once, a veto that is refused, and one that waits for its second person."""
        departments = [one.code for one in self.units() if one.kind == "department"]
        for unit, (item, value, what) in zip(departments[5:], words.SEVERE, strict=False):
            severe_verbs.propose_severe(
                actor=handler,
                campaign=self.c,
                given=Given(
                    unit=unit,
                    item=item,
                    value=value,
                    on=date(self.year, 9, 18).isoformat(),
                    document=f"示例文书〔{self.year}〕{unit}号",
                    reason=what,
                    file=f"{what[:6]}.docx",
                ),
                content=scan(f"示例文书〔{self.year}〕{unit}号：{what}"),
                confirmed=True,
                now=self.stage.tick(600),
            )
        for waits, (second, agreed, why) in zip(
            severes.waiting(self.c).order_by("id"),
            (("qianfa", True, ""), ("fuzeren", False, words.SEVERE_REFUSED)),
            strict=False,
        ):
            severe_verbs.second_severe(
                actor=self.stage.actor(second),
                ruling=waits,
                agreed=agreed,
                reason=why,
                now=self.stage.tick(600),
            )

    def _fill(self, unit: Unit, *, submit: bool) -> None:
        liaison = self.stage.actor(unit.code.lower())
        form = self_reviews.of_unit(self.c, unit.code)
        assert form is not None
        for number, one in enumerate(items.self_reviewed(self.c, unit.kind)):
            if not submit and number > 12:
                return
            claim = (
                submit
                and one.code == "K4.3.d"
                and unit.kind == "department"
                and fraction(unit.code, "hall") < 0.5
            )
            self_review_verbs.save_answer(
                actor=liaison,
                self_review=form,
                item=one.code,
                level=""
                if claim
                else pick(LEVELS, (6, 3, 1, 0.2, 0.1), unit.code, one.code, self.year, "own"),
                not_applicable=claim,
                text=words.NO_HALL if claim else f"{one.title}：{words.SELF_TEXT}",
                now=self.stage.tick(2),
            )
            if number % 7 == 0:
                self_review_verbs.add_artefact(
                    actor=liaison,
                    self_review=form,
                    item=one.code,
                    url=f"http://{unit.code.lower()}.kaoping.test/wj/",
                    now=self.stage.tick(1),
                )
        if submit:
            self_review_verbs.submit(actor=liaison, self_review=form, now=self.stage.tick(5))

    def _review(self) -> None:
        handler = self.stage.actor("jingban")
        first, _last = self.days("review")
        self.stage.at(first)
        for form in list(self_reviews.forms(self.c)):
            if form.state == "draft":
                self_review_verbs.name_as_missing(
                    actor=handler, self_review=form, reason="两次催报未交（示例）", now=self.stage.tick()
                )
        assigning.assign_evenly(
            actor=handler,
            campaign=self.c,
            reviewers=[self.stage.person(username) for username in REVIEWERS],
            per_unit=2,
            now=self.stage.tick(),
        )
        self._advance()
        for answer in list(self_reviews.claims(self.c, undecided_only=True)):
            applicability.decide_claim(
                actor=handler,
                answer=answer,
                accepted=True,
                reason="没有对外服务场所，属实（示例）",
                now=self.stage.tick(),
            )
        left = dict.fromkeys(REVIEWERS, UNSCORED)
        for row in reversed(list(reviews.assignments(self.c))):
            left[row.reviewer.username] -= 1
            if left[row.reviewer.username] < 0:  # each expert finds some forms that still wait
                self._score(row)

    def _score(self, row: Any) -> None:
        reviewer = self.stage.actor(row.reviewer.username)
        unit = row.organisation.code
        quality = fraction(unit, self.year, "quality")
        for one in reviews.items_to_score(row):
            weights = (0.6 + 9 * quality, 3, 2.4 - 2 * quality, 0.9 - 0.8 * quality, 0.25 - 0.2 * quality)
            level = pick(
                LEVELS, weights, unit, one.item.code, self.year, row.reviewer_alias if quality < 0.2 else ""
            )
            review_verbs.save_score(
                actor=reviewer,
                assignment=row,
                item=one.item.code,
                level=level,
                comment=words.COMMENTS[level],
                now=self.stage.tick(2),
            )
        review_verbs.finish(actor=reviewer, assignment=row, now=self.stage.tick())

    def _preview(self) -> None:
        handler = self.stage.actor("jingban")
        self.stage.at(self.days("review")[1])
        for row in reviews.assignments(self.c):
            if row.finished_at is None:
                self._score(row)
        for waits in severes.waiting(self.c):
            severe_verbs.second_severe(
                actor=self.stage.actor("fuzeren"), ruling=waits, agreed=True, now=self.stage.tick(600)
            )
        review_verbs.close_round(actor=handler, campaign=self.c, now=self.stage.tick())
        sheet.compute_sheet(actor=handler, campaign=self.c, occasion="preview", now=self.stage.tick())
        self.stage.at(self.days("preview")[0])
        self._advance()

    def _appeals(self) -> None:
        self.stage.at(self.days("preview")[1])
        for code, item, claim in words.APPEALS:
            appeal.file_appeal(
                actor=self.stage.actor(code.lower()),
                campaign=self.c,
                organisation=code,
                item=self._lost(code, item),
                claim=claim,
                url=f"http://{code.lower()}.kaoping.test/wj/",
                now=self.stage.tick(600),
            )
        self._advance()

    def _lost(self, unit: str, item: str) -> str:
        """The item, or the unit's first one that lost points: what cost nothing is not appealed."""
        latest = sheets.latest(self.c)
        detail = sheets.unit_detail(latest, unit) if latest else None
        wanted = [item, *(one.code for one in items.items(self.c) if one.role == "item")]
        given = detail["indicators"] if detail else {}
        return next(
            (
                code
                for code in wanted
                if code in given
                and given[code]["status"] == "scored"
                and detail
                and not nothing_lost("item", given[code], sheets.exact_max(self.c, detail, code))
            ),
            item,
        )

    def _published(self) -> None:
        handler, decider = self.stage.actor("jingban"), self.stage.actor("fuhe")
        self.stage.at(self.days("appeals")[1])
        for number, one in enumerate(list(appeal_reads.appeals(self.c, open_only=True))):
            upheld = number == 0
            appeal.decide_appeal(
                actor=decider,
                appeal=one,
                outcome="upheld" if upheld else "rejected",
                decision="所附网页属实，改为满分（示例）" if upheld else "没有新的证据（示例）",
                change=appeal.Change(points=items.item(self.c, one.item).max) if upheld else None,  # type: ignore[union-attr]
                now=self.stage.tick(600),
            )
        closes = self.c.appeals_close_at
        assert closes is not None
        self.stage.at(max((closes + timedelta(days=1)).date(), self.days("published")[0]))
        sheet.compute_sheet(actor=handler, campaign=self.c, occasion="final", now=self.stage.tick())
        sign_off.sign_off(
            actor=self.stage.actor("qianfa"),
            campaign=self.c,
            typed_year=str(self.year),
            now=self.stage.tick(600),
        )
        for unit in self.units():
            if must_state(unit.kind):
                state_accountability(
                    actor=self.stage.actor(unit.code.lower()),
                    campaign=self.c,
                    unit=unit.code,
                    choice=NONE,
                    now=self.stage.tick(),
                )
        self._advance()
        release = publication.freeze(
            actor=handler, campaign=self.c, typed_year=str(self.year), now=self.stage.tick()
        )
        self.sign("result")
        publication.publish(actor=handler, release=release, now=self.stage.tick(600))
