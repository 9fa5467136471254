"""How the villages stood on the eight criteria, and how Parengan moved in three months; the scores are invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.models import User
from common.dates import local_date
from config.demo.cast import Cast
from config.demo.places import Places
from config.demo.story import Story
from villages.actions import finalise_assessment, score_assessment, start_assessment, submit_assessment
from villages.models import Village
from villages.states import AssessmentKind, Criterion

C = Criterion


@dataclass(frozen=True)
class Look:
    """One assessment of the story: its day from today, its kind, and what was seen of each criterion."""

    day: int
    kind: str
    seen: dict[str, tuple[int, str]]


FIRST: Final = Look(
    -96,
    AssessmentKind.MENTOR,
    {
        C.UNIQUENESS: (3, "Motif bunga pacar dan udang dikenal pembeli di Lamongan. Belum ada yang terdaftar."),
        C.QUALITY: (2, "Dari 40 sarung yang diukur, 11 berbeda lebar lebih dari 2 cm. Ada satu lembar contoh."),
        C.PROCESS: (2, "Empat belas tahap dikenal semua perajin. Benang terlambat dua kali dalam tiga bulan."),
        C.MARKET: (3, "Tiga pembeli tetap di Surabaya dan Gresik. Harga dihitung kelompok sejak tahun lalu."),
        C.FINANCE: (1, "Tidak ada buku kas. Ongkos satu kodi ditaksir."),
        C.VILLAGE: (3, "Kelompok Krajan berisi 14 rumah. Desa meminjamkan balai untuk pelatihan."),
        C.MANAGEMENT: (2, "Ketua dipilih tahun lalu. NIB kelompok belum diurus."),
        C.INFRASTRUCTURE: (3, "Mobil bak masuk sampai Gading. Listrik padam sekali sebulan."),
    },
)
LATER: Final = Look(
    -9,
    AssessmentKind.LPEI,
    {
        C.UNIQUENESS: (4, "Cerita motif sudah ditulis dan dipakai di pameran Surabaya."),
        C.QUALITY: (3, "Lembar spesifikasi dipakai 9 dari 14 rumah. Dua kodi diperiksa, 8 lembar diulang."),
        C.PROCESS: (3, "Jadwal pewarnaan dipasang di sentra. Tiga pesanan terakhir tepat waktu."),
        C.MARKET: (3, "Contoh kain dikirim ke dua eksportir Surabaya. Belum ada pesanan langsung."),
        C.FINANCE: (2, "Buku kas dimulai dua bulan lalu. Catatan penjualan tiga bulan belum lengkap."),
        C.VILLAGE: (4, "Delapan belas rumah ikut, lima di antaranya dipimpin anak muda."),
        C.MANAGEMENT: (2, "Rapat bulanan berjalan. NIB masih diurus."),
        C.INFRASTRUCTURE: (3, "Sentra memakai gudang bersama milik desa. Internet cukup untuk berjualan."),
    },
)
NEIGHBOUR: Final = Look(
    -14,
    AssessmentKind.SELF,
    {
        C.UNIQUENESS: (2, "Motif sama dengan desa sebelah. Warna alam mulai dicoba."),
        C.QUALITY: (2, "Setiap rumah punya ukuran sendiri."),
        C.PROCESS: (1, "Menenun bila sawah selesai. Lama pengerjaan belum pernah dicatat."),
        C.MARKET: (2, "Dijual di pasar Pangean dan kepada satu pengepul."),
        C.FINANCE: (2, "Penjualan dicatat di buku tulis sejak Agustus."),
        C.VILLAGE: (3, "Satu kelompok dengan 6 rumah. Kepala desa hadir di setiap rapat."),
        C.MANAGEMENT: (2, "Ketua dan bendahara ada, tugas belum tertulis."),
        C.INFRASTRUCTURE: (4, "Balai dan gudang dekat jalan besar. Kurir menjemput dua kali seminggu."),
    },
)


class Course:
    """One assessment on its way through the story."""

    def __init__(self, village: Village, look: Look, *, by: User, final_by: User | None) -> None:
        self.village, self.look, self.by, self.final_by = village, look, by, final_by

    def tell(self, story: Story) -> None:
        """Put its acts into the story: scored and submitted in one afternoon, final two days later."""
        when = story.moment(self.look.day, "15:00", self.village.zone)
        story.then(when, self.assess)
        if self.final_by is not None:
            story.then(when + timedelta(days=2), self.finalise)

    def assess(self, at: datetime) -> None:
        """Score it as the person who was there."""
        as_of = local_date(at, self.village.zone)
        row = start_assessment(village=self.village, kind=self.look.kind, as_of=as_of, by=self.by, at=at)
        score_assessment(row, scores=self.look.seen, by=self.by, at=at)
        submit_assessment(row, by=self.by, at=at)

    def finalise(self, at: datetime) -> None:
        """Take it into the record, by another hand."""
        row = self.village.assessments.get(kind=self.look.kind)
        finalise_assessment(row, by=self.final_by or self.by, at=at)


def tell_assessments(story: Story, cast: Cast, places: Places) -> None:
    """Parengan is assessed twice, Pangean once and not yet final."""
    Course(places.parengan, FIRST, by=cast.made, final_by=cast.sari).tell(story)
    Course(places.parengan, LATER, by=cast.sari, final_by=cast.admin).tell(story)
    Course(places.pangean, NEIGHBOUR, by=cast.agus, final_by=None).tell(story)
