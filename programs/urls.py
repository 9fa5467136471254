"""Addresses of the schedule, sessions, programs and cohorts."""

from django.urls import path

from programs.views import attendance, program, resource, schedule, session

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
    path("enrollments/<int:pk>/withdraw/", program.EnrollmentWithdraw.as_view(), name="enrollment-withdraw"),
    path("trainers/", resource.TrainerList.as_view(), name="trainer-list"),
    path("trainers/<int:pk>/", resource.TrainerDetail.as_view(), name="trainer-detail"),
    path("trainers/<int:pk>/edit/", resource.TrainerEdit.as_view(), name="trainer-edit"),
    path("trainers/<int:pk>/calendar/renew/", resource.TrainerCalendarRenew.as_view(), name="trainer-calendar-renew"),
    path("venues/", resource.VenueList.as_view(), name="venue-list"),
    path("venues/<int:pk>/", resource.VenueDetail.as_view(), name="venue-detail"),
    path("venues/<int:pk>/edit/", resource.VenueEdit.as_view(), name="venue-edit"),
    path("trainers/new/", resource.TrainerNew.as_view(), name="trainer-new"),
    path("venues/new/", resource.VenueNew.as_view(), name="venue-new"),
]
