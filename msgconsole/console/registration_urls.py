"""Addresses of the pages about registrations."""

from django.urls import URLPattern, path

from msgconsole.console.views import registrations as views

urlpatterns: list[URLPattern] = [
    path("registrations", views.registrations, name="registrations"),
    path("registrations/brands", views.brands, name="registrations_brands"),
    path("registrations/toll-free", views.toll_free, name="registrations_toll_free"),
    path("registrations/brands/new", views.brand_new, name="registration_brand"),
    path("registrations/campaigns/new", views.campaign_new, name="registration_campaign"),
    path("registrations/toll-free/new", views.toll_free_new, name="registration_toll_free"),
    path("registrations/<str:sid>", views.registration, name="registration"),
    path("registrations/<str:sid>/poll", views.registration_poll, name="registration_poll"),
    path("registrations/<str:sid>/edit", views.registration_edit, name="registration_edit"),
    path("registrations/<str:sid>/delete", views.registration_delete, name="registration_delete"),
    path("registrations/<str:sid>/<slug:step>", views.registration_step, name="registration_step"),
    path("services/<str:sid>/compliance", views.service_compliance, name="service_compliance"),
]
