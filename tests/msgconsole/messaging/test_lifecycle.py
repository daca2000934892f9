import pytest

from msgconsole.messaging.lifecycle import ALLOWED, Status, called_back, is_final


def test_every_status_says_what_may_follow_it() -> None:
    assert set(ALLOWED) == set(Status)


@pytest.mark.parametrize("status", [s for s in Status if is_final(s) and s is not Status.DELIVERED])
def test_nothing_follows_a_final_status(status: Status) -> None:
    assert not ALLOWED[status]


def test_only_a_read_receipt_follows_delivered() -> None:
    assert ALLOWED[Status.DELIVERED] == {Status.READ}


def test_from_each_beginning_some_final_status_can_be_reached() -> None:
    for start in (Status.ACCEPTED, Status.SCHEDULED, Status.QUEUED, Status.RECEIVING):
        reached, frontier = {start}, [start]
        while frontier:
            for following in ALLOWED[frontier.pop()] - reached:
                reached.add(following)
                frontier.append(following)
        assert any(is_final(status) for status in reached)


def test_the_initial_statuses_and_sending_are_not_called_back() -> None:
    assert not called_back(Status.QUEUED, Status.SENDING)
    assert called_back(Status.ACCEPTED, Status.QUEUED)
    assert not called_back(Status.SENDING, Status.QUEUED)
    for status in (Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.CANCELED, Status.READ):
        assert called_back(next(one for one in Status if status in ALLOWED[one]), status)
