"""The assessment on the page: nothing lost, every mistake named, the same words as elsewhere."""

import html
import re
from pathlib import Path

from publisher.planning import assessment_words as words
from publisher.planning.answers import assessment_of
from publisher.planning.assessment import assess
from publisher.planning.questions import answers_from, questions
from publisher.records.catalogue import load_catalogue
from tests.delivery.web.personal.forms import ANSWERS
from tests.delivery.web.program import Config
from tests.delivery.web.serving import Web


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_every_question_stands_there_with_all_its_examples(
    personal_web: Web, personal_config: Config
) -> None:
    page = personal_web.client.get("/assessment").text
    for item in questions(load_catalogue(Path(personal_config.guides))):
        assert html.escape(item.text) in page
        assert f'name="{item.field}"' in page
        for option in item.options:
            assert option.text in page


def test_the_result_says_what_the_terminal_says(personal_web: Web, personal_config: Config) -> None:
    catalogue = load_catalogue(Path(personal_config.guides))
    result = assess(answers_from(ANSWERS, catalogue), catalogue)
    made = result.recommendation
    assert made
    page = text_of(personal_web.client.post("/assessment/result", data=ANSWERS).text)
    wanted = [
        words.title(result.fit), *words.verdict_texts(result), words.path(made, result.fit),
        *map(words.neighbour, result.neighbours), *assessment_of(catalogue).measures,
        *(reason for each in result.fit.dimensions for reason in each.reasons),
        *(words.shortcut(each, made) for each in made.shortcuts),
        f"{made.plan.months.likely} months", *result.remarks,
    ]  # fmt: skip
    for each in wanted:
        assert " ".join(each.split()) in page


def test_the_first_modules_are_links(personal_web: Web) -> None:
    page = personal_web.client.post("/assessment/result", data=ANSWERS).text
    assert '<a href="/modules/draw-contours/">' in page


def test_wrong_answers_are_named_and_nothing_is_lost(personal_web: Web) -> None:
    wrong = {**ANSWERS, "hours_per_week": "many", "scales.old-maps": "9", "deadline": "soon"}
    answer = personal_web.client.post("/assessment/result", data=wrong)
    assert 422 == answer.status_code
    page = answer.text
    for field in ("hours_per_week", "scales-old-maps", "deadline"):
        assert f'href="#q-{field}"' in page
        assert f'id="q-{field}"' in page
        assert f'id="q-{field}-error"' in page
    assert 'value="many"' in page
    assert 'name="background" value="surveyor" checked' in page
    assert re.search(r'name="scales.long-walks" value="1" checked', page)


def test_answers_can_be_changed(personal_web: Web) -> None:
    page = personal_web.client.post("/assessment/result", data=ANSWERS).text
    form = page.split('action="/assessment"')[1]
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert kept == ANSWERS
    again = personal_web.client.post("/assessment", data=kept).text
    assert 'name="scales.long-walks" value="1" checked' in again


def test_no_answer_at_all_is_an_answer(personal_web: Web) -> None:
    answer = personal_web.client.post("/assessment/result", data={})
    assert 200 == answer.status_code
    assert "No score yet" in answer.text
    assert words.NO_PATH_YET in text_of(answer.text)


def test_an_address_says_nothing(personal_web: Web) -> None:
    page = personal_web.client.get("/assessment?background=surveyor").text
    assert 'value="surveyor" checked' not in page
    assert "Twelve questions" in personal_web.client.get("/assessment/result").text


def test_a_page_of_somebody_else_cannot_post(personal_web: Web) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = personal_web.client.post("/assessment/result", data=ANSWERS, headers=elsewhere)
    assert 403 == answer.status_code


def test_answers_are_in_no_log(personal_web: Web) -> None:
    marked = {**ANSWERS, "hours_per_week": "6.125"}
    personal_web.client.post("/assessment/result", data=marked)
    log = personal_web.log.read_text("utf-8")
    assert "/assessment/result" in log
    assert "6.125" not in log
    assert "surveyor" not in log
