"""Addresses of the days that are kept free."""

from django.urls import path

from almanac import views

urlpatterns = [
    path("calendar-blocks/", views.BlockList.as_view(), name="calendar-block-list"),
    path("calendar-blocks/new/", views.BlockNew.as_view(), name="calendar-block-new"),
    path("calendar-blocks/holidays/", views.HolidaysLoad.as_view(), name="holidays-load"),
    path("calendar-blocks/<int:pk>/edit/", views.BlockEdit.as_view(), name="calendar-block-edit"),
    path("calendar-blocks/<int:pk>/delete/", views.BlockDelete.as_view(), name="calendar-block-delete"),
]
