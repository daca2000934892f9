from django.urls import path

from msgconsole.accounts.api.views import Accounts, Keys, SigningKeys
from msgconsole.api import converters  # noqa: F401 - registers <sid:…>

OWN = "2010-04-01/Accounts/<sid:account_sid>"

urlpatterns = [
    path("2010-04-01/Accounts.json", Accounts.collection()),
    path(f"{OWN}.json", Accounts.item(get="retrieve", post="update")),
    path(f"{OWN}/Keys.json", Keys.collection()),
    path(f"{OWN}/Keys/<sid:sid>.json", Keys.item()),
    path(f"{OWN}/SigningKeys.json", SigningKeys.collection()),
    path(f"{OWN}/SigningKeys/<sid:sid>.json", SigningKeys.item()),
]
