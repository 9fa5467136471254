"""Addresses of the schedule, sessions, programs and cohorts."""

from django.urls import path

from programs.views import attendance, intake, program, resource, schedule, session

urlpatterns = [
    path("schedule/", schedule.Schedule.as_view(), name="schedule"),
    path("sessions/new/", session.SessionChoose.as_view(), name="session-choose"),
    path("programs/<int:pk>/sessions/new/", session.SessionNew.as_view(), name="session-new"),
    path("sessions/<int:pk>/", session.SessionDetail.as_view(), name="session-detail"),
    path("sessions/<int:pk>/edit/", session.SessionEdit.as_view(), name="session-edit"),
    path("sessions/<int:pk>/schedule/", session.SessionSchedule.as_view(), name="session-schedule"),
    path("sessions/<int:pk>/reschedule/", session.SessionReschedule.as_view(), name="session-reschedule"),
    path("sessions/<int:pk>/cancel/", session.SessionCancel.as_view(), name="session-cancel"),
    path("sessions/<int:pk>/attendance/", attendance.SessionAttendance.as_view(), name="session-attendance"),
    path("sessions/<int:pk>/walk-in/", attendance.SessionWalkIn.as_view(), name="session-walk-in"),
    path("sessions/<int:pk>/hold/", attendance.SessionHold.as_view(), name="session-hold"),
    path("sessions/<int:pk>/close/", attendance.SessionClose.as_view(), name="session-close"),
    path("programs/new/", program.ProgramNew.as_view(), name="program-new"),
    path("programs/<int:pk>/edit/", program.ProgramEdit.as_view(), name="program-edit"),
    path("programs/<int:pk>/cohorts/new/", program.CohortNew.as_view(), name="cohort-new"),
    path("cohorts/<int:pk>/", program.CohortDetail.as_view(), name="cohort-detail"),
    path("cohorts/<int:pk>/requirements/", program.CohortRequirements.as_view(), name="cohort-requirements"),
    path("cohorts/<int:pk>/enroll/", program.CohortEnroll.as_view(), name="cohort-enroll"),
    path("programs/<int:pk>/import/", intake.ProgramImport.as_view(), name="program-import"),
    path("cohorts/<int:pk>/import/", intake.CohortImport.as_view(), name="cohort-import"),
    path("imports/template/", intake.ImportTemplate.as_view(), name="import-template"),
    path("imports/<int:pk>/", intake.ImportDetail.as_view(), name="import-detail"),
    path("imports/<int:pk>/columns/", intake.ImportColumns.as_view(), name="import-columns"),
    path("imports/<int:pk>/step/", intake.ImportStep.as_view(), name="import-step"),
    path("imports/<int:pk>/commit/", intake.ImportCommit.as_view(), name="import-commit"),
    path("imports/<int:pk>/undo/", intake.ImportUndo.as_view(), name="import-undo"),
    path("imports/<int:pk>/discard/", intake.ImportDiscard.as_view(), name="import-discard"),
    path("imports/<int:pk>/errors/", intake.ImportErrors.as_view(), name="import-errors"),
    path("enrollments/<int:pk>/withdraw/", program.EnrollmentWithdraw.as_view(), name="enrollment-withdraw"),
    path("trainers/new/", resource.TrainerNew.as_view(), name="trainer-new"),
    path("venues/new/", resource.VenueNew.as_view(), name="venue-new"),
]
