"""Addresses of villages, people and numbers."""

from django.urls import URLPattern, URLResolver, path

from villages.views import contact, duplicate, person, village

NUMBER = "people/<int:pk>/numbers/<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("villages/new/", village.VillageNew.as_view(), name="village-new"),
    path("villages/<int:pk>/poster/", village.VillagePoster.as_view(), name="village-poster"),
    path("villages/<int:pk>/people/", person.PersonList.as_view(), name="person-list"),
    path("villages/<int:pk>/people/new/", person.PersonNew.as_view(), name="person-new"),
    path("people/duplicates/", duplicate.DuplicateList.as_view(), name="duplicate-list"),
    path("people/<int:pk>/merge/", duplicate.PersonMerge.as_view(), name="person-merge"),
    path("people/<int:pk>/not-duplicate/", duplicate.PersonApart.as_view(), name="person-apart"),
    path("people/<int:pk>/", person.PersonDetail.as_view(), name="person-detail"),
    path("people/<int:pk>/edit/", person.PersonEdit.as_view(), name="person-edit"),
    path("people/<int:pk>/anonymise/", person.PersonAnonymise.as_view(), name="person-anonymise"),
    path("people/<int:pk>/numbers/", person.PersonNumbers.as_view(), name="person-numbers"),
    path("people/<int:pk>/numbers/new/", contact.ContactNew.as_view(), name="contact-new"),
    path("people/<int:pk>/consent/", contact.ConsentGive.as_view(), name="consent-give"),
    path("people/<int:pk>/consent/withdraw/", contact.ConsentWithdraw.as_view(), name="consent-withdraw"),
    path(f"{NUMBER}remove/", contact.ContactRemove.as_view(), name="contact-remove"),
    path(f"{NUMBER}mark/", contact.NumberMark.as_view(), name="number-mark"),
    path(f"{NUMBER}stop/", contact.NumberStop.as_view(), name="number-stop"),
    path(f"{NUMBER}resume/", contact.NumberResume.as_view(), name="number-resume"),
    path(f"{NUMBER}link/renew/", contact.LinkRenew.as_view(), name="link-renew"),
    path(f"{NUMBER}link/revoke/", contact.LinkRevoke.as_view(), name="link-revoke"),
]
