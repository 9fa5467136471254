"""Addresses of the schedule, sessions, programs and cohorts."""

from django.urls import path

from programs.views import attendance, calendar, discard, program, resource, schedule, series, session, shift

urlpatterns = [
    path("schedule/", schedule.Schedule.as_view(), name="schedule"),
    path("calendar-blocks/", calendar.BlockList.as_view(), name="calendar-block-list"),
    path("calendar-blocks/new/", calendar.BlockNew.as_view(), name="calendar-block-new"),
    path("calendar-blocks/holidays/", calendar.HolidaysLoad.as_view(), name="holidays-load"),
    path("calendar-blocks/<int:pk>/edit/", calendar.BlockEdit.as_view(), name="calendar-block-edit"),
    path("calendar-blocks/<int:pk>/delete/", calendar.BlockDelete.as_view(), name="calendar-block-delete"),
    path("sessions/new/", session.SessionChoose.as_view(), name="session-choose"),
    path("programs/<int:pk>/sessions/new/", session.SessionNew.as_view(), name="session-new"),
    path("sessions/shift/", shift.SessionShift.as_view(), name="session-shift"),
    path("cohorts/<int:pk>/series/", series.CohortSeries.as_view(), name="cohort-series"),
    path("sessions/<int:pk>/", session.SessionDetail.as_view(), name="session-detail"),
    path("sessions/<int:pk>/edit/", session.SessionEdit.as_view(), name="session-edit"),
    path("sessions/<int:pk>/trainers/", session.SessionTrainers.as_view(), name="session-trainers"),
    path("sessions/<int:pk>/schedule/", session.SessionSchedule.as_view(), name="session-schedule"),
    path("sessions/<int:pk>/reschedule/", session.SessionReschedule.as_view(), name="session-reschedule"),
    path("sessions/<int:pk>/cancel/", session.SessionCancel.as_view(), name="session-cancel"),
    path("sessions/<int:pk>/discard/", discard.SessionDiscard.as_view(), name="session-discard"),
    path("sessions/<int:pk>/attendance/", attendance.SessionAttendance.as_view(), name="session-attendance"),
    path("sessions/<int:pk>/walk-in/", attendance.SessionWalkIn.as_view(), name="session-walk-in"),
    path("sessions/<int:pk>/hold/", attendance.SessionHold.as_view(), name="session-hold"),
    path("sessions/<int:pk>/close/", attendance.SessionClose.as_view(), name="session-close"),
    path("programs/new/", program.ProgramNew.as_view(), name="program-new"),
    path("programs/<int:pk>/edit/", program.ProgramEdit.as_view(), name="program-edit"),
    path("programs/<int:pk>/cohorts/new/", program.CohortNew.as_view(), name="cohort-new"),
    path("cohorts/<int:pk>/", program.CohortDetail.as_view(), name="cohort-detail"),
    path("cohorts/<int:pk>/edit/", program.CohortEdit.as_view(), name="cohort-edit"),
    path("cohorts/<int:pk>/requirements/", program.CohortRequirements.as_view(), name="cohort-requirements"),
    path("cohorts/<int:pk>/enroll/", program.CohortEnroll.as_view(), name="cohort-enroll"),
    path("enrollments/<int:pk>/admit/", program.EnrollmentAdmit.as_view(), name="enrollment-admit"),
    path("enrollments/<int:pk>/withdraw/", program.EnrollmentWithdraw.as_view(), name="enrollment-withdraw"),
    path("trainers/new/", resource.TrainerNew.as_view(), name="trainer-new"),
    path("venues/new/", resource.VenueNew.as_view(), name="venue-new"),
]
