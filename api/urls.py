"""Addresses of the API, version 1; the names are a contract."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from api import (
    accounts,
    acts,
    assessments,
    attendance,
    audit,
    blocks,
    budgets,
    business,
    buyers,
    certificates,
    claims,
    docs,
    downloads,
    editions,
    enrollments,
    exports,
    figures,
    handovers,
    held,
    intake,
    mentoring,
    notices,
    outcomes,
    papers,
    phone,
    photos,
    plans,
    programs,
    progress,
    reminders,
    replies,
    reports,
    resources,
    samples,
    sessions,
    villages,
)

router = SimpleRouter()
router.register("regions", villages.RegionViewSet, basename="api-region")
router.register("region-editions", editions.EditionViewSet, basename="api-region-edition")
router.register("region-changes", editions.RegionChangeViewSet, basename="api-region-change")
router.register("villages", villages.VillageViewSet, basename="api-village")
router.register("business-units", business.BusinessUnitViewSet, basename="api-business-unit")
router.register("people/import", intake.ImportViewSet, basename="api-import")  # before the people: it is no key
router.register("people", villages.PersonViewSet, basename="api-person")
router.register("contact-points", villages.ContactPointViewSet, basename="api-contact-point")
router.register("criteria-sets", assessments.CriteriaSetViewSet, basename="api-criteria-set")
router.register("assessments", assessments.AssessmentViewSet, basename="api-assessment")
router.register("modules", programs.ModuleViewSet, basename="api-module")
router.register("programs", programs.ProgramViewSet, basename="api-program")
router.register("cohorts", programs.CohortViewSet, basename="api-cohort")
router.register("cohorts", assessments.CohortProposalViewSet, basename="api-cohort-proposal")
router.register("cohorts", certificates.CohortCertificateViewSet, basename="api-cohort-certificate")
router.register("certificates", certificates.CertificateViewSet, basename="api-certificate")
router.register("requirements", programs.RequirementViewSet, basename="api-requirement")
router.register("enrollments", enrollments.EnrollmentViewSet, basename="api-enrollment")
router.register("trainers", resources.TrainerViewSet, basename="api-trainer")
router.register("venues", resources.VenueViewSet, basename="api-venue")
router.register("calendar-blocks", blocks.CalendarBlockViewSet, basename="api-calendar-block")
router.register("sessions", sessions.SessionViewSet, basename="api-session")
router.register("sessions", papers.SessionPaperViewSet, basename="api-session-paper")
router.register("sheet-photos", attendance.SheetPhotoViewSet, basename="api-sheet-photo")
router.register("attendance/absences", attendance.AbsenceViewSet, basename="api-absence")
router.register("messages", reminders.MessageViewSet, basename="api-message")
router.register("replies", replies.ReplyViewSet, basename="api-reply")
router.register("assignments", mentoring.AssignmentViewSet, basename="api-assignment")
router.register("visits", mentoring.VisitViewSet, basename="api-visit")
router.register("held-visits", held.HeldVersionViewSet, basename="api-held-visit")
router.register("visits", photos.VisitPhotoViewSet, basename="api-visit-photo")
router.register("visit-plans", plans.VisitPlanViewSet, basename="api-visit-plan")
router.register("action-items", mentoring.ActionItemViewSet, basename="api-action-item")
router.register("handovers", handovers.HandoverViewSet, basename="api-handover")
router.register("buyers", buyers.BuyerViewSet, basename="api-buyer")
router.register("leads", buyers.LeadViewSet, basename="api-lead")
router.register("export-transactions", exports.TransactionViewSet, basename="api-transaction")
router.register("region-figures", figures.FigureViewSet, basename="api-figure")
router.register("samples", samples.SampleViewSet, basename="api-sample")
router.register("shipments", samples.ShipmentViewSet, basename="api-shipment")
router.register("subsidy-schemes", budgets.SchemeViewSet, basename="api-scheme")
router.register("claims", claims.ClaimViewSet, basename="api-claim")
router.register("budgets", budgets.BudgetViewSet, basename="api-budget")
router.register("reports", reports.RegionReportViewSet, basename="api-report")
router.register("downloads", downloads.DownloadViewSet, basename="api-download")
router.register("audit-events", audit.AccessViewSet, basename="api-audit-event")
router.register("me/schedule", sessions.MySchedule, basename="api-my-schedule")
router.register("progress/programs", progress.ProgramProgressViewSet, basename="api-progress-program")
router.register("progress/villages", progress.VillageProgressViewSet, basename="api-progress-village")
router.register("progress/cohorts", progress.CohortProgressViewSet, basename="api-progress-cohort")
router.register("progress/people", progress.PersonProgressViewSet, basename="api-progress-person")

v1: list[URLPattern | URLResolver] = [
    path("auth/login/", accounts.Login.as_view(), name="api-login"),
    path("auth/logout/", accounts.Logout.as_view(), name="api-logout"),
    path("me/", accounts.Me.as_view(), name="api-me"),
    path("me/messages/", notices.MyMessages.as_view(), name="api-my-messages"),
    path("me/pack/", phone.MyPack.as_view(), name="api-my-pack"),
    path("me/calendar/", accounts.MyCalendar.as_view(), name="api-my-calendar"),
    path("attendance/sync/", acts.AttendanceSync.as_view(), name="api-attendance-sync"),
    path("progress/outcomes/", outcomes.OutcomesView.as_view({"get": "list"}), name="api-progress-outcomes"),
    *router.urls,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", docs.Schema.as_view(), name="api-schema"),
    path("docs/", docs.Docs.as_view(url_name="api-schema"), name="api-docs"),
    path("v1/", include(v1)),
    re_path(r"^.*", docs.Unknown.as_view(), name="api-unknown"),
]
