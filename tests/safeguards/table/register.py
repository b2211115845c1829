"""The register: numbers, the chain, the heads."""

from tests.safeguards.safeguard import Safeguard, always, conditions

_MAILS = "tests/unit/test_conditions_of_mails.py"
_ORGANISMS = "tests/unit/test_conditions_of_organisms.py"
_HEADS = "tests/integration/test_heads.py"

_ONE_ENTRY = Safeguard(
    name="a number has one entry",
    place="Registrar.prepare",
    taken="self._table.new(entry)",
    left="self._table.put_anyway(entry)",
)

SAFEGUARDS = (
    *(
        Safeguard(
            name=f"{promise}, by its counter or by its entry, which is new once",
            place="Registrar._counted",
            taken=text,
            left=always(text),
            backup=_ONE_ENTRY,
            test=f"{_MAILS}::test_two_mails_that_compete_for_one_number[{case}]",
        )
        for text, promise, case in (
            ("#last = :last", "a number is given once", "later"),
            ("attribute_not_exists(pk)", "a register begins once", "first"),
        )
    ),
    *conditions(
        "Registrar._still_open",
        _ORGANISMS,
        (
            "#status = :active",
            "a suspended organism takes no mail",
            "an_organism_that_is_suspended_while_a_mail_is_submitted",
        ),
        (
            "code = :code",
            "a number bears the organism's code",
            "an_organism_whose_code_changes_while_its_first_mail_is_submitted",
        ),
    ),
    Safeguard(
        name="a suspended organism takes no mail of an older draft",
        place="Registrar._desk",
        taken="if organism.status == SUSPENDED",
        left="if False",
        test=f"{_ORGANISMS}::test_an_organism_that_is_suspended_while_a_mail_is_submitted",
    ),
    Safeguard(
        name="an entry is chained to the one before it",
        place="registration.py::_link",
        taken="last.head or beginning",
        left="beginning",
        test="tests/unit/test_chain.py::test_the_chain_is_whole_when_mails_were_erased",
    ),
    Safeguard(
        name="a head is written once",
        place="PublishedHeads.publish",
        taken='IfNoneMatch="*",',
        left="",
        test=f"{_HEADS}::test_of_two_runs_at_once_one_writes_the_head",
    ),
    Safeguard(
        name="a head is locked",
        place="PublishedHeads.publish",
        taken="ObjectLockMode=self._retention.mode,\n"
        "                ObjectLockRetainUntilDate=self._retention.until(clock.iso(at)),",
        left="",
        test=f"{_HEADS}::test_a_head_is_locked_and_nobody_can_delete_it",
    ),
    Safeguard(
        name="a head names the one before it",
        place="PublishedHeads.predecessor",
        taken="if signed is not None:",
        left="if False:",
        test=f"{_HEADS}::test_a_head_names_each_register_with_its_last_entry_and_the_head_before_it",
    ),
)
