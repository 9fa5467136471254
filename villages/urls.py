"""Addresses of villages, people and numbers."""

from django.urls import URLPattern, URLResolver, path

from villages.views import assessment, consent, contact, criteria, duplicate, edition, person, village

NUMBER = "people/<int:pk>/numbers/<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("regions/editions/", edition.EditionList.as_view(), name="edition-list"),
    path("regions/editions/new/", edition.EditionNew.as_view(), name="edition-new"),
    path("regions/editions/<int:pk>/", edition.EditionDetail.as_view(), name="edition-detail"),
    path("regions/editions/<int:pk>/load/", edition.EditionLoad.as_view(), name="edition-load"),
    path("regions/editions/<int:pk>/dismiss/", edition.EditionDismiss.as_view(), name="edition-dismiss"),
    path("regions/editions/<int:pk>/follow/", edition.EditionFollow.as_view(), name="edition-follow"),
    path("regions/changes/<int:pk>/", edition.ChangeDetail.as_view(), name="change-detail"),
    path("villages/new/", village.VillageNew.as_view(), name="village-new"),
    path("villages/<int:pk>/poster/", village.VillagePoster.as_view(), name="village-poster"),
    path("villages/<int:pk>/people/", person.PersonList.as_view(), name="person-list"),
    path("villages/<int:pk>/consents/", consent.VillageConsents.as_view(), name="village-consents"),
    path("villages/<int:pk>/people/new/", person.PersonNew.as_view(), name="person-new"),
    path("villages/<int:pk>/assessments/", assessment.AssessmentList.as_view(), name="assessment-list"),
    path("villages/<int:pk>/assessments/new/", assessment.AssessmentNew.as_view(), name="assessment-new"),
    path("assessments/<int:pk>/", assessment.AssessmentDetail.as_view(), name="assessment-detail"),
    path("assessments/<int:pk>/edit/", assessment.AssessmentScores.as_view(), name="assessment-edit"),
    path("assessments/<int:pk>/day/", assessment.AssessmentDay.as_view(), name="assessment-day"),
    path("assessments/<int:pk>/finalise/", assessment.AssessmentFinalise.as_view(), name="assessment-finalise"),
    path("criteria-sets/", criteria.CriteriaSetList.as_view(), name="criteria-set-list"),
    path("criteria-sets/new/", criteria.CriteriaSetNew.as_view(), name="criteria-set-new"),
    path("criteria-sets/<int:pk>/", criteria.CriteriaSetDetail.as_view(), name="criteria-set-detail"),
    path("criteria-sets/<int:pk>/edit/", criteria.CriteriaSetEdit.as_view(), name="criteria-set-edit"),
    path("criteria-sets/<int:pk>/publish/", criteria.CriteriaSetPublish.as_view(), name="criteria-set-publish"),
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
    path(f"{NUMBER}trust/", contact.NumberTrust.as_view(), name="number-trust"),
    path(f"{NUMBER}stop/", contact.NumberStop.as_view(), name="number-stop"),
    path(f"{NUMBER}resume/", contact.NumberResume.as_view(), name="number-resume"),
    path(f"{NUMBER}link/renew/", contact.LinkRenew.as_view(), name="link-renew"),
    path(f"{NUMBER}link/revoke/", contact.LinkRevoke.as_view(), name="link-revoke"),
]
