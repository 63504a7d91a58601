"""Whether this face answers, reaches its database and can store, for a monitor; says nothing else."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kaoping.support import storage


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the data folder takes a write, else 503 and which of the two it is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database"}, status=503)
    if storage.room(settings.DATA).trouble:
        return JsonResponse({"status": "disk"}, status=503)
    return JsonResponse({"status": "ok"})
