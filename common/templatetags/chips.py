"""`{% chip "session" session.state session.get_state_display %}`: a state as icon, word and colour."""

from typing import Final

from django import template

register = template.Library()

Look = tuple[str, str]  # icon, tone
PLAIN: Final[Look] = ("info", "")

LOOKS: Final[dict[str, dict[str, Look]]] = {
    "session": {
        "draft": ("edit", ""),
        "scheduled": ("calendar", "info"),
        "held": ("clock", "warn"),
        "closed": ("check", "good"),
        "cancelled": ("cancel", "bad"),
    },
    "attendance": {
        "expected": ("clock", ""),
        "present": ("check", "good"),
        "late": ("clock", "warn"),
        "excused": ("message", "info"),
        "absent": ("cross", "bad"),
    },
    "act": {
        "stored": ("check", "good"),
        "overtaken": ("return", ""),
        "agreed": ("check", ""),
        "waiting": ("clock", "warn"),
        "taken": ("edit", "good"),
        "dismissed": ("cancel", "off"),
        "key_taken": ("warning", "warn"),
    },
    "rsvp": {
        "": ("question", ""),
        "yes": ("check", "good"),
        "no": ("cross", "warn"),
    },
    "visit": {
        "draft": ("edit", ""),
        "submitted": ("send", "info"),
        "approved": ("check", "good"),
        "returned": ("return", "warn"),
    },
    "edition": {
        "checked": ("clock", "warn"),
        "loaded": ("check", "good"),
        "dismissed": ("cross", "off"),
    },
    "change": {
        "plain": ("info", ""),
        "waiting": ("clock", "warn"),
        "moved": ("check", "good"),
        "kept": ("lock", ""),
        "lapsed": ("cancel", "off"),
    },
    "held": {
        "waiting": ("clock", "warn"),
        "taken": ("check", "good"),
        "dismissed": ("cross", ""),
    },
    "plan": {
        "planned": ("calendar", "info"),
        "late": ("clock", "warn"),
        "visited": ("check", "good"),
        "cancelled": ("cancel", "off"),
    },
    "action": {
        "open": ("task", "info"),
        "overdue": ("clock", "warn"),
        "done": ("check", "good"),
        "dropped": ("cancel", ""),
        "carried_over": ("right", ""),
    },
    "handover": {
        "prepared": ("clock", "warn"),
        "signed": ("double-check", "good"),
        "cancelled": ("cancel", "off"),
    },
    "message": {
        "planned": ("clock", ""),
        "claimed": ("send", ""),
        "accepted": ("check", "info"),
        "sent": ("check", "info"),
        "delivered": ("double-check", "good"),
        "read": ("double-check", "good"),
        "joined": ("link", ""),
        "unknown": ("question", "warn"),
        "failed": ("warning", "bad"),
        "expired": ("clock", ""),
        "superseded": ("cancel", "off"),
        "blocked": ("lock", "warn"),
    },
    "template": {
        "unheard": ("question", ""),
        "pending": ("clock", "warn"),
        "approved": ("check", "good"),
        "rejected": ("cancel", "bad"),
        "paused": ("lock", "bad"),
    },
    "reply": {
        "new": ("clock", ""),
        "answered": ("double-check", "good"),
        "open": ("message", "warn"),
        "closed": ("check", ""),
    },
    "progress": {
        "not_started": ("minus", ""),
        "in_progress": ("right", "info"),
        "behind": ("clock", "warn"),
        "complete": ("check", "good"),
        "not_required": ("minus", "off"),
    },
    "village": {
        "designated": ("check", "info"),
        "launched": ("check", "info"),
        "active": ("check", "good"),
        "first_export": ("send", "good"),
        "independent": ("double-check", "good"),
        "deferred": ("clock", "warn"),
        "rejected": ("cancel", "bad"),
        "stopped": ("cancel", "bad"),
    },
    "inventory": {
        "lead": ("question", "warn"),
        "verified": ("check", "good"),
        "dismissed": ("cancel", "off"),
    },
    "legality": {
        "present": ("check", "good"),
        "expiring": ("clock", "warn"),
        "expired": ("warning", "bad"),
        "missing": ("cross", "bad"),
        "optional": ("minus", ""),
    },
    "exporting": {
        "indirect": ("send", "info"),
        "direct": ("send", "good"),
    },
    "assessment": {
        "draft": ("edit", ""),
        "submitted": ("send", "info"),
        "final": ("lock", "good"),
    },
    "criteria": {
        "draft": ("edit", ""),
        "published": ("lock", "good"),
    },
    "enrollment": {
        "applied": ("clock", ""),
        "waitlisted": ("clock", "warn"),
        "accepted": ("check", "info"),
        "active": ("check", "info"),
        "completed": ("double-check", "good"),
        "withdrawn": ("cancel", "off"),
    },
    "export": {
        "reported": ("clock", "warn"),
        "evidenced": ("task", "info"),
        "verified": ("double-check", "good"),
        "withdrawn": ("cancel", "off"),
    },
    "lead": {
        "lead": ("question", ""),
        "contacted": ("message", "info"),
        "sampling": ("send", "info"),
        "negotiating": ("people", "info"),
        "buying": ("double-check", "good"),
        "lost": ("cancel", "off"),
    },
    "claim": {
        "draft": ("edit", ""),
        "submitted": ("send", "info"),
        "returned": ("return", "warn"),
        "verified": ("check", "info"),
        "approved": ("double-check", "info"),
        "paid": ("check", "good"),
        "closed": ("lock", "good"),
        "rejected": ("cancel", "bad"),
        "cancelled": ("cancel", "off"),
    },
    "scheme": {
        "draft": ("edit", ""),
        "open": ("check", "good"),
        "closed": ("lock", ""),
    },
    "sample": {
        "waiting": ("clock", ""),
        "sent": ("send", "good"),
    },
    "answer": {
        "awaited": ("clock", ""),
        "interested": ("message", "info"),
        "ordered": ("check", "good"),
        "declined": ("cross", "bad"),
        "silent": ("minus", "warn"),
    },
    "paper": {
        "there": ("check", "good"),
        "missing": ("warning", "warn"),
    },
    "entry": {
        "committed": ("lock", "info"),
        "spent": ("check", "good"),
        "released": ("return", ""),
    },
    "certificate": {
        "issued": ("check", "good"),
        "revoked": ("cancel", "bad"),
    },
    "download": {
        "waiting": ("clock", ""),
        "writing": ("edit", "info"),
        "ready": ("check", "good"),
        "failed": ("warning", "bad"),
        "expired": ("cancel", "off"),
    },
    "alike": {
        "certain": ("double-check", "good"),
        "likely": ("check", "info"),
        "possible": ("question", ""),
    },
    "import": {
        "new": ("plus", "good"),
        "changed": ("edit", "info"),
        "duplicate": ("check", ""),
        "wrong": ("warning", "bad"),
    },
    "contact": {
        "unverified": ("question", ""),
        "valid": ("check", "good"),
        "unreachable": ("warning", "warn"),
        "wrong_person": ("cross", "bad"),
        "opted_out": ("lock", "warn"),
    },
}


@register.inclusion_tag("components/chip.html")
def chip(kind: str, value: object, label: object = "") -> dict[str, object]:
    """Show a state of this kind; a value without a look of its own is shown plainly."""
    icon, tone = LOOKS.get(kind, {}).get(str(value), PLAIN)
    return {"label": label or value, "icon": icon, "tone": tone}
