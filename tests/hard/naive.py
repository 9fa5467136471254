"""The guard off for R3: letters wait in Redis and nowhere else, as where a queue is trusted with the truth."""

import json
import time
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from redis import Redis, RedisError

from reminders.channels.gateway import Letter, Wording
from reminders.channels.sms import SmsGateway
from reminders.models import Message

QUEUE = "letters"


def put_into_queue(url: str, messages: Iterable[Message]) -> None:
    """Put every letter into the queue."""
    with Redis.from_url(url) as queue:
        for each in messages:
            queue.rpush(QUEUE, json.dumps([str(each.key), each.contact_point.number, each.due_at.timestamp()]))


def send_from_queue(url: str, ahead: float) -> None:
    """Take letters out of the queue and send each when it is due, by a clock that is so many seconds ahead."""
    while True:
        try:
            with Redis.from_url(url) as queue:
                while said := queue.blpop([QUEUE], timeout=0):
                    key, number, due = json.loads(said[1])
                    time.sleep(max(0.0, due - ahead - time.time()))
                    SmsGateway().deliver([Letter(UUID(key), 0, number, Wording("Halo"))], at=timezone.now())
        except RedisError:
            time.sleep(0.1)
