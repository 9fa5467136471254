"""What comes of it: Parengan's cloth leaves through exporters in Surabaya; buyers, and what others published.

Buyers, documents and sums are invented. The figures of Lamongan are those of DOMAIN 1, each with its source and period.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any, Final

from django.db import transaction
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from common.dates import local_date, written_date
from common.zones import Zone
from config.demo.cast import Cast
from config.demo.story import Story
from exports.actions import (
    add_paper,
    change_lead,
    enter_figure,
    move_lead,
    register_buyer,
    report_transaction,
    verify_transaction,
)
from exports.documents import PDF
from exports.models import Buyer, ExportTransaction, Lead
from exports.states import BuyerKind, DocumentKind, Nomenclature, Route
from villages.models import BusinessUnit, Region

OK = "PEB dan surat keterangan eksportir"  # what the desk has looked at


@dataclass(frozen=True)
class Sale:
    """One export as it went: days from today, whose, what, where to, for how much, and how far it is known."""

    day: int
    unit: str
    product: str
    code: str
    country: str
    quantity: str
    lot: str
    value: str
    currency: str
    rate: str
    reference: str = ""
    source: str = "Surat keterangan eksportir"

    @property
    def verified(self) -> bool:
        """Tell whether the desk has looked at it."""
        return self.source == OK


SARUNG, KAIN = "62114390", "52085990"
EXPORTER: Final = "CV Samudra Tekstil"
PEB: Final = "PEB DEMO {:06}"
SENTRA, ROKHAYAH = "Sentra Tenun Parengan", "Tenun Bu Rokhayah"
SALES: Final = (
    Sale(-410, SENTRA, "Sarung ikat", SARUNG, "SA", "60", "kodi", "18600", "USD", "15720", PEB.format(271), OK),
    Sale(-236, SENTRA, "Kain ikat 2 m", KAIN, "MY", "25", "kodi", "9750", "USD", "15880", PEB.format(518), OK),
    Sale(-236, ROKHAYAH, "Selendang ikat", KAIN, "MY", "6", "kodi", "2280", "USD", "15880", PEB.format(518), OK),
    Sale(-97, SENTRA, "Sarung ikat", SARUNG, "AE", "40", "kodi", "13200", "USD", "16240", PEB.format(904), OK),
    Sale(-34, SENTRA, "Kain ikat 2 m", KAIN, "JP", "12", "kodi", "792000", "JPY", "108.45", PEB.format(1120)),
    Sale(-12, ROKHAYAH, "Sarung ikat", SARUNG, "SG", "4", "gulung", "21500000", "IDR", "1", "", "Cerita Bu Rokhayah"),
)  # fmt: skip
Meeting = tuple[dict[str, str], str, tuple[str, ...], str, int | None]
BUYERS: Final[tuple[Meeting, ...]] = (
    (
        {"name": "Kyoto Orimono", "kind": BuyerKind.IMPORTER, "country": "JP", "city": "Kyoto",
         "wants": "Kain ikat warna alam, lebar 70 cm, 10–20 kodi setiap musim"},
        SENTRA, ("contacted", "sampling", "negotiating"), "Kirim daftar harga untuk 20 kodi", 4,
    ),
    (
        {"name": "Warna Nusantara", "kind": BuyerKind.RETAILER, "country": "MY", "city": "Kuala Lumpur",
         "wants": "Selendang dan sarung, pesanan kecil"},
        SENTRA, ("contacted", "buying"), "Tanyakan pesanan untuk Ramadan", 18,
    ),
    (
        {"name": "Atelier Zuid", "kind": BuyerKind.RETAILER, "country": "NL", "city": "Rotterdam",
         "wants": "Sampul bantal dari sisa kain"},
        "BUMDes Parengan Makmur", ("contacted", "sampling"), "Telepon: apakah contohnya sudah sampai", -3,
    ),
    (
        {"name": "Al Rawda Trading", "kind": BuyerKind.IMPORTER, "country": "SA", "city": "Jeddah",
         "wants": "Sarung, 100 kodi sekali kirim"},
        ROKHAYAH, ("contacted", "lost"), "", None,
    ),
)  # fmt: skip
OFFICE: Final = "Pelaku ekspor yang tercatat di Disperindag Lamongan"
TOP: Final = ["Produk perikanan olahan", "Alas kaki", "Hasil hutan dan pertanian olahan"]
FIGURES: Final[tuple[dict[str, Any], ...]] = (
    {
        "starts_on": date(2021, 1, 1), "ends_on": date(2021, 12, 31), "value": Decimal("1.8e12"),
        "units": 16, "centres": 2, "countries": 16, "continents": 5, "products": TOP, "population": OFFICE,
        "source": "Disperindag Lamongan, ekspor tahun 2021",
    },
    {
        "starts_on": date(2022, 1, 1), "ends_on": date(2022, 10, 31), "value": Decimal("1.3e12"),
        "units": 18, "centres": 2, "countries": 46, "continents": 5, "products": TOP, "population": OFFICE,
        "source": "Disperindag Lamongan, ekspor sampai Oktober 2022",
        "remark": "Masih ada pelaku ekspor lain yang belum terinventarisir.",
    },
    {
        "starts_on": date(2022, 1, 1), "ends_on": date(2022, 12, 31), "value": Decimal("107.53e9"),
        "population": "Populasi lain daripada catatan dinas; sumbernya tidak merinci pelaku ekspornya",
        "source": "Angka terbitan lain untuk 2022, disebut berasal dari BPS",
        "remark": "Jangan dijumlahkan atau dibandingkan langsung dengan angka dinas.",
    },
)  # fmt: skip


def tell_trade(story: Story, cast: Cast) -> None:
    """Tell the sales, the buyers and the published figures, each at its time."""
    story.then(story.moment(-60, "10:00"), lambda at: _publish(by=cast.sari, at=at))
    for number, sale in enumerate(SALES):
        when = story.moment(max(sale.day + 5, -90) + number % 3, "10:30")
        story.then(when, partial(_sell, sale, cast, local_date(story.at, Zone.WIB)))
    for number, met in enumerate(BUYERS):
        due = None if met[4] is None else local_date(story.at, Zone.WIB) + timedelta(days=met[4])
        story.then(story.moment(-45 + 6 * number, "14:00"), partial(_meet_at, met, due, cast.made))


def _meet_at(met: Meeting, due: date | None, by: User, at: datetime) -> None:
    company, unit, course, step, _day = met
    _meet(company, unit, course, step, due, by=by, at=at)


def _publish(*, by: User, at: datetime) -> None:
    lamongan = Region.objects.get(code="35.24")
    for figure in FIGURES:
        enter_figure(region=lamongan, currency="IDR", **figure, by=by, at=at)


def _sell(sale: Sale, cast: Cast, today: date, at: datetime) -> ExportTransaction:
    """Report a sale, show it where it has a document, and let the desk verify it where it did."""
    day = today + timedelta(days=sale.day)
    edition = Nomenclature.BTKI_2022
    export = report_transaction(
        business_unit=BusinessUnit.objects.get(name=sale.unit),
        route=Route.INDIRECT,
        via=BusinessUnit.objects.get(name=EXPORTER),
        buyer=None,
        exported_on=day,
        product=sale.product,
        nomenclature=edition,
        hs_code=sale.code,
        country=sale.country,
        quantity=Decimal(sale.quantity),
        unit=sale.lot,
        value=Decimal(sale.value),
        currency=sale.currency,
        rate=Decimal(sale.rate),
        rate_source=f"Kurs KMK, contoh untuk {written_date(day)}" if sale.currency != "IDR" else "",
        reference=sale.reference,
        source=sale.source,
        by=cast.made,
        at=at,
    )
    if sale.reference:
        content, shown = _statement(sale, day), at + timedelta(minutes=5)
        add_paper(export, kind=DocumentKind.STATEMENT, content=content, media_type=PDF, by=cast.made, at=shown)
    if sale.verified:
        verify_transaction(export, by=cast.sari, at=at + timedelta(hours=3))
    return export


def _statement(sale: Sale, day: date) -> bytes:
    """Draw an exporter's statement that nobody could take for a real one."""
    drawn = BytesIO()
    page = Canvas(drawn, pagesize=A5, invariant=True)
    lines = (
        "CONTOH, BUKAN DOKUMEN ASLI",
        "Keterangan eksportir",
        f"{EXPORTER} mengekspor {sale.quantity} {sale.lot} {sale.product.lower()}",
        f"dari {sale.unit}, {written_date(day)}.",
        f"Nomor: {sale.reference}",
    )
    for row, line in enumerate(lines):
        page.drawString(40, 540 - 22 * row, line)
    page.save()
    return drawn.getvalue()


@transaction.atomic
def _meet(
    company: dict[str, str], unit: str, course: tuple[str, ...], step: str, due: date | None, *, by: User, at: datetime
) -> Buyer:
    """Bring a buyer and a unit together, as far as they have come."""
    buyer = register_buyer(**company, business_unit=BusinessUnit.objects.get(name=unit), by=by, at=at)
    lead = Lead.objects.get(buyer=buyer)
    for number, state in enumerate(course, start=1):
        reason = "Meminta 100 kodi sekali kirim; belum sanggup." if state == "lost" else ""
        move_lead(lead, to=state, reason=reason, by=by, at=at + timedelta(days=number))
    source = "Pameran dagang Surabaya" if company["country"] != "SA" else "Lewat eksportir"
    change_lead(lead, source=source, next_step=step, next_on=due, by=by, at=at + timedelta(days=len(course)))
    return buyer
