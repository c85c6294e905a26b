"""The way to a file: page, button, address; what is shown, what is changed, what is refused."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, update

from publisher.delivery.store.tables import ARTIFACT, DOWNLOAD, GRANT
from publisher.delivery.web.counted import disposition
from tests.delivery.web.serving import CLOCK, Ledger, Web, hidden, values
from tests.runs import until

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40


def test_the_page_names_the_files_and_the_button_gives_one(web: Web, ledger: Ledger) -> None:
    number, _ = ledger.delivery()
    ledger.file(CONTENT, number, "plan für Zoë – 学習.pdf")
    grant = ledger.grant(number)
    page = web.client.get(web.page(grant)).text
    assert "plan für Zoë – 学習.pdf" in page
    assert "10.2\N{NO-BREAK SPACE}KB" in page
    assert "10 downloads left" in page
    answer = web.client.get(web.open(grant))
    assert CONTENT == answer.content
    assert "application/pdf" == answer.headers["content-type"]
    assert "private, no-store" == answer.headers["cache-control"]
    expected = (
        'attachment; filename="plan fur Zoe  .pdf"; '
        "filename*=utf-8''plan%20f%C3%BCr%20Zo%C3%AB%20%E2%80%93%20%E5%AD%A6%E7%BF%92.pdf"
    )
    assert expected == answer.headers["content-disposition"]
    until(lambda: ledger.downloads(grant))
    assert [grant] == [event.detail["grant"] for event in ledger.events("downloaded", grant)]
    assert [number] == [event.delivery_id for event in ledger.events("download-begun", grant)]
    assert "9 downloads left" in web.client.get(web.page(grant)).text


@pytest.mark.parametrize("name", ['a"; filename="b.exe', "a\r\nSet-Cookie: b=c", "../../etc/x", ""])
def test_a_name_of_a_file_breaks_no_header(name: str) -> None:
    made = disposition(name)
    assert "\r" not in made
    assert "\n" not in made
    plain, exact = made.split("; ")[1:3]
    assert plain.count('"') == 2
    assert "/" not in plain + exact
    httpx.Headers({"content-disposition": made})


def test_head_prefetch_and_scanners_change_nothing(web: Web, ledger: Ledger) -> None:
    """B12: whatever only looks leaves every row as it is; only POST and the bytes change some."""
    number, token = ledger.delivery()
    ledger.file(CONTENT, number)
    grant = ledger.grant(number)
    file = web.open(grant)
    before = ledger.everything()
    pages = [
        web.page(grant), web.path(web.links.unsubscribe(token)), web.path(web.links.confirm(token)),
    ]  # fmt: skip
    for path in pages:
        assert 200 == web.client.get(path).status_code
        assert 200 == web.client.get(path, headers={"Sec-Purpose": "prefetch"}).status_code
        assert 405 == web.client.options(path).status_code
    for path in (*pages, file):
        answer = web.client.head(path)
        assert (200, b"") == (answer.status_code, answer.content)
    assert str(len(CONTENT)) == web.client.head(file).headers["content-length"]
    assert before == ledger.everything()


def test_a_grant_opens_its_own_files_and_those_for_everyone(web: Web, ledger: Ledger) -> None:
    (mine, _), (other, _) = ledger.delivery(), ledger.delivery()
    ledger.file(CONTENT, mine, "mine.pdf")
    theirs = ledger.file(CONTENT, other, "theirs.pdf")
    handbook = ledger.file(CONTENT, None, "handbook.pdf")
    ledger.file(CONTENT, None, "elsewhere.pdf", campaign_id=None)
    grant = ledger.grant(mine)
    page = web.client.get(web.page(grant)).text
    assert ["mine.pdf", "handbook.pdf"] == [
        part.split("<")[0] for part in page.split('class="name">')[1:]
    ]
    before = ledger.everything()
    for wrong in (str(theirs), "99999", "9" * 40, "-1", "１", "", "1 OR 1=1"):
        form = {"form": hidden(page), "file": wrong}
        assert 400 == web.client.post(web.page(grant), data=form).status_code
    assert before == ledger.everything()
    ledger.change(delete(ARTIFACT).where(ARTIFACT.c.id == handbook))  # of all tests


def test_files_of_a_reader_without_a_delivery(web: Web, ledger: Ledger) -> None:
    """As the website makes them, for someone who asked for a guide there."""
    number, _ = ledger.delivery()
    reader = ledger.subscriber(number)
    ledger.file(CONTENT, None, "asked-for.pdf", campaign_id=None, subscriber_id=reader)
    assert CONTENT == web.client.get(web.open(ledger.grant(None, subscriber_id=reader))).content
    page = web.client.get(web.page(ledger.grant(None)))
    assert "asked-for" not in page.text


@pytest.mark.parametrize(
    ("values_of_the_grant", "title"),
    [
        ({"expires_at": CLOCK}, "This link has had its time"),
        ({"revoked_at": CLOCK}, "This link was withdrawn"),
        ({"max_downloads": 2, "downloads": 2}, "This link has given all its downloads"),
    ],
)
def test_an_ended_grant_opens_nothing(
    web: Web, ledger: Ledger, values_of_the_grant: dict[str, object], title: str
) -> None:
    grant = ledger.granted(CONTENT)
    page = web.client.get(web.page(grant)).text
    address = web.open(grant)
    ledger.change(update(GRANT).where(GRANT.c.id == grant).values(values_of_the_grant))
    before = ledger.everything()
    looked = web.client.get(web.page(grant))
    assert 410 == looked.status_code
    assert title in looked.text
    form = {"form": hidden(page), "file": values(page, "file")[0]}
    assert 410 == web.client.post(web.page(grant), data=form).status_code
    assert 410 == web.client.get(address).status_code
    assert before == ledger.everything()


def test_a_file_address_lives_ten_minutes(web: Web, ledger: Ledger) -> None:
    """By the clock of the database, which all machines share."""
    grant = ledger.granted(CONTENT)
    address = web.open(grant)
    begun = ledger.now()
    ledger.change(update(DOWNLOAD).values(at=begun - timedelta(minutes=9)))
    assert 206 == web.client.get(address, headers={"Range": "bytes=0-9"}).status_code
    ledger.change(update(DOWNLOAD).values(at=begun - timedelta(minutes=10)))
    answer = web.client.get(address)
    assert 410 == answer.status_code
    assert "button once more" in answer.text
    assert 0 == ledger.downloads(grant)


def test_the_last_download_may_be_fetched_again_in_its_time(web: Web, ledger: Ledger) -> None:
    grant = ledger.granted(CONTENT, max_downloads=1)
    first, second = web.open(grant), web.open(grant)
    assert CONTENT == web.client.get(first).content
    until(lambda: ledger.downloads(grant))
    assert CONTENT == web.client.get(first).content
    assert 410 == web.client.get(second).status_code
    assert 1 == ledger.downloads(grant)


def test_a_form_must_be_ours(web: Web, ledger: Ledger) -> None:
    """No other site, and no scanner that posts blindly, begins a download."""
    grant, other = ledger.granted(CONTENT), ledger.granted(CONTENT)
    page = web.client.get(web.page(grant)).text
    seal, of_other = hidden(page), hidden(web.client.get(web.page(other)).text)
    before = ledger.everything()
    for wrong in ("", "x", of_other, seal[:-1], "9" + seal, seal.replace(".", "..")):
        answer = web.client.post(web.page(grant), data={"form": wrong, "file": "1"})
        assert 403 == answer.status_code
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    form = {"form": seal, "file": values(page, "file")[0]}
    answer = web.client.post(web.page(grant), data=form, headers=from_elsewhere)
    assert 403 == answer.status_code
    assert before == ledger.everything()
    assert 303 == web.client.post(web.page(grant), data=form).status_code


def test_a_fresh_link_is_asked_for_once_in_an_hour(web: Web, ledger: Ledger) -> None:
    """Whoever presses learns nothing: neither an address, nor whether there is one."""
    grant = ledger.granted(CONTENT, expires_at=CLOCK)
    said = {_ask(web, web.page(grant)) for _ in range(5)}
    (event,) = ledger.events("fresh-link-asked", grant)
    assert {"grant": grant} == event.detail
    assert event.delivery_id
    ledger.change(update(GRANT).values(asked_at=ledger.now() - timedelta(hours=1)))
    said.add(_ask(web, web.page(grant)))
    assert 2 == len(ledger.events("fresh-link-asked", grant))
    ledger.change(delete(GRANT).where(GRANT.c.id == grant))
    said.add(_ask(web, web.page(grant)))
    assert 2 == len(ledger.events("fresh-link-asked", grant))
    assert 1 == len(said)
    assert "example.org" not in said.pop()


def test_nobody_gets_a_fresh_link_for_one_that_was_withdrawn_or_is_good(
    web: Web, ledger: Ledger
) -> None:
    good, withdrawn = ledger.granted(), ledger.granted(expires_at=CLOCK)
    form = _fresh_form(web, web.page(withdrawn))
    ledger.change(update(GRANT).where(GRANT.c.id == withdrawn).values(revoked_at=CLOCK))
    assert "button" not in web.client.get(web.page(withdrawn)).text
    answer = web.client.post(f"{web.page(withdrawn)}/fresh", data=form)
    assert 200 == answer.status_code
    assert 403 == web.client.post(f"{web.page(good)}/fresh", data=form).status_code
    assert [] == ledger.events("fresh-link-asked", withdrawn)
    assert [] == ledger.events("fresh-link-asked", good)


@pytest.mark.parametrize("path", ["gone.pdf", "../secret.pdf", "/etc/passwd", "."])
def test_a_file_that_is_not_there_gives_nothing_else(web: Web, ledger: Ledger, path: str) -> None:
    (ledger.files.parent / "secret.pdf").write_bytes(CONTENT)  # as long as the file
    grant = ledger.granted(CONTENT)
    address = web.open(grant)
    ledger.change(update(ARTIFACT).values(path=path))
    answer = web.client.get(address)
    assert 503 == answer.status_code
    assert "your link stays good" in answer.text
    assert 0 == ledger.downloads(grant)


def test_a_file_of_another_size_is_not_sent(web: Web, ledger: Ledger) -> None:
    """What was promised has a digest and a size; half a file is worse than none."""
    address = web.open(ledger.granted(CONTENT))
    file = max(ledger.files.iterdir(), key=lambda each: each.stat().st_mtime_ns)
    file.write_bytes(CONTENT[:-1])
    assert 503 == web.client.get(address).status_code


def _fresh_form(web: Web, page: str) -> dict[str, str]:
    return {"form": hidden(web.client.get(page).text)}


def _ask(web: Web, page: str) -> str:
    answer = web.client.post(f"{page}/fresh", data=_fresh_form(web, page))
    assert 200 == answer.status_code
    return answer.text
