"""Opt-out, opt-in and help keywords with their replies, at three layers: standard, language, country."""

from django.db import models

from services.models.service import MessagingService


class OptOutKeywordSet(models.Model):
    class Layer(models.TextChoices):
        STANDARD = "standard", "Standard"
        LANGUAGE = "language", "Language"
        COUNTRY = "country", "Country"

    class Kind(models.TextChoices):
        OPT_OUT = "opt_out", "Opt-out"
        OPT_IN = "opt_in", "Opt-in"
        HELP = "help", "Help"

    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, related_name="keyword_sets")
    layer = models.CharField(max_length=8, choices=Layer, default=Layer.STANDARD)
    country = models.CharField(max_length=2, blank=True, help_text="ISO country code; of the country layer alone.")
    language = models.CharField(max_length=40, blank=True, help_text="English name; empty in the standard layer.")
    kind = models.CharField(max_length=7, choices=Kind)
    keywords = models.JSONField(default=list, blank=True)
    message = models.CharField(max_length=320, blank=True)

    class Meta:
        ordering = ["layer", "country", "language", "kind"]
        verbose_name = "opt-out keyword set"
        constraints = [
            models.UniqueConstraint(
                fields=["service", "layer", "country", "language", "kind"], name="one_keyword_set_per_place"
            )
        ]

    def __str__(self) -> str:
        place = " ".join(part for part in (self.country, self.language) if part)
        return f"{self.get_kind_display()} keywords, {place or 'standard'}"
