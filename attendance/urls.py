"""Addresses of the sheets of sessions, and of who keeps away."""

from django.urls import path

from attendance.views import absence, acts, door, paper, sheet

urlpatterns = [
    path("sessions/", paper.SessionFind.as_view(), name="session-find"),
    path("sessions/<int:pk>/attendance/", sheet.SessionAttendance.as_view(), name="session-attendance"),
    path("sessions/<int:pk>/walk-in/", sheet.SessionWalkIn.as_view(), name="session-walk-in"),
    path("sessions/<int:pk>/hold/", sheet.SessionHold.as_view(), name="session-hold"),
    path("sessions/<int:pk>/close/", sheet.SessionClose.as_view(), name="session-close"),
    path("sessions/<int:pk>/numbers/", paper.SessionNumbers.as_view(), name="session-numbers"),
    path("sessions/<int:pk>/photos/", paper.SessionPhotos.as_view(), name="session-photos"),
    path("sessions/<int:pk>/marks/", acts.SessionMarks.as_view(), name="session-marks"),
    path("sessions/<int:pk>/code/", door.SessionDoor.as_view(), name="session-door"),
    path("sheet-photos/<uuid:pk>/", paper.PhotoFile.as_view(), name="photo-file"),
    path("sheet-photos/<uuid:pk>/remove/", paper.PhotoRemove.as_view(), name="photo-remove"),
    path("seats/<int:pk>/", absence.SeatDetail.as_view(), name="seat-detail"),
    path("seats/<int:pk>/note/", absence.AbsenceNoteNew.as_view(), name="absence-note"),
    path("attendance/absences/", absence.AbsenceList.as_view(), name="absence-list"),
]
