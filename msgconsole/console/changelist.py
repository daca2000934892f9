"""Record lists page like every list of the console: older and newer along the primary key, without counting."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from msgconsole.console.paging import paginate


class KeysetChangeList(ChangeList):
    """``page`` holds the rows with the addresses of older and newer ones. No row is ever counted."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        # A place in the list is no filter, and ends when a filter is set.
        for place in ("older", "newer"):
            self.params.pop(place, None)
            self.filter_params.pop(place, None)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        self.page = paginate(self.queryset, request, size=self.list_per_page)
        self.result_list = list(self.page)
        self.result_count = len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.result_list)
        self.can_show_all = self.multi_page = False
