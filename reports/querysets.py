"""Scopes over frozen reports."""

from typing import Any, Self, TypeVar

from django.db import models

from accounts.models import User
from accounts.states import Role
from villages.querysets import observed_by

Row = TypeVar("Row", bound=models.Model)


class RegionReportQuerySet(models.QuerySet[Row]):
    """Scopes over monthly reports of regions."""

    def visible_to(self, user: User) -> Self:
        """Show a coordinator their programs' reports, an observer those of their regions."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.COORDINATOR:
                return self.filter(program__coordinators=user)
            case Role.OBSERVER:
                return self.filter(observed_by(user, field="region__code"))
            case _:
                return self.none()

    def of(self, subject: Any) -> Self:
        """Keep the editions of one region, program and month."""
        return self.filter(region=subject.region, program=subject.program, month=subject.month)

    def with_names(self) -> Self:
        """Read along of what they tell, and who froze them."""
        return self.select_related("region__parent", "program", "frozen_by")
