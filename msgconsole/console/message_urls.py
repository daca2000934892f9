"""Pages about messages: test send, the log, one message. Part of ``console.urls``."""

from django.urls import path

from msgconsole.console.views import compare, message, message_actions, message_log, phone_book, test_send, try_list

urlpatterns = [
    path("test-send", test_send.test_send, name="test_send"),
    path("test-send/send", test_send.send, name="test_send_now"),
    path("test-send/recipient", test_send.recipient, name="test_send_recipient"),
    path("test-send/segments", test_send.segments, name="test_send_segments"),
    path("test-send/sent/<str:sid>", test_send.progress, name="test_send_progress"),
    path("test-send/compare", compare.compare, name="compare"),
    path("test-send/list", try_list.try_list, name="try_list"),
    path("test-send/list/<str:sid>.csv", try_list.try_list_csv, name="try_list_csv"),
    path("test-send/list/<str:sid>", try_list.try_list_run, name="try_list_run"),
    path("test-send/list/<str:sid>/stop", try_list.try_list_stop, name="try_list_stop"),
    path("phone-book", phone_book.listing, name="phone_book"),
    path("phone-book/new", phone_book.edit, name="phone_book_add"),
    path("phone-book/<str:number>", phone_book.edit, name="phone_book_edit"),
    path("phone-book/<str:number>/delete", phone_book.delete, name="phone_book_delete"),
    path("messages", message_log.messages, name="messages"),
    path("messages/rows", message_log.messages_rows, name="messages_rows"),
    path("messages.csv", message_log.messages_export, name="messages_export"),
    path("messages/<str:sid>", message.timeline, name="message"),
    path("messages/<str:sid>/why", message.why, name="message_why"),
    path("messages/<str:sid>/content", message.content, name="message_content"),
    path("messages/<str:sid>/webhooks", message.webhooks, name="message_webhooks"),
    path("messages/<str:sid>/api", message.api, name="message_api"),
    path("messages/<str:sid>/cancel", message_actions.cancel, name="message_cancel"),
    path("messages/<str:sid>/redact", message_actions.redact, name="message_redact"),
    path("messages/<str:sid>/delete", message_actions.delete, name="message_delete"),
]
