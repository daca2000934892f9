"""Addresses of the pages about Services, their pools and opt-outs, and the account's senders."""

from django.urls import URLPattern, path, re_path

from msgconsole.console.pool_rows import GROUPS
from msgconsole.console.views import cases, coverage, optout, senders, service_pool, services, sticky_map

urlpatterns: list[URLPattern] = [
    path("services", services.service_list, name="services"),
    path("services/new", services.service_create, name="service_create"),
    path("services/<str:sid>", services.service, name="service"),
    path("services/<str:sid>/delete", services.service_delete, name="service_delete"),
    path("services/<str:sid>/integration", services.service_integration, name="service_integration"),
    path("services/<str:sid>/content", services.service_content, name="service_content"),
    path("services/<str:sid>/history", services.service_history, name="service_history"),
    path("services/<str:sid>/code", services.service_code, name="service_code"),
    path("services/<str:sid>/opt-out", optout.service_opt_out, name="service_opt_out"),
    path("services/<str:sid>/opt-out/place", optout.opt_out_place, name="service_opt_out_place"),
    path("services/<str:sid>/opt-out/remove", optout.opt_out_remove, name="service_opt_out_remove"),
    path("services/<str:sid>/sticky-map", sticky_map.sticky_map, name="service_sticky"),
    path("services/<str:sid>/sticky-map/<int:mapping>/reset", sticky_map.sticky_reset, name="service_sticky_reset"),
    path("services/<str:sid>/coverage", coverage.coverage, name="service_coverage"),
    path("services/<str:sid>/cases", cases.cases, name="service_cases"),
    path("services/<str:sid>/cases/save", cases.case_save, name="service_case_save"),
    path("services/<str:sid>/cases/run", cases.cases_run, name="service_cases_run"),
    path("services/<str:sid>/cases/<str:case>/accept", cases.case_accept, name="service_case_accept"),
    path("services/<str:sid>/cases/<str:case>/delete", cases.case_delete, name="service_case_delete"),
    path("services/<str:sid>/senders", service_pool.service_senders, name="service_senders"),
    path("services/<str:sid>/senders/remove", service_pool.service_sender_remove, name="service_sender_remove"),
    path("services/<str:sid>/senders/move", service_pool.service_sender_move, name="service_sender_move"),
    re_path(
        rf"^services/(?P<sid>[^/]+)/senders/add/(?P<kind>{'|'.join(GROUPS)})$",
        service_pool.service_sender_add,
        name="service_sender_add",
    ),
    path("senders", senders.senders, name="senders"),
    re_path(rf"^senders/add/(?P<what>{'|'.join(senders.MAKINGS)})$", senders.sender_add, name="sender_add"),
    path("senders/<str:sid>", senders.sender, name="sender"),
    path("senders/<str:sid>/release", senders.sender_release, name="sender_release"),
]
