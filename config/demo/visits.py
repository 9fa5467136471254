"""The mentors' visits: approved, waiting, given back and still a draft, with what was agreed there."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.models import User
from config.demo.pictures import cloths
from config.demo.story import Story
from mentoring.actions import (
    Address,
    approve_visit,
    drop_action,
    finish_action,
    keep_photo,
    put_visit,
    return_visit,
)
from mentoring.content import Agreed, Came, Followed, Found, VisitContent
from mentoring.models import ActionItem
from mentoring.states import ActionState, VisitMode, VisitState
from programs.models import Cohort
from programs.states import ModuleCode
from villages.models import Person
from villages.states import Criterion

C = ModuleCode
PHOTOS = 3  # of each recent visit
RECENT = 45  # days


@dataclass(frozen=True)
class Task:
    """Something agreed; `due` counts days from the visit, `settled` from there too."""

    what: str
    who: str
    due: int
    settled: int | None = None
    dropped: str = ""


@dataclass(frozen=True)
class Trip:
    """One visit of the story; days count from today."""

    day: int
    modules: tuple[str, ...]
    summary: str
    ends: str  # "approved", "submitted", "returned", "draft"
    tasks: tuple[Task, ...] = ()
    finding: str = ""
    follows: tuple[tuple[int, str, str], ...] = ()  # the earlier day, what was agreed, what shows it done
    mode: str = VisitMode.ON_SITE


PARENGAN: Final = (
    Trip(
        -80,
        (C.HANDHOLDING,),
        "Mendatangi enam rumah tenun. Alat pintal dua rumah perlu diperbaiki.",
        "approved",
        (Task("Memperbaiki dua alat pintal", "Pak Kusnan", 20),),
    ),
    Trip(
        -63,
        (C.HANDHOLDING, C.FINANCE),
        "Membuka buku kas bersama kelompok. Catatan penjualan belum lengkap.",
        "approved",
        (Task("Melengkapi catatan penjualan tiga bulan", "Bu Lidia", 21, settled=20),),
        "Catatan penjualan belum lengkap.",
        ((-80, "Memperbaiki dua alat pintal", "Kedua alat dipakai lagi, dilihat di rumahnya."),),
    ),
    Trip(
        -45,
        (C.HANDHOLDING,),
        "Mencoba pewarna baru. Hasilnya rata, tetapi butuh waktu jemur lebih lama.",
        "approved",
        (Task("Mencoba pewarna indigo", "Bu Tutik", 10, settled=3, dropped="Bahan tidak tersedia di Lamongan"),),
    ),
    Trip(
        -26,
        (C.FINANCE, C.INTERNATIONAL_TRADE),
        "Menyusun arus kas dan berkas untuk eksportir.",
        "approved",
        (Task("Mengirim contoh kain ke Surabaya", "Bu Wahyu", 14), Task("Mengurus NIB kelompok", "Pak Khoirul", 40)),
    ),
    Trip(
        -12,
        (C.HANDHOLDING,),
        "Memeriksa hasil pesanan.",
        "returned",
        (Task("Menimbang benang per kodi", "Bu Sumiati", 9),),
    ),
    Trip(
        -4,
        (C.HANDHOLDING, C.QUALITY_ASSURANCE),
        "Memeriksa dua kodi sarung. Delapan lembar perlu diulang.",
        "submitted",
        (Task("Mengulang delapan lembar", "Bu Siti", 7), Task("Membuat lembar periksa", "Bu Endang", 2)),
    ),
    Trip(-1, (C.INTERNATIONAL_TRADE,), "Menelepon eksportir bersama Pak Khoirul.", "draft", mode=VisitMode.PHONE),
)
PANGEAN: Final = (
    Trip(-40, (C.HANDHOLDING,), "Berkenalan dengan kelompok baru dan melihat alat tenun.", "approved"),
    Trip(-8, (C.HANDHOLDING,), "Membahas pembagian tugas setelah pelatihan.", "submitted"),
)
SUKARARA: Final = (
    Trip(
        -50,
        (C.HANDHOLDING,),
        "Melihat proses songket di empat rumah.",
        "approved",
        (Task("Mendata motif", "Bu Baiq", 20, settled=15),),
    ),
    Trip(-20, (C.HANDHOLDING, C.FINANCE), "Menghitung biaya satu lembar songket.", "approved"),
    Trip(
        -6,
        (C.HANDHOLDING,),
        "Memilih contoh untuk pameran.",
        "submitted",
        (Task("Mengirim foto contoh", "Pak Lalu", 5),),
    ),
)


class Course:
    """One visit on its way through the story."""

    def __init__(self, cohort: Cohort, people: list[Person], trip: Trip, *, mentor: User, by: User) -> None:
        self.cohort, self.people, self.trip, self.mentor, self.by = cohort, people, trip, mentor, by
        self.id = self._key("visit")

    def tell(self, story: Story) -> None:
        """Put its acts into the story."""
        when = story.moment(self.trip.day, "10:00", self.cohort.village.zone)
        story.then(when + timedelta(hours=3), self.put)
        if self.trip.ends in ("approved", "returned"):
            story.then(when + timedelta(days=2), self.review)
        for task in self.trip.tasks:
            if task.settled is not None:
                story.then(when + timedelta(days=task.settled), partial(self.settle, task))

    def put(self, at: datetime) -> None:
        """Send it as the phone would: the words first, then its photos; of a visit that waits one is still to come."""
        photos = cloths(self.id, abs(self.trip.day), PHOTOS) if self.trip.day > -RECENT else {}
        content = replace(self._content(at), photos=tuple(photos))
        put_visit(id=self.id, content=content, by=self.mentor, at=at)
        arrived = PHOTOS if self.trip.ends == "approved" else PHOTOS - 1
        for photo in [*photos][:arrived]:
            keep_photo(Address(self.id, photo.id, self.mentor), sent=photos[photo], at=at)

    def review(self, at: datetime) -> None:
        """Approve it, or give it back."""
        visit = self.mentor.visits.get(pk=self.id)
        if self.trip.ends == "approved":
            approve_visit(visit, by=self.by, at=at)
        else:
            return_visit(visit, comment="Tuliskan siapa yang hadir dan berapa lembar diperiksa.", by=self.by, at=at)

    def settle(self, task: Task, at: datetime) -> None:
        """Verify that it was done, or give it up."""
        item = ActionItem.objects.get(pk=self._key(task.what))
        if task.dropped:
            drop_action(item, reason=task.dropped, by=self.by, at=at)
        else:
            finish_action(item, by=self.by, at=at)

    def _content(self, at: datetime) -> VisitContent:
        trip = self.trip
        came = self.people[abs(trip.day) % 3 :: 4]
        return VisitContent(
            village=self.cohort.village_id,
            program=self.cohort.program_id,
            visited_at=at - timedelta(hours=3),
            mode=trip.mode,
            modules=tuple(map(str, trip.modules)),
            summary=trip.summary,
            attendees=() if trip.ends == "returned" else tuple(Came(person=person.pk) for person in came),
            findings=(Found(trip.finding, criterion=Criterion.FINANCE),) if trip.finding else (),
            action_items=tuple(self._agreed(task, at) for task in trip.tasks),
            followed=tuple(
                Followed(self._key(what, day), ActionState.DONE, shown) for day, what, shown in trip.follows
            ),
            state=VisitState.DRAFT if trip.ends == "draft" else VisitState.SUBMITTED,
        )

    def _agreed(self, task: Task, at: datetime) -> Agreed:
        return Agreed(self._key(task.what), task.what, task.who, at.date() + timedelta(days=task.due))

    def _key(self, what: str, day: int | None = None) -> UUID:
        on = self.trip.day if day is None else day
        return uuid5(NAMESPACE_URL, f"demo:{self.cohort.village.code}:{on}:{what}")


def tell_visits(
    story: Story, cohort: Cohort, people: list[Person], trips: tuple[Trip, ...], *, mentor: User, by: User
) -> None:
    """Put one mentor's visits into the story."""
    for trip in trips:
        Course(cohort, people, trip, mentor=mentor, by=by).tell(story)
