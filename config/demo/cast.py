"""Who signs in to the demo, and two members of staff who do not."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.states import Role
from config.demo import PASSWORD
from villages.models import Region


@dataclass(frozen=True)
class Cast:
    """The people who do the work."""

    admin: User
    sari: User  # runs the program in Lamongan
    made: User  # mentors Parengan
    ina: User  # mentors Sukarara
    joko: User
    observer: User
    agus: User  # mentors Pangean; no sign-in
    wayan: User  # runs the program in Lombok; no sign-in


def invite() -> Cast:
    """Create the accounts; a password for those who sign in."""
    secret = make_password(PASSWORD)
    cast = Cast(
        admin=_account("admin", "Nur Hidayat", Role.ADMINISTRATOR),
        sari=_account("sari", "Sari Wulandari", Role.COORDINATOR, phone="+6281200000091"),
        made=_account("made", "Made Suryana", Role.MENTOR, phone="+6281200000092"),
        ina=_account("ina", "Ina Rahmawati", Role.MENTOR, phone="+6281200000093"),
        joko=_account("joko", "Joko Prasetyo", Role.FINANCE),
        observer=_account("observer", "Pengamat Jawa Timur", Role.OBSERVER),
        agus=_account("agus", "Agus Salim", Role.MENTOR, phone="+6281200000094"),
        wayan=_account("wayan", "Wayan Adnyana", Role.COORDINATOR),
    )
    with_sign_in = [cast.admin, cast.sari, cast.made, cast.ina, cast.joko, cast.observer]
    User.objects.filter(pk__in=[user.pk for user in with_sign_in]).update(password=secret)
    cast.observer.observed_regions.add(Region.objects.get(code="35"))
    return cast


def _account(login: str, name: str, role: Role, *, phone: str | None = None) -> User:
    return User.objects.create_user(name=name, role=role, email=f"{login}@demo.test", phone=phone)
