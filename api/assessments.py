"""The eight criteria, how villages were scored by them, and what a cohort is proposed from the weakest."""

from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.accounts import NamedPlace
from api.base import AbleView, ScopedViewSet
from api.fields import Day, Named, ScopedRelatedField, Words, visible
from api.shapes import Output
from programs.models import Cohort
from programs.proposal import proposal_for
from programs.rules import Can as CanProgram
from programs.states import MODE_OF, Mode, ModuleCode
from villages.actions import (
    change_assessment,
    finalise_assessment,
    score_assessment,
    start_assessment,
    submit_assessment,
)
from villages.filters import AssessmentFilter, CriteriaSetFilter
from villages.models import Assessment, CriteriaSet, CriterionDefinition, Score, Village
from villages.models.assessment import LONGEST_EVIDENCE
from villages.rules import Can
from villages.scores import HUNDREDTHS, total
from villages.states import AssessmentKind, Criterion


class CriterionOut(Output[CriterionDefinition]):
    """One criterion of a set: its weight in basis points (1250 are 12.5 percent) and what each value means."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = CriterionDefinition
        fields = ["code", "name", "weight", "anchors_id", "anchors_en"]


class CriteriaSetOut(Output[CriteriaSet]):
    """One version of the eight criteria; kept once published."""

    criteria = CriterionOut(source="lines", many=True, read_only=True)

    class Meta:
        model = CriteriaSet
        fields = ["id", "name", "source", "lowest", "highest", "in_force_from", "state", "published_at", "criteria"]


class CriteriaSetViewSet(ScopedViewSet[CriteriaSet]):
    """What villages are assessed by; drafted and published on the administrator's page."""

    model = CriteriaSet
    serializer_class = CriteriaSetOut
    filterset_class = CriteriaSetFilter
    abilities = {"list": Can.READ_CRITERIA, "retrieve": Can.READ_CRITERIA}
    orderings = ("-in_force_from",)

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the criteria along."""
        return rows.prefetch_related("definitions")


class ScoreOut(Output[Score]):
    """One criterion's value and what shows it; in a draft either may still be missing."""

    class Meta:
        model = Score
        fields = ["criterion", "value", "evidence"]


class AssessmentOut(Output[Assessment]):
    """How a village stood on one day; `total` is the weighted mean, and compares within one set only."""

    village = NamedPlace(read_only=True)
    scores = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    submitted_by = Named()
    final_by = Named()

    class Meta:
        model = Assessment
        fields = [
            *("id", "village", "criteria_set", "kind", "as_of", "state", "version", "scores", "total"),
            *("submitted_at", "submitted_by", "final_at", "final_by"),
        ]

    @extend_schema_field(ScoreOut(many=True))
    def get_scores(self, assessment: Assessment) -> Any:
        """List what is scored, in the order of the criteria."""
        known = {score.criterion: score for score in assessment.scores.all()}
        return ScoreOut([known[code] for code in Criterion.values if code in known], many=True).data

    @extend_schema_field(serializers.DecimalField(max_digits=4, decimal_places=2, allow_null=True))
    def get_total(self, assessment: Assessment) -> str | None:
        """Write the total as a decimal string; null until every criterion has a value."""
        hundredths = total(assessment)
        return None if hundredths is None else str((Decimal(hundredths) / HUNDREDTHS).quantize(Decimal("0.01")))


class ScoreIn(serializers.Serializer[Any]):
    """What is known of one criterion so far."""

    criterion = serializers.ChoiceField(choices=Criterion.choices)
    value = serializers.IntegerField(min_value=0, max_value=9, required=False, allow_null=True)
    evidence = Words(max_length=LONGEST_EVIDENCE, required=False, allow_blank=True)


class ScoresIn(serializers.Serializer[Any]):
    """Scores to keep in a draft; criteria left out stay as they are."""

    scores = serializers.ListField(child=ScoreIn(), required=False, max_length=len(Criterion))

    def validate_scores(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Take each criterion once."""
        if len({row["criterion"] for row in rows}) < len(rows):
            raise serializers.ValidationError(_("Name each criterion once."))
        return rows


class AssessmentIn(ScoresIn):
    """An assessment to begin, with what is scored already."""

    village = ScopedRelatedField(Village)
    kind = serializers.ChoiceField(choices=AssessmentKind.choices)
    as_of = Day()


class AssessmentChange(ScoresIn):
    """What may change in a draft; `version` is the one you read, and whoever wrote on an older one is told."""

    kind = serializers.ChoiceField(choices=AssessmentKind.choices, required=False)
    as_of = Day(required=False)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class AssessmentViewSet(ScopedViewSet[Assessment]):
    """Assessments of villages on the eight criteria."""

    model = Assessment
    serializer_class = AssessmentOut
    filterset_class = AssessmentFilter
    abilities = {
        **dict.fromkeys(("list", "retrieve"), Can.READ_ASSESSMENT),
        **dict.fromkeys(("create", "partial_update", "submit"), Can.ASSESS_VILLAGE),
        "finalise": Can.FINALISE_ASSESSMENT,
    }
    orderings = ("-as_of", "village__name")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along the scores, the set that gives them their meaning, the place and who had it in hand."""
        read = rows.select_related("criteria_set", "village__region__parent__parent", "submitted_by", "final_by")
        return read.prefetch_related("scores", "criteria_set__definitions")

    @extend_schema(request=AssessmentIn, responses={201: AssessmentOut})
    def create(self, _request: Request) -> Response:
        """Begin an assessment; it follows the criteria in force on its day."""
        given = self.heard(AssessmentIn)
        scores = _scores(given.pop("scores", []))
        self._refuse_kind(given["kind"])
        with transaction.atomic():
            assessment = start_assessment(**given, by=self.user, at=now())
            if scores:
                score_assessment(assessment, scores=scores, by=self.user, at=now())
        return self.shown(assessment, status=status.HTTP_201_CREATED)

    @extend_schema(request=AssessmentChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct kind or day, and keep scores, while it is a draft."""
        assessment = self.get_object()
        given = self.heard(AssessmentChange, whole=True)  # every line names its criterion, also in a PATCH
        kind, as_of = given.get("kind", assessment.kind), given.get("as_of", assessment.as_of)
        self._refuse_kind(kind)
        known = {row.criterion: (row.value, row.evidence) for row in assessment.scores.all()}
        scores = _scores(given.get("scores", []), known)
        with transaction.atomic():
            score_assessment(assessment, scores=scores, version=given.get("version"), by=self.user, at=now())
            change_assessment(assessment, kind=kind, as_of=as_of, by=self.user, at=now())
        return self.shown(assessment)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Hand it in; all eight criteria have a value and something that shows it."""
        assessment = self.get_object()
        submit_assessment(assessment, by=self.user, at=now())
        return self.shown(assessment)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def finalise(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it into the record; not by who submitted it."""
        assessment = self.get_object()
        finalise_assessment(assessment, by=self.user, at=now())
        return self.shown(assessment)

    def _refuse_kind(self, kind: str) -> None:
        if not self.user.has_perm(Can.ASSESS_VILLAGE, Assessment(kind=kind)):
            raise PermissionDenied


def _scores(
    rows: list[dict[str, Any]], known: dict[str, tuple[int | None, str]] | None = None
) -> dict[str, tuple[int | None, str]]:
    """Complete what was sent by what is kept: a value without evidence leaves the evidence as it is."""
    scores = {}
    for row in rows:
        value, evidence = (known or {}).get(row["criterion"], (None, ""))
        scores[row["criterion"]] = row.get("value", value), row.get("evidence", evidence)
    return scores


class NeedOut(serializers.Serializer[Any]):
    """What one module is proposed to be: minutes, visits or claims by its mode; 0 is nothing."""

    module = serializers.ChoiceField(choices=ModuleCode.choices)
    mode = serializers.SerializerMethodField()
    amount = serializers.IntegerField()
    criterion = serializers.ChoiceField(choices=Criterion.choices)
    value = serializers.IntegerField()
    reason = serializers.CharField()

    @extend_schema_field(serializers.ChoiceField(choices=Mode.choices))
    def get_mode(self, need: Any) -> str:
        """Say how the module is delivered."""
        return str(MODE_OF[ModuleCode(need.module)])


class ProposalOut(serializers.Serializer[Any]):
    """What a cohort is proposed, and by which assessment; `assessment` is null when the village has none."""

    assessment = serializers.IntegerField(source="assessment.pk", allow_null=True, default=None)
    state = serializers.CharField(source="assessment.state", allow_null=True, default=None)
    as_of = Day(source="assessment.as_of", allow_null=True, default=None)
    needs = serializers.SerializerMethodField()

    @extend_schema_field(NeedOut(many=True))
    def get_needs(self, proposal: Any) -> Any:
        """List the modules in their order."""
        return NeedOut(list(proposal.needs.values()), many=True).data


class CohortProposalViewSet(AbleView, GenericViewSet[Cohort]):
    """What a cohort is proposed from the weakest criteria of its village; nothing is written."""

    abilities = {"proposal": CanProgram.PLAN_COHORT}
    serializer_class = ProposalOut

    def get_queryset(self) -> models.QuerySet[Cohort]:
        """Read only what this user may see; the schema's maker sees nothing."""
        if getattr(self, "swagger_fake_view", False):
            return Cohort._default_manager.none()
        return visible(Cohort, self.user).select_related("village")

    @extend_schema(responses=ProposalOut)
    @action(detail=True, methods=["get"])
    def proposal(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Propose from the last final assessment, else from the last submitted."""
        return Response(ProposalOut(proposal_for(self.get_object().village, visible(Assessment, self.user))).data)
