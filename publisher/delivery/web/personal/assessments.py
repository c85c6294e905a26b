"""The assessment: its form, and what the answers say. Answers stay in the request."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publisher.delivery.web.pages import Pages
from publisher.delivery.web.personal.entered import Entered
from publisher.delivery.web.personal.guides import WRONG, Guides, form_of, scripted
from publisher.delivery.web.personal.questionnaire import chapters, problems
from publisher.delivery.web.personal.reader_form import fields_of
from publisher.planning import assessment_words as words
from publisher.planning.answers import Answers, assessment_of
from publisher.planning.assessment import assess
from publisher.planning.questions import AnswerError, answers_from, questions


@dataclass(frozen=True)
class Assessments:
    """The endpoints; there are none if the records hold no assessment."""

    pages: Pages
    guides: Guides

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        if self.guides.catalogue.assessment is None:
            return []
        return [
            Route("/assessment", self.show, methods=["GET"]),
            Route("/assessment", self.change, methods=["POST"]),
            Route("/assessment/result", self.result, methods=["POST"]),
            Route("/assessment/result", self.show, methods=["GET"]),  # someone has reloaded it
        ]

    async def show(self, request: Request) -> Response:  # noqa: ARG002  # an address says nothing
        """The empty form."""
        return await self.guides.computed(partial(self._form, Entered(), {}))

    async def change(self, request: Request) -> Response:
        """The form with the answers that were given before."""
        said = await form_of(request)
        return await self.guides.computed(partial(self._form, said, {}))

    async def result(self, request: Request) -> Response:
        """What the answers say, or the form with what is wrong in it."""
        said = await form_of(request)
        return await self.guides.computed(partial(self._result, said))

    def _form(self, said: Entered, errors: Mapping[str, str]) -> Response:
        found = chapters(said, self.guides.catalogue, errors)
        return scripted(
            self.pages, "assessment.html", WRONG if errors else 200,
            assessment=assessment_of(self.guides.catalogue),
            chapters=found, problems=list(problems(found)),
            count=max(each.number for part in found for each in part.questions),
        )  # fmt: skip

    def _result(self, said: Entered) -> Response:
        try:
            answers = answers_from(said.texts, self.guides.catalogue)
        except AnswerError as error:
            return self._form(said, error.errors)
        result = assess(answers, self.guides.catalogue)
        made = result.recommendation
        return self.pages.page(
            "personal/result.html",
            result=result,
            words=words,
            made=made,
            modules=self.guides.catalogue.modules,
            reader=list(fields_of(made.reader)) if made else [],
            answers=[(item.field, said.text(item.field))
                     for item in questions(self.guides.catalogue) if said.text(item.field)],
            tasks=_tasks(answers, self),
        )  # fmt: skip


def _tasks(answers: Answers, here: Assessments) -> list[tuple[str, str]]:
    """The tasks that were tried, and why the right answer is right."""
    tasks = assessment_of(here.guides.catalogue).tasks
    return [
        (f"{task.question} {task.options[task.right]}", task.explanation)
        for slug, task in tasks.items()
        if slug in answers.tasks
    ]
