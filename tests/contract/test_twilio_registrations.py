"""Registrations through the official client library, unmodified, over HTTP."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from msgconsole.accounts.models import Account
from msgconsole.outbox import queue
from msgconsole.sids import new_sid
from services.models import MessagingService
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(transactional_db: None) -> Account:
    return factories.account()


@pytest.fixture
def service(account: Account) -> MessagingService:
    return factories.service(account)


@pytest.fixture
def client(account: Account, live_server: Any) -> Client:
    made = Client(account.sid, account.auth_token)
    made.messaging.base_url = live_server.url
    return made


def test_it_registers_a_brand_and_a_campaign(client: Client, service: MessagingService) -> None:
    brand = client.messaging.v1.brand_registrations.create(
        customer_profile_bundle_sid=new_sid("BU"), a2p_profile_bundle_sid=new_sid("BU")
    )
    assert (brand.status, brand.tcr_id) == ("PENDING", None)
    assert isinstance(brand.date_created, datetime)
    assert brand.update().status == "PENDING"
    queue.drain(until_idle=True)
    assert client.messaging.v1.brand_registrations(brand.sid).fetch().status == "APPROVED"
    assert [row.sid for row in client.messaging.v1.brand_registrations.list()] == [brand.sid]
    vetting = brand.brand_vettings.create(vetting_provider="aegis")
    assert brand.brand_vettings(vetting.brand_vetting_sid).fetch().vetting_status == "PENDING"
    assert brand.brand_registration_otps.create().brand_registration_sid == brand.sid

    ours = client.messaging.v1.services(service.sid)
    assert len(ours.us_app_to_person_usecases.fetch().us_app_to_person_usecases) == 20
    campaign = ours.us_app_to_person.create(brand_registration_sid=brand.sid, **factories.CAMPAIGN)
    assert (campaign.campaign_status, campaign.brand_registration_sid) == ("PENDING", brand.sid)
    queue.drain(until_idle=True)
    (listed,) = ours.us_app_to_person.list()
    assert (listed.sid, listed.campaign_status) == (campaign.sid, "VERIFIED")
    assert ours.fetch().us_app_to_person_registered is True
    assert campaign.delete() is True
    with pytest.raises(TwilioRestException) as caught:
        campaign.fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_it_verifies_a_toll_free_number(client: Client, account: Account) -> None:
    number = factories.number(account, "+18885550123", registration="unverified")
    made = client.messaging.v1.tollfree_verifications.create(tollfree_phone_number_sid=number.sid, **factories.TOLLFREE)
    assert (made.status, made.tollfree_phone_number_sid) == ("PENDING_REVIEW", number.sid)
    assert made.update(edit_reason="Typing error", business_name="Acme Ltd").business_name == "Acme Ltd"
    queue.drain(until_idle=True)
    (found,) = client.messaging.v1.tollfree_verifications.list(status="TWILIO_APPROVED", include_sub_accounts=True)
    assert found.sid == made.sid
    assert made.delete() is True


def test_it_configures_short_links(client: Client, service: MessagingService) -> None:
    domain = new_sid("DN")
    made = client.messaging.v1.domain_config(domain).update(fallback_url="https://example.com/")
    assert client.messaging.v1.domain_config(domain).fetch().config_sid == made.config_sid
    association = client.messaging.v1.linkshortening_messaging_service(domain, service.sid)
    assert association.create().messaging_service_sid == service.sid
    of_service = client.messaging.v1.linkshortening_messaging_service_domain_association(service.sid)
    assert of_service.fetch().domain_sid == domain
    config = client.messaging.v1.domain_config_messaging_service(service.sid).fetch()
    assert (config.domain_sid, config.fallback_url) == (domain, "https://example.com/")
    assert association.delete() is True


def test_it_brings_in_a_campaign_and_reads_deactivations(client: Client, service: MessagingService) -> None:
    brought = client.messaging.v1.external_campaign.create(campaign_id="CABC123", messaging_service_sid=service.sid)
    assert (brought.sid[:2], brought.campaign_id) == ("QE", "CABC123")
    day: date = datetime.now(UTC).date() - timedelta(days=1)
    assert client.messaging.v1.deactivations().fetch(date=day).redirect_to.endswith(".txt")
