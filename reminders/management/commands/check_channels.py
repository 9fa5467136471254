"""Whether messages can leave: asks every gateway of the ladder, and sends nothing."""

from django.conf import settings
from django.core.management.base import BaseCommand

from reminders.channels import GATEWAYS
from reminders.channels.email import EmailGateway
from reminders.channels.gateway import Fault, Outcome
from reminders.channels.sms import SmsGateway
from reminders.channels.whatsapp import WhatsAppGateway
from reminders.states import MessageState


class Command(BaseCommand):
    """Says of each channel in one line whether its gateway knows us."""

    help = "Ask every gateway in MESSAGE_CHANNELS whether it would take our messages; nothing is sent."

    def handle(self, **_options: object) -> None:
        """Ask one after the other; ends with 1 when one of them would take nothing."""
        bad = 0
        for name in settings.MESSAGE_CHANNELS:
            gateway = GATEWAYS[name]() if name in GATEWAYS else None
            if isinstance(gateway, WhatsAppGateway | SmsGateway | EmailGateway):
                outcome = gateway.check()
                bad += outcome.state == MessageState.FAILED
                self.stdout.write(f"{name}: {sentence_of(outcome)}")
            else:
                self.stdout.write(f"{name}: ready, needs nothing.")
        if bad:
            raise SystemExit(1)


def sentence_of(outcome: Outcome) -> str:
    """Say it in words."""
    if outcome.state == MessageState.ACCEPTED:
        return "ready."
    if outcome.state == MessageState.UNKNOWN:
        return "cannot be asked without sending; send yourself a text."
    said = f" It says: {outcome.note} ({outcome.code})" if outcome.code else ""
    if outcome.fault is Fault.LATER and not said:
        return "not reached. Is its address right, and may this machine go out?"
    if outcome.fault is Fault.STOP:
        return f"does not know us. Are token, password and number right?{said}"
    return f"answers, but not as expected.{said}"
