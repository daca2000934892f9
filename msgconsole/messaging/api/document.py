"""``/msgconsole/v1/openapi.json``: the document of what this console answers beyond the original's resources."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from msgconsole.api.schema import document_under

ROOT = "/msgconsole/v1/"


@require_safe
@cache_control(max_age=300)
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document_under(ROOT), json_dumps_params={"ensure_ascii": False})
