"""Whether this face answers, for the supervisor and a monitor; says nothing else."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200: this face needs nothing but its own process and what was published."""
    return JsonResponse({"status": "ok"})
