"""An organism's templates of answers, in Arabic and in French: its agents list, write and delete them."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom.api import resolver
from mailroom.api.desk import caller_of
from mailroom.api.template_views import TemplateForm, TemplateList, TemplateView, template_view
from mailroom.domain.answer_template import TemplateId
from mailroom.domain.refusals import OF_A_BODY, OF_AN_INBOX, TemplateNotFound, TooManyTemplates
from mailroom.mails.answer_templates import AnswerTemplates
from mailroom.organisms import callers
from mailroom.process import WithTable

Id = Annotated[TemplateId, Path(description="Chosen by the client: small letters, digits and hyphens.")]


class Process(WithTable):
    """Reads and writes the templates of the caller's organism."""


app = resolver.Api()


def templates() -> AnswerTemplates:
    """The templates of the caller's organism."""
    return AnswerTemplates(Process.current().table, caller_of(app).organism_id)


@app.get(
    "/v1/inbox/templates",
    operation_id="keep_templates",
    summary="The organism's answer templates",
    security=[{"agent": []}],
    responses={200: {"description": "All of them, at most 100"}, **resolver.problem_responses(*OF_AN_INBOX)},
)
def list_templates() -> Response[TemplateList]:
    """Sorted by French name. A template is a text to begin an answer with: nothing is sent by itself."""
    return resolver.answer(TemplateList(items=[template_view(each) for each in templates().all()]))


@app.put(
    "/v1/inbox/templates/<template_id>",
    operation_id="keep_templates.write",
    summary="Write an answer template",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {"description": "The template is new"},
        200: {"description": "The template was changed"},
        **resolver.problem_responses(*OF_AN_INBOX, *OF_A_BODY, TooManyTemplates),
    },
)
def write_template(template_id: Id, form: TemplateForm) -> Response[TemplateView]:
    """In both languages, since an answer is written in the sender's."""
    template = form.named(template_id)
    is_new = templates().write(template)
    return resolver.answer(template_view(template), HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@app.delete(
    "/v1/inbox/templates/<template_id>",
    operation_id="keep_templates.remove",
    summary="Delete an answer template",
    security=[{"agent": []}],
    status_code=204,
    responses={
        204: {"description": "The template is deleted", "content": {}},
        **resolver.problem_responses(*OF_AN_INBOX, TemplateNotFound),
    },
)
def delete_template(template_id: Id) -> Response[None]:
    """Answers that were written from it stay as they are."""
    templates().delete(template_id)
    return Response(HTTPStatus.NO_CONTENT.value)


handler = resolver.entry(app, callers.organism_guard(lambda: Process.current().table))
