"""``/openapi.json``: the API's document, for programs and for the try-it page. Open to all, like its addresses."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from msgconsole.api.schema import document


@require_safe
@cache_control(max_age=300)
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
