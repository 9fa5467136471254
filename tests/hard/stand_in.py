"""Stands in for the SMS adapter until it is there."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import httpx
from django.conf import settings

from reminders import channels
from reminders.channels.gateway import Fault, Guarantee, Letter, Outcome
from reminders.states import Channel, MessageState


class StandIn:
    channel: ClassVar[Channel] = Channel.SMS
    guarantee: ClassVar[Guarantee] = Guarantee.IDEMPOTENT
    width: ClassVar[int] = 32

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:
        with httpx.Client(timeout=5) as client, ThreadPoolExecutor(self.width) as pool:
            return dict(pool.map(lambda letter: (letter.key, self.one(client, letter)), letters))

    def one(self, client: httpx.Client, letter: Letter) -> Outcome:
        try:
            answer = client.post(
                settings.SMS_URL,
                data={"to": letter.address, "text": letter.wording.filled},
                headers={"Authorization": settings.SMS_TOKEN, "Idempotency-Key": str(letter.key)},
            )
        except httpx.TransportError:
            return Outcome(MessageState.UNKNOWN)
        if answer.status_code == 200:
            return Outcome(MessageState.SENT, provider_id=answer.json()["id"])
        if answer.status_code == 500:
            return Outcome(MessageState.UNKNOWN)
        return Outcome(MessageState.FAILED, code=str(answer.status_code), fault=Fault.LATER)

    def look_up(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:
        return {}


class StandInWhatsApp(StandIn):
    channel: ClassVar[Channel] = Channel.WHATSAPP
    guarantee: ClassVar[Guarantee] = Guarantee.NONE

    def one(self, client: httpx.Client, letter: Letter) -> Outcome:
        try:
            answer = client.post(
                settings.WHATSAPP_BASE_URL + "/100200300/messages",
                json={
                    "messaging_product": "whatsapp",
                    "to": letter.address[1:],
                    "type": "text",
                    "text": {"body": letter.wording.filled},
                    "biz_opaque_callback_data": str(letter.key),
                },
                headers={"Authorization": "Bearer " + settings.WHATSAPP_TOKEN},
            )
        except httpx.TransportError:
            return Outcome(MessageState.UNKNOWN)
        if answer.status_code == 200:
            return Outcome(MessageState.ACCEPTED, provider_id=answer.json()["messages"][0]["id"])
        if answer.status_code == 500:
            return Outcome(MessageState.UNKNOWN)
        return Outcome(MessageState.FAILED, code=str(answer.status_code), fault=Fault.LATER)


if Channel.SMS not in channels.GATEWAYS:
    channels.GATEWAYS[Channel.SMS] = StandIn
    channels.GATEWAYS[Channel.WHATSAPP] = StandInWhatsApp
    settings.MESSAGE_CHANNELS = [
        "whatsapp" if "26.0" in settings.WHATSAPP_BASE_URL and "127" in settings.WHATSAPP_BASE_URL else "sms"
    ]
