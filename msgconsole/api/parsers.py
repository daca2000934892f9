"""Request bodies: forms. A body of another type is refused with 415, one that is too large with 413."""

from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser as DjangoMultiPartParser
from django.http.multipartparser import MultiPartParserError
from rest_framework.parsers import BaseParser

from msgconsole.api.forms import Form
from msgconsole.error_codes import Refused


class FormParser(BaseParser):
    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Form:
        body = _read(stream, parser_context)
        try:
            values = QueryDict(body, encoding="utf-8")
        except TooManyFieldsSent:
            raise Refused(20001, "Too many parameters in one request.") from None
        return Form.from_wire(values.lists())


class _NoFiles(FileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class MultipartParser(BaseParser):
    """``curl -F`` and some clients send forms this way. Files among the parts are ignored."""

    media_type = "multipart/form-data"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Form:
        request = parser_context["request"]
        body = _read(stream, parser_context)
        meta = {**request.META, "CONTENT_TYPE": media_type, "CONTENT_LENGTH": str(len(body))}
        try:
            values, _files = DjangoMultiPartParser(meta, BytesIO(body), [_NoFiles(request)], "utf-8").parse()
        except (MultiPartParserError, TooManyFieldsSent) as broken:
            raise Refused(20001, f"The multipart body cannot be read: {broken}.") from None
        return Form.from_wire(values.lists())


def _read(stream: IO[bytes], parser_context: Any) -> bytes:
    """The whole body, unless it is longer than we take. A false Content-Length does not help it in."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    declared = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
    body = stream.read(limit + 1) if int(declared) <= limit else b"x" * (limit + 1)
    if len(body) > limit:
        raise Refused(20413, f"The request body is larger than {limit} bytes.")
    return body
