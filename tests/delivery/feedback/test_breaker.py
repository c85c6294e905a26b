"""When a campaign is stopped: the study's statement B36."""

import pytest
from sqlalchemy import select

from publisher.delivery.breaker import Limits, check, trip
from publisher.delivery.store.states import CampaignState, DeliveryState
from publisher.delivery.store.tables import EVENT
from tests.delivery.feedback.ledger import Ledger
from tests.delivery.feedback.mails import address_of, bounce, complaint


def test_a_storm_of_refusals_gives_nobody_up_and_stops_the_campaign(ledger: Ledger) -> None:
    campaign = ledger.campaign()
    told = ledger.judge_all(bounce(each, "5.7.515") for each in ledger.deliveries(campaign, 500))
    assert [number for number, each in enumerate(told) if each.paused] == [2]
    row = ledger.campaign_row(campaign)
    assert row.state == CampaignState.PAUSED
    assert row.cause.startswith("3 receivers refuse us")
    _, bounced, _, soft, suppressed = ledger.everything()
    assert len(bounced) == 500
    assert (soft, suppressed) == ([], [])


@pytest.mark.parametrize(("status", "paused"), [("5.7.26", True), ("5.7.1", False)])
def test_one_receivers_taste_stops_no_large_campaign(
    ledger: Ledger, status: str, paused: bool
) -> None:
    campaign = ledger.campaign()
    for each in ledger.deliveries(campaign, 400)[:3]:
        ledger.judge(bounce(each, status))
    assert paused == (ledger.campaign_row(campaign).state == CampaignState.PAUSED)


def test_a_small_campaign_is_stopped_by_three_refusals(ledger: Ledger) -> None:
    campaign = ledger.campaign()
    for each in ledger.deliveries(campaign, 4)[:3]:
        assert ledger.campaign_row(campaign).state == CampaignState.SENDING
        ledger.judge(bounce(each, "5.7.1"))
    assert ledger.campaign_row(campaign).state == CampaignState.PAUSED


def test_it_counts_anew_when_an_operator_goes_on(ledger: Ledger) -> None:
    campaign = ledger.campaign()
    mails = [bounce(each, "5.7.26") for each in ledger.deliveries(campaign, 6)]
    assert [bool(ledger.judge(each).paused) for each in mails[:3]] == [False, False, True]
    ledger.set_campaign(campaign, CampaignState.SENDING)
    assert [bool(ledger.judge(each).paused) for each in mails[3:]] == [False, False, True]


@pytest.mark.parametrize(("total", "at"), [(100, 5), (40, None), (200, 10)])
def test_too_many_dead_addresses_stop_it(ledger: Ledger, total: int, at: int | None) -> None:
    campaign = ledger.campaign()
    told = ledger.judge_all(bounce(each) for each in ledger.deliveries(campaign, total)[:12])
    assert at == next((number for number, each in enumerate(told, 1) if each.paused), None)


@pytest.mark.parametrize(("total", "at"), [(100, 2), (1000, 3), (40, None)])
def test_too_many_complaints_stop_it(ledger: Ledger, total: int, at: int | None) -> None:
    campaign = ledger.campaign()
    mails = [
        complaint(to=address_of(each.token), number=number)
        for number, each in enumerate(ledger.deliveries(campaign, total)[:4])
    ]
    told = ledger.judge_all(mails)
    assert at == next((number for number, each in enumerate(told, 1) if each.paused), None)


def test_full_mailboxes_stop_nothing(ledger: Ledger) -> None:
    campaign = ledger.campaign()
    mails = (bounce(each, "5.2.2") for each in ledger.deliveries(campaign, 60))
    assert not any(each.paused for each in ledger.judge_all(mails))


def test_refusals_over_smtp_count_as_well(ledger: Ledger) -> None:
    campaign = ledger.campaign()
    for each in range(3):
        ledger.delivery(
            campaign, f"{each}@there.example", DeliveryState.FAILED, code=550, enhanced="5.7.25"
        )
    with ledger.database.writing() as connection:
        assert check(connection, campaign, Limits(refused=4)) is None
        assert check(connection, campaign)
        assert check(connection, campaign) is None, "it is paused already"


@pytest.mark.parametrize("state", CampaignState)
def test_only_what_is_about_to_send_is_paused_and_its_first_cause_stays(
    ledger: Ledger, state: CampaignState
) -> None:
    campaign = ledger.campaign(state=state)
    stops = state in (CampaignState.READY, CampaignState.SENDING)
    with ledger.database.writing() as connection:
        assert trip(connection, campaign, "first") == stops
        assert not trip(connection, campaign, "second")
        kinds = list(connection.execute(select(EVENT.c.kind, EVENT.c.detail)))
    row = ledger.campaign_row(campaign)
    assert (row.state, row.cause) == ((CampaignState.PAUSED, "first") if stops else (state, ""))
    assert len(kinds) == stops
