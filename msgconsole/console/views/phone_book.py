"""The phone book: what the simulated carrier knows of a number. It serves the whole install."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from msgconsole.carriers.simulated import actions
from msgconsole.carriers.simulated.models import PhoneBookEntry
from msgconsole.console.forms import ActionForm
from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.templatetags.console import readable


class EntryForm(ActionForm):
    number = forms.CharField(
        max_length=40,
        help_text="In international form, such as +14155550123.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    carrier = forms.CharField(
        required=False,
        max_length=60,
        help_text="A short code that does not reach this carrier is passed over. Empty: not known.",
    )
    line_type = forms.ChoiceField(
        label="Line",
        choices=PhoneBookEntry.LineType.choices,
        initial=PhoneBookEntry.LineType.MOBILE,
        help_text="Outside the US, Canada and the UK a landline is not tried (21635).",
    )
    rcs = forms.BooleanField(
        label="The device can do RCS", required=False, help_text="Then a Service with an RCS sender uses that first."
    )


@account_view()
def listing(request: ConsoleRequest) -> HttpResponse:
    """Newest first; ``q`` is a part of a number or of a carrier's name."""
    text = request.GET.get("q", "").strip()[:60]
    rows = PhoneBookEntry.objects.all()
    if text:
        digits = "".join(filter(str.isdigit, text))
        found = rows.filter(carrier__icontains=text)
        rows = found | rows.filter(number__contains=digits) if digits else found
    return render(request, "console/phone_book.html", {"page": paginate(rows, request), "text": text})


@account_view(role="configurator")
def edit(request: ConsoleRequest, number: str = "") -> HttpResponse:
    """Say what is known of a number; without one in the address, of a new number."""
    entry = get_object_or_404(PhoneBookEntry, number=number) if number else None
    initial = (
        {"number": entry.number, "carrier": entry.carrier, "line_type": entry.line_type, "rcs": entry.rcs}
        if entry
        else {}
    )
    form = EntryForm(request.POST if request.method == "POST" else None, initial=initial)
    if entry is not None:
        form.fields["number"].widget.attrs["readonly"] = True
    if form.is_bound and form.is_valid():
        values = {**form.cleaned_data, **({"number": entry.number} if entry else {})}
        saved = form.attempt(lambda: actions.set_entry(actor=request.actor, **values))
        if saved is not None:
            messages.success(request, f"The carrier now knows {readable(saved.number)} so.")
            return redirect("console:phone_book")
    return render(request, "console/phone_book_edit.html", {"form": form, "entry": entry})


@account_view(role="configurator")
def delete(request: ConsoleRequest, number: str) -> HttpResponse:
    entry = get_object_or_404(PhoneBookEntry, number=number)
    if request.method == "POST":
        actions.delete_entry(entry=entry, actor=request.actor)
        messages.success(request, f"{readable(entry.number)} is forgotten: a mobile of an unnamed carrier again.")
        return redirect("console:phone_book")
    return render(request, "console/phone_book_delete.html", {"entry": entry})
