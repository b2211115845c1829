"""The templates of answers of one organism, in the table."""

from mailroom.domain.answer_template import MOST_TEMPLATES, AnswerTemplate
from mailroom.domain.refusals import TemplateNotFound, TooManyTemplates
from mailroom.fields.text import folded
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import template_count_key, template_key
from mailroom.storage.schema import TEMPLATE
from mailroom.storage.table import ConditionFailedError, Item, Table

_ATTEMPTS = 3
"""Of a write that others cross by writing and deleting the same template."""


class AnswerTemplates:
    """The templates of one organism.

    An item of its own holds their number and changes in the same transactions, so that agents who write at once do not
    go over the bound.
    """

    def __init__(self, table: Table, organism_id: str) -> None:
        self._table = table
        self._organism_id = organism_id

    def all(self) -> list[AnswerTemplate]:
        """The templates, sorted by French name."""
        partition, _ = template_count_key(self._organism_id)
        found = [AnswerTemplate.model_validate(item) for item in self._table.query(partition, prefix=TEMPLATE)]
        return sorted(found, key=lambda each: (folded(each.name.fr), each.template_id))

    def write(self, template: AnswerTemplate) -> bool:
        """Write a template, in place of the one under its id; whether it is new.

        Raises:
            TooManyTemplates: it would be one too many.

        """
        pk, sk = template_key(self._organism_id, template.template_id)
        written = template.model_dump()
        changed = self._table.change(
            pk,
            sk,
            update="SET #name = :name, #text = :text",
            condition="attribute_exists(pk)",
            values={":name": written["name"], ":text": written["text"]},
            names={"#name": "name", "#text": "text"},
        )
        for _ in range(_ATTEMPTS):
            try:
                self._table.apply(changed)
            except ConditionFailedError:
                if self._added({"pk": pk, "sk": sk, **written}):
                    return True
            else:
                return False
        raise TransactionBusyError

    def delete(self, template_id: str) -> None:
        """Delete a template.

        Raises:
            TemplateNotFound: there is none under this id.

        """
        gone = self._table.gone(
            *template_key(self._organism_id, template_id), condition="attribute_exists(pk)", values={}
        )
        one_less = self._table.change(
            *template_count_key(self._organism_id),
            update="ADD templates :less",
            condition="attribute_exists(pk)",
            values={":less": -1},
        )
        try:
            self._table.transact(gone, one_less)
        except ConditionFailedError:
            raise TemplateNotFound from None

    def _added(self, item: Item) -> bool:
        """Whether the template was added; False where another agent added one under the same id meanwhile."""
        one_more = self._table.change(
            *template_count_key(self._organism_id),
            update="ADD templates :one",
            condition="attribute_not_exists(templates) OR templates < :most",
            values={":one": 1, ":most": MOST_TEMPLATES},
        )
        try:
            self._table.transact(one_more, self._table.new(item))
        except ConditionFailedError as refusal:
            if refusal.items[0] is not None:
                raise TooManyTemplates(most=MOST_TEMPLATES) from None
            return False
        return True
