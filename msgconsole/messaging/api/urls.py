from django.urls import path

from msgconsole.api import converters  # noqa: F401 - registers <sid:…>
from msgconsole.messaging.api.document import openapi
from msgconsole.messaging.api.explain import Explain, Replay, WhyNot
from msgconsole.messaging.api.media import Feedback, MessageMedia
from msgconsole.messaging.api.views import Balance, Decision, Messages, ServiceMessages

OWN = "2010-04-01/Accounts/<sid:account_sid>"
ONE = f"{OWN}/Messages/<sid:message_sid>"

urlpatterns = [
    path(f"{OWN}/Messages.json", Messages.collection()),
    path(f"{OWN}/Messages/<sid:sid>.json", Messages.item()),
    path(f"{ONE}/Media.json", MessageMedia.collection(get="list")),
    path(f"{ONE}/Media/<sid:sid>.json", MessageMedia.item(get="retrieve", delete="destroy")),
    path(f"{ONE}/Media/<sid:sid>", MessageMedia.item(get="content", delete="destroy")),
    path(f"{ONE}/Feedback.json", Feedback.collection(post="create")),
    path(f"{OWN}/Balance.json", Balance.as_view()),
    path("v1/Services/<sid:service_sid>/Messages", ServiceMessages.as_view()),
    path("msgconsole/v1/openapi.json", openapi, name="own_openapi"),
    path("msgconsole/v1/Messages/<sid:sid>/Decision", Decision.as_view()),
    path("msgconsole/v1/Messages/<sid:sid>/Replay", Replay.as_view()),
    path("msgconsole/v1/Services/<sid:service_sid>/Explain", Explain.as_view()),
    path("msgconsole/v1/Services/<sid:service_sid>/WhyNot", WhyNot.as_view()),
]
