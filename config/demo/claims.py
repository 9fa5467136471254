"""Parcels with samples and what became of their claims: paid, waiting for each hand, given back, still a draft."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from accounts.models import User
from common.dates import local_date, written_date
from common.numbers import rupiah
from config.demo.cast import Cast
from config.demo.program import Support
from config.demo.slips import slip
from config.demo.story import Story
from exports.actions import (
    add_document,
    approve_claim,
    close_claim,
    create_scheme,
    move_scheme,
    note_answer,
    note_delivery,
    pay_claim,
    register_sample,
    return_claim,
    ship_samples,
    start_claim,
    submit_claim,
    verify_claim,
)
from exports.models import Shipment, SubsidyClaim, SubsidyScheme
from exports.states import Answer, ClaimState, DocumentKind, SchemeState
from programs.models import Program
from villages.models import BusinessUnit

NAME: Final = "Subsidi kirim sampel"
ASKED: Final = (DocumentKind.WAYBILL, DocumentKind.RECEIPT)
COURSE: Final = (ClaimState.SUBMITTED, ClaimState.VERIFIED, ClaimState.APPROVED, ClaimState.PAID, ClaimState.CLOSED)
RETURNED: Final = "Foto bukti bayar kabur: jumlahnya tidak terbaca. Mohon difoto ulang di tempat terang."


@dataclass(frozen=True)
class Parcel:
    """One parcel of the story; days count from today, `hands` are those on which its claim went on."""

    day: int
    unit: str
    product: str
    quantity: int
    lot: str
    country: str
    courier: str
    waybill: str
    cost: int
    hands: tuple[int, ...] | None = ()  # None: nobody has claimed it
    returned: bool = False
    answer: str = ""
    words: str = ""
    arrived: int | None = None


LAMONGAN: Final = (
    Parcel(
        -88,
        "sentra",
        "Kain ikat 2 m, motif gunungan",
        4,
        "lembar",
        "JP",
        "Pos Indonesia",
        "EE100000001ID",
        1_450_000,
        hands=(-80, -78, -77, -70, -64),
        answer=Answer.ORDERED,
        words="Minta dua kodi untuk percobaan, warna indigo.",
        arrived=-76,
    ),
    Parcel(
        -52,
        "pangean",
        "Sarung ikat",
        6,
        "lembar",
        "MY",
        "JNE",
        "JNE0000000021",
        620_000,
        hands=(-44, -40, -39, -33),
        answer=Answer.INTERESTED,
        words="Menunggu daftar harga.",
        arrived=-46,
    ),
    Parcel(
        -30,
        "rokhayah",
        "Selendang ikat",
        5,
        "lembar",
        "NL",
        "DHL Express",
        "0000000031",
        2_380_000,
        hands=(-16, -9, -6),
        arrived=-24,
    ),
    Parcel(
        -21,
        "sentra",
        "Sarung doby",
        1,
        "kodi",
        "SG",
        "Pos Indonesia",
        "EE100000041ID",
        980_000,
        hands=(-10, -3, -1),
        answer=Answer.SILENT,
        arrived=-15,
    ),
    Parcel(
        -19,
        "bumdes",
        "Tas dari sisa kain",
        12,
        "pcs",
        "AU",
        "FedEx",
        "0000000051",
        1_760_000,
        hands=(-12, -8),
        arrived=-12,
    ),
    Parcel(
        -14, "sentra", "Songket benang perak", 2, "lembar", "JP", "Pos Indonesia", "EE100000061ID", 1_310_000, (-5,)
    ),
    Parcel(-12, "pangean", "Kain ikat sutra", 3, "lembar", "AE", "DHL Express", "0000000071", 2_050_000, (-1,)),
    Parcel(
        -9,
        "rokhayah",
        "Selendang pewarna alam",
        4,
        "lembar",
        "DE",
        "Pos Indonesia",
        "EE100000081ID",
        1_120_000,
        hands=(-6, -2),
        returned=True,
    ),
    Parcel(-4, "bandeng", "Abon bandeng 250 g", 10, "pcs", "MY", "JNE", "JNE0000000091", 480_000),
    Parcel(-1, "bumdes", "Sampul buku tenun", 20, "pcs", "SG", "JNE", "JNE0000000101", 390_000, hands=None),
)
LOMBOK: Final = (
    Parcel(-11, "sukarara", "Songket subahnale", 2, "lembar", "JP", "Pos Indonesia", "EE100000111ID", 890_000, (-4,)),
)
WAITS: Final = (("sentra", "Kain ikat pewarna alam", 3, "lembar"), ("bumdes", "Dompet kain tenun", 8, "pcs"))


class Course:
    """One parcel on its way through the story, and its claim through the hands."""

    def __init__(self, parcel: Parcel, unit: BusinessUnit, scheme: SubsidyScheme, *, hands: "Hands") -> None:
        self.parcel, self.unit, self.scheme, self.hands = parcel, unit, scheme, hands
        self.number = parcel.waybill

    def tell(self, story: Story) -> None:
        """Put its acts into the story."""
        zone = self.unit.region.zone
        story.then(story.moment(self.parcel.day, "11:00", zone), self.ship)
        if self.parcel.arrived is not None:
            story.then(story.moment(self.parcel.arrived, "16:00", zone), self.arrive)
        if self.parcel.answer:
            story.then(story.moment((self.parcel.arrived or -1) + 7, "09:30", zone), self.hear)
        if self.parcel.hands is None:
            return
        first = self.parcel.hands[0] if self.parcel.hands else -2
        story.then(story.moment(first, "09:00", zone), self.begin)
        for day, state in zip(self.parcel.hands, self.course, strict=False):
            story.then(story.moment(day, "13:00", zone), partial(self.go_on, state))

    @property
    def course(self) -> tuple[ClaimState, ...]:
        """The states its claim went through."""
        return (ClaimState.SUBMITTED, ClaimState.RETURNED) if self.parcel.returned else COURSE

    @property
    def shipment(self) -> Shipment:
        """The parcel as it is kept."""
        return Shipment.objects.get(waybill=self.number)

    @property
    def claim(self) -> SubsidyClaim:
        """The claim as it stands."""
        return SubsidyClaim.objects.get(shipment__waybill=self.number)

    def ship(self, at: datetime) -> None:
        """Write the sample down and send it."""
        told, by = self.parcel, self.hands.field
        sample = register_sample(
            business_unit=self.unit, product=told.product, quantity=Decimal(told.quantity), unit=told.lot, by=by, at=at
        )
        ship_samples(
            business_unit=self.unit,
            samples=[sample],
            buyer=None,
            country=told.country,
            courier=told.courier,
            waybill=told.waybill,
            shipped_on=local_date(at, self.unit.region.zone),
            cost=Decimal(told.cost),
            by=by,
            at=at,
        )

    def arrive(self, at: datetime) -> None:
        """Note the arrival."""
        note_delivery(self.shipment, delivered_on=local_date(at, self.unit.region.zone), by=self.hands.field, at=at)

    def hear(self, at: datetime) -> None:
        """Note what the buyer said."""
        day = local_date(at, self.unit.region.zone)
        told = self.parcel
        note_answer(self.shipment, answer=told.answer, words=told.words, answered_on=day, by=self.hands.field, at=at)

    def begin(self, at: datetime) -> None:
        """Begin the claim with its papers; one that is still a draft has only the waybill."""
        shipment, by = self.shipment, self.hands.field
        claim = start_claim(scheme=self.scheme, shipment=shipment, by=by, at=at)
        for kind in ASKED if self.parcel.hands else ASKED[:1]:
            content = self.paper(kind, shipment)
            add_document(claim, kind=kind, content=content, media_type="image/jpeg", by=by, at=at)

    def paper(self, kind: DocumentKind, shipment: Shipment) -> bytes:
        """Draw what the courier gave."""
        title = f"{shipment.courier.upper()} - {'RESI' if kind == DocumentKind.WAYBILL else 'BUKTI BAYAR'}"
        sum_ = [("Jumlah", rupiah(shipment.cost))] if kind == DocumentKind.RECEIPT else [("Isi", self.parcel.product)]
        who = [("No. resi", shipment.waybill), ("Tanggal", written_date(shipment.shipped_on))]
        return slip(title, [*who, ("Pengirim", self.unit.name), ("Tujuan", shipment.country), *sum_])

    def go_on(self, state: ClaimState, at: datetime) -> None:
        """Lay the next hand on the claim."""
        claim, hands = self.claim, self.hands
        match state:
            case ClaimState.SUBMITTED:
                submit_claim(claim, by=hands.field, at=at)
            case ClaimState.RETURNED:
                return_claim(claim, comment=RETURNED, by=hands.desk, at=at)
            case ClaimState.VERIFIED:
                verify_claim(claim, by=hands.desk, at=at)
            case ClaimState.APPROVED:
                approve_claim(claim, by=hands.desk, at=at)
            case ClaimState.PAID:
                day = local_date(at, self.unit.region.zone)
                reference = f"SP2D {claim.pk:04}/{day.year}"
                pay_claim(claim, paid_on=day, payment_reference=reference, by=hands.payer, at=at)
            case ClaimState.CLOSED:
                close_claim(claim, by=hands.payer, at=at)


@dataclass(frozen=True)
class Hands:
    """Who hands in, who verifies and approves, who pays."""

    field: User
    desk: User
    payer: User


def tell_claims(story: Story, cast: Cast, support: Support, units: dict[str, BusinessUnit]) -> None:
    """Open a scheme in each program, and tell what was sent and claimed."""
    begun = story.at - timedelta(days=100)
    lamongan = open_scheme(support.lamongan, by=cast.sari, at=begun)
    lombok = open_scheme(support.lombok, by=cast.wayan, at=begun)
    for parcel in LAMONGAN:
        field = cast.agus if units[parcel.unit].village == support.cohorts["pangean"].village else cast.made
        Course(parcel, units[parcel.unit], lamongan, hands=Hands(field, cast.sari, cast.joko)).tell(story)
    for parcel in LOMBOK:
        Course(parcel, units[parcel.unit], lombok, hands=Hands(cast.ina, cast.wayan, cast.joko)).tell(story)
    for key, product, quantity, lot in WAITS:
        wait = partial(_wait, units[key], product=product, quantity=quantity, unit=lot, by=cast.made)
        story.then(story.moment(-1, "15:00"), wait)


def _wait(business: BusinessUnit, at: datetime, *, product: str, quantity: int, unit: str, by: User) -> None:
    """Write a sample down that nobody has sent yet."""
    register_sample(business_unit=business, product=product, quantity=Decimal(quantity), unit=unit, by=by, at=at)


def open_scheme(program: Program, *, by: User, at: datetime) -> SubsidyScheme:
    """Open the scheme that claims of a program follow."""
    scheme = create_scheme(
        program=program,
        name=NAME,
        share=80,
        ceiling_per_claim=Decimal(1_500_000),
        ceiling_per_unit=Decimal(3_500_000),
        window_days=45,
        documents=list(ASKED),
        by=by,
        at=at,
    )
    move_scheme(scheme, to=SchemeState.OPEN, by=by, at=at)
    return scheme
