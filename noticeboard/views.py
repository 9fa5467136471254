"""Pages for people without an account: by the village's code, or by the household's link.

They read no cookie and set none. The token in the address is the secret, so a forged form would have to know it
already: these posts need no other token, and pages can be answered from any browser, with scripts off.
"""

from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from accounts.links import Subscription
from attendance.actions import check_in
from common.calendar import Entry, calendar_of
from common.dates import local_date
from common.errors import Refused
from common.zones import Zone
from noticeboard.boards import (
    Card,
    HouseholdBoard,
    Member,
    entry_of,
    household_board,
    number_of,
    progress_of,
    seat_of,
    village_board,
)
from noticeboard.certificates import certificate_for, check_of
from noticeboard.feeds import feed_of, village_feed
from noticeboard.rows import VILLAGE, read
from papers.certificate import face_of, pdf_of
from papers.numbering import read_number
from programs.actions import answer_session
from programs.states import Rsvp
from villages.actions import opt_in, opt_out

LONGEST_CODE = 20
PUBLIC_AGE = 60  # seconds a phone may show the village's page without asking
LONGEST_NUMBER = 40
CALENDAR_AGE = 900  # seconds a calendar may be shown without asking


def spread(cards: Sequence[Card], *, most: int) -> dict[str, Any]:
    """Part the cards into the next session that stands, what was called off before it, and what comes after."""
    first = next((index for index, card in enumerate(cards) if not card.cancelled), len(cards))
    return {"before": cards[:first][-most:], "next": cards[first : first + 1], "later": cards[first + 1 :][: most - 1]}


@method_decorator(gzip_page, name="dispatch")
class VillagerPage(View):
    """Speaks Indonesian unless the address asks for English."""

    template: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer in the language of the address; the choice of a member of staff does not count here."""
        self.language = "en" if request.GET.get("lang") == "en" else settings.LANGUAGE_CODE
        with translation.override(self.language):
            response = super().dispatch(request, *args, **kwargs)
        response["Content-Language"] = self.language
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def show(self, template: str = "", *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
        """Render without the request: nothing of a session can slip in."""
        given = {"path": self.request.path, **context, "english": self.language == "en"}
        return HttpResponse(render_to_string(template or self.template, given), status=status)

    def gone(self) -> HttpResponse:
        """Say in words that an address leads nowhere."""
        return self.show("noticeboard/gone.html", status=HTTPStatus.NOT_FOUND)


class VillagePage(VillagerPage):
    """What the poster's code opens; names nobody who lives there."""

    template = "noticeboard/village.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the next sessions; a phone that has them already is told so."""
        board = village_board(code.lower(), at=now())
        if board is None:
            return self.gone()
        calendar = Subscription(reverse("village-calendar", args=[board.code]))
        response = self.show(board=board, calendar=calendar, **spread(board.cards, most=3))
        response["Cache-Control"] = f"public, max-age={PUBLIC_AGE}"
        etag = f'"{sha256(response.content).hexdigest()[:24]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response


class CalendarView(VillagerPage):
    """Hands out calendars; what a phone has already is not sent again."""

    template = "noticeboard/gone.html"
    cached: ClassVar[str] = "private"

    def hand_out(self, entries: Sequence[Entry], *, name: str, file: str) -> HttpResponse:
        """Write the file."""
        content = calendar_of(entries, name=name)
        etag = f'"{sha256(content).hexdigest()[:24]}"'
        headers = {
            "Content-Disposition": f'attachment; filename="{file}.ics"',
            "Cache-Control": f"{self.cached}, max-age={CALENDAR_AGE}",
            "ETag": etag,
        }
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
        return get_conditional_response(self.request, etag=etag, response=response) or response


class VillageCalendar(CalendarView):
    """One session for the calendar of a phone."""

    cached = "public"

    def get(self, request: HttpRequest, code: str, session: int) -> HttpResponse:  # noqa: ARG002
        """Hand out the entry of a session that stands on the village's page."""
        at = now()
        rows = read(VILLAGE, code=code.lower(), at=at, day=local_date(at, Zone.WIB))
        row = next((row for row in rows if row["id"] == session), None)
        if row is None:
            return self.gone()
        entry = entry_of(row)
        return self.hand_out([entry], name=entry.title, file=f"desa-devisa-{session}")


class VillageFeed(CalendarView):
    """All sessions of a village, as a calendar that keeps itself up to date."""

    cached = "public"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG002
        """Hand it out."""
        feed = village_feed(code.lower(), at=now())
        if feed is None:
            return self.gone()
        return self.hand_out(feed.entries, name=feed.name, file=f"desa-devisa-{code.lower()}")


class CalendarFeed(CalendarView):
    """The calendar of a trainer, a member of staff or a household: the address is the key."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG002
        """Hand it out in the reader's language."""
        feed = feed_of(token, at=now())
        if feed is None:
            return self.gone()
        with translation.override(feed.language):
            return self.hand_out(feed.entries, name=feed.name, file="desa-devisa")


@method_decorator(csrf_exempt, name="dispatch")
class HouseholdView(VillagerPage):
    """What a personal link opens: one household's schedule and nothing else; it is never kept by a cache."""

    template = "noticeboard/household.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Keep the address out of other sites and caches."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def board(self) -> HouseholdBoard | None:
        """Read what the token opens."""
        return household_board(self.kwargs["token"], at=now())

    def chosen(self, board: HouseholdBoard, asked: str | None) -> Member | None:
        """Tell which member reads: the only one, or the one that was tapped."""
        if len(board.members) == 1:
            return board.members[0]
        return next((member for member in board.members if str(member.id) == asked), None)

    def back(self, member: object = "", **done: object) -> HttpResponse:
        """Return to the page after a post, so that reloading asks nothing twice."""
        words = {"p": member, **done, "lang": "en" if self.language == "en" else ""}
        query = "&".join(f"{name}={value}" for name, value in words.items() if value)
        home = reverse("household", kwargs={"token": self.kwargs["token"]})
        return HttpResponseRedirect(f"{home}?{query}" if query else home, status=HTTPStatus.SEE_OTHER)


class HouseholdPage(HouseholdView):
    """The schedule of those who share a number, or of the one who was chosen."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG002
        """Show it; nothing changes by looking."""
        board = self.board()
        return self.gone() if board is None else self.page(board)

    def page(
        self, board: HouseholdBoard, *, status: int = HTTPStatus.OK, trouble: str = "", typed: int | None = None
    ) -> HttpResponse:
        """Render the board for the chosen member, also after a post; `typed` names the session of a code."""
        asked = self.request.GET
        member = self.chosen(board, asked.get("p") or self.request.POST.get("person"))
        cards = board.only(member.id) if member else board.cards
        wrong = next((card.id for card in cards if card.id == typed and card.asks), None)
        return self.show(
            status=status,
            board=board,
            member=member,
            **spread(cards, most=6),
            progress=progress_of(board, member.id) if member else [],
            awards=board.awards.get(member.id, ()) if member else (),
            done=next((card for card in cards if str(card.id) == asked.get("done")), None),
            trouble=trouble,
            wrong=wrong,
            path=reverse("household", kwargs={"token": self.kwargs["token"]}),
            token=self.kwargs["token"],
            calendar=board.calendar,
        )


class HouseholdCertificate(HouseholdView):
    """A member's own certificate, to keep or to print."""

    def get(self, request: HttpRequest, token: str, key: int) -> HttpResponse:  # noqa: ARG002
        """Hand it out to the member who was chosen."""
        board = self.board()
        member = self.chosen(board, request.GET.get("p")) if board else None
        certificate = certificate_for(member.id, key) if member else None
        if certificate is None:
            return self.gone()
        face = face_of(certificate, base_url=settings.BASE_URL)
        headers = {"Content-Disposition": f'attachment; filename="{face.number}.pdf"'}
        return HttpResponse(pdf_of(face), content_type="application/pdf", headers=headers)


class HouseholdAnswer(HouseholdPage):
    """Saya hadir, tidak bisa."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str, session: int) -> HttpResponse:  # noqa: ARG002
        """Keep the answer of one member for one session of their own."""
        board = self.board()
        if board is None:
            return self.gone()
        member = self.chosen(board, request.POST.get("person"))
        rsvp = request.POST.get("rsvp")
        if member is None or rsvp not in (Rsvp.YES, Rsvp.NO):
            return self.gone()
        seat = seat_of(board, member, session)
        if seat is None:
            return self.gone()
        try:
            answer_session(seat, rsvp=rsvp, at=now())
        except Refused as refusal:
            return self.page(board, status=HTTPStatus.CONFLICT, trouble=str(refusal))
        return self.back(member.id if len(board.members) > 1 else "", done=session)


class HouseholdHere(HouseholdPage):
    """Saya di sini: with the code of the room."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str, session: int) -> HttpResponse:  # noqa: ARG002
        """Mark one member as there; what a trainer marked stands."""
        board = self.board()
        member = self.chosen(board, request.POST.get("person")) if board else None
        seat = seat_of(board, member, session) if board and member else None
        if board is None or member is None or seat is None:
            return self.gone()
        try:
            check_in(seat, code=request.POST.get("code", "")[:LONGEST_CODE], through=number_of(board), at=now())
        except Refused as refusal:
            return self.page(board, status=HTTPStatus.CONFLICT, trouble=str(refusal), typed=session)
        return self.back(member.id if len(board.members) > 1 else "", here=session)


class CodeHelp(VillagerPage):
    """What the code in the room leads to: how to say that one is here. It knows nobody and changes nothing."""

    template = "noticeboard/code.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Show three steps."""
        return self.show()


class HouseholdStop(HouseholdPage):
    """Stop every message to this number."""

    http_method_names = ["post"]
    act = staticmethod(opt_out)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG002
        """Act at once; asking twice is the same wish."""
        board = self.board()
        if board is None:
            return self.gone()
        try:
            self.act(number_of(board), by=None, at=now())
        except Refused as refusal:
            return self.page(board, status=HTTPStatus.CONFLICT, trouble=str(refusal))
        return self.back()


class HouseholdStart(HouseholdStop):
    """Let messages come again."""

    act = staticmethod(opt_in)


class CertificatePage(VillagerPage):
    """Whether a certificate holds; says so at once when it is revoked, so no cache keeps it."""

    template = "noticeboard/certificate.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let nobody show an old answer."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-cache"
        return response


class CertificateSearch(CertificatePage):
    """One field for the number on the paper."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the field, or go on to the number's own page."""
        typed = request.GET.get("number", "").strip()
        number = read_number(typed)
        if number is None:
            return self.show(typed=typed[:LONGEST_NUMBER], status=HTTPStatus.NOT_FOUND if typed else HTTPStatus.OK)
        home = reverse("certificate-check", args=[number])
        return HttpResponseRedirect(f"{home}?lang=en" if self.language == "en" else home)


class CertificateCheck(CertificatePage):
    """What the QR code on a certificate opens."""

    def get(self, request: HttpRequest, typed: str) -> HttpResponse:  # noqa: ARG002
        """Say whether it holds, is revoked, or was never given."""
        number = read_number(typed)
        check = check_of(number) if number else None
        if check is None:
            return self.show(typed=str(number or typed[:LONGEST_NUMBER]), status=HTTPStatus.NOT_FOUND)
        return self.show(check=check)
