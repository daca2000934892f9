from typing import Any

from django.urls import URLPattern, path

from msgconsole.api import converters  # noqa: F401 - registers <sid:…>
from senders.api import insight, inventory, service_senders

OWN = "2010-04-01/Accounts/<sid:account_sid>"
POOL = "v1/Services/<sid:service_sid>"
INSIGHT = f"msgconsole/{POOL}"


def _pool(view: Any) -> list[URLPattern]:
    return [
        path(f"{POOL}/{view.tail}", view.collection()),
        path(f"{POOL}/{view.tail}/<sid:sid>", view.item(get="retrieve", delete="destroy")),
    ]


urlpatterns = [
    *_pool(service_senders.PhoneNumbers),
    *_pool(service_senders.ShortCodes),
    *_pool(service_senders.AlphaSenders),
    *_pool(service_senders.DestinationAlphaSenders),
    *_pool(service_senders.ChannelSenders),
    path(f"{OWN}/IncomingPhoneNumbers.json", inventory.PhoneNumbers.collection()),
    path(f"{OWN}/IncomingPhoneNumbers/Local.json", inventory.LocalNumbers.collection()),
    path(f"{OWN}/IncomingPhoneNumbers/Mobile.json", inventory.MobileNumbers.collection()),
    path(f"{OWN}/IncomingPhoneNumbers/TollFree.json", inventory.TollFreeNumbers.collection()),
    path(f"{OWN}/IncomingPhoneNumbers/<sid:sid>.json", inventory.PhoneNumbers.item()),
    path(f"{OWN}/SMS/ShortCodes.json", inventory.ShortCodes.collection(get="list")),
    path(f"{OWN}/SMS/ShortCodes/<sid:sid>.json", inventory.ShortCodes.item(get="retrieve", post="update")),
    path(f"{INSIGHT}/StickyMappings", insight.StickyMappings.collection(get="list")),
    path(f"{INSIGHT}/StickyMappings/<sid:sid>", insight.StickyMappings.item(get="retrieve", delete="destroy")),
    path(f"{INSIGHT}/Coverage", insight.Coverage.as_view()),
    path(f"{INSIGHT}/Lint", insight.Lint.as_view()),
]
