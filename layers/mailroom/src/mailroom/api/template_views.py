"""An organism's templates of answers, as the API takes and answers them."""

from typing import Annotated

from pydantic import ConfigDict, Field

from mailroom.api.mail_views import View
from mailroom.domain.answer_template import AnswerTemplate, BilingualText, BilingualTitle
from mailroom.fields.forms import Form


class TemplateForm(Form):
    """An answer template: name and plain text, each in Arabic and in French."""

    model_config = ConfigDict(strict=True)

    name: BilingualTitle
    text: BilingualText

    def named(self, template_id: str) -> AnswerTemplate:
        """The template under its id."""
        return AnswerTemplate(template_id=template_id, name=self.name, text=self.text)


class TemplateView(View):
    """An answer template of the organism."""

    template_id: Annotated[str, Field(examples=["attestation-jointe"])]
    name: BilingualTitle
    text: BilingualText


class TemplateList(View):
    """The organism's answer templates, sorted by French name."""

    items: list[TemplateView]


def template_view(template: AnswerTemplate) -> TemplateView:
    """A template as it is shown."""
    return TemplateView(template_id=template.template_id, name=template.name, text=template.text)
