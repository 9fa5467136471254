"""What every list of this room shares."""

from typing import Any

from common.pages import ListPage, Row


class RowList(ListPage[Row]):
    """A list that knows whether anything is filtered, and which of the neighbouring pages it is."""

    tab = ""

    def context(self) -> dict[str, Any]:
        """Tell whether the list is narrowed, and where it hangs."""
        active = any(value for name, value in self.request.GET.items() if name != "cursor")
        return {"active": active, "tab": self.tab}
