"""The record screens' common ground: each account's records for its people alone, and no write but by an action.

``RecordAdmin`` shows. ``ActionModelAdmin`` also writes, by the actions its subclass declares in ``create_action``,
``update_action`` and ``delete_action``; what is not declared, the screen does not offer. Django's own admin log is not
kept: the audit log, which every action writes, is the history of a record.
"""
