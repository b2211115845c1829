"""Codes of a mail are replaced: all of them by its sender, or those of one channel by a stranger who gets its messages.

A redirected mail is several mails, one in each register, and each links to the next. Their codes are replaced together,
in one transaction, so that an old code of one gives no access to another.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from mailroom.domain import clock
from mailroom.domain.codes import Codes, Holder, turn_mark
from mailroom.domain.mail import Closed, Submitted
from mailroom.domain.reach import DeliveryFailure, Way
from mailroom.domain.refusals import TokenWrong, TryAgain
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mails import Store
from mailroom.storage.schema import Waiting
from mailroom.storage.table import ConditionFailedError, Item, Table, pause

_ATTEMPTS = 5


class Turning:
    """The act of turning codes, for `holder`, whose own code must be in force."""

    def __init__(self, table: Table, holder: Holder) -> None:
        self._table = table
        self._holder = holder

    def turn_all(self, mail_id: str, key: str | None = None) -> list[Submitted]:
        """End every code and ask for a slip with the new one; the mails as they stand then, this one first.

        Of two concurrent calls one succeeds, and the token of the other has ended. A call that comes again with the
        same `key` turns nothing: its answer was lost on its way, and it is answered again.

        Raises:
            MailNotFound, NotYetSubmitted, TokenWrong: there is nothing to turn, or not for this holder.
            TryAgain: other requests kept changing the mail; nothing was written.

        """
        mark = None if key is None else turn_mark(self._holder, key)

        def turned(mail: Submitted) -> Submitted:
            return replace(_all_turned(mail), turned_by=mark)

        try:
            return self._turn(mail_id, turned)
        except TokenWrong:
            if mark is None:
                raise
            mail = Store(self._table).submitted(mail_id)
            if mail.turned_by != mark:
                raise
            return list(self._everywhere(mail))

    def end_link(self, mail_id: str) -> list[Submitted]:
        """End the link that `holder` came by and its channel of messages; no mails when it had ended before.

        Raises:
            MailNotFound, NotYetSubmitted, TryAgain: as above.

        """
        try:
            return self._turn(mail_id, self._ended)
        except TokenWrong:
            return []

    def _turn(self, mail_id: str, turned: Callable[[Submitted], Submitted]) -> list[Submitted]:
        for attempt in range(1, _ATTEMPTS + 1):
            mails = list(self._everywhere(Store(self._table, self._holder).submitted(mail_id)))
            after = [turned(mail) for mail in mails]
            try:
                writes = [self._write(mail, then) for mail, then in zip(mails, after, strict=True)]
                self._table.transact(*writes, attempts=1)
            except (ConditionFailedError, TransactionBusyError):
                pause(attempt)
            else:
                return after
        raise TryAgain

    def _everywhere(self, mail: Submitted) -> Iterator[Submitted]:
        """The mail, then those that it came from, then those that it went to."""
        yield mail
        store, before, after = Store(self._table), mail, mail
        while before.redirected_from is not None:
            before = store.submitted(before.redirected_from.mail_id)
            yield before
        while after.redirected_to is not None:
            after = store.submitted(after.redirected_to.mail_id)
            yield after

    def _ended(self, mail: Submitted) -> Submitted:
        # The way that is not the sender's: that of the link, else of the first address that was given.
        way: Way = "email" if mail.sender.get("email") else "sms"
        if self._holder.kind in {"email", "sms"}:
            way = "sms" if self._holder.kind == "sms" else "email"
        ended = {way, self._holder.kind} - {"access"}
        codes = replace(
            mail.codes, **{kind: version + 1 for kind, version in asdict(mail.codes).items() if kind in ended}
        )
        failure = DeliveryFailure("not_mine", clock.iso(clock.now()))
        # A request that turned the slip's code is not answered with the one after it.
        turned_by = mail.turned_by if codes.slip == mail.codes.slip else None
        if way == "email":
            return replace(mail, codes=codes, email_failure=failure, turned_by=turned_by)
        return replace(mail, codes=codes, sms_failure=failure, turned_by=turned_by)

    def _write(self, mail: Submitted, after: Submitted) -> Item:
        """The change of one mail, unless its codes, or where it went, changed since it was read."""
        sets = ["codes = :codes"]
        values: dict[str, object] = {":codes": asdict(after.codes)}
        for name, failure in (("email_failure", after.email_failure), ("sms_failure", after.sms_failure)):
            if failure and failure.reason == "not_mine":
                sets.append(f"{name} = :{name}")
                values[f":{name}"] = failure.stored()
        removes = ""
        if after.turned_by is not None and after.turned_by != mail.turned_by:
            sets.append("turned_by = :mark")
            values[":mark"] = after.turned_by
        elif after.turned_by is None:
            removes = " REMOVE turned_by"
        if after.codes.slip != mail.codes.slip:
            # What waits already brings the slip too, or is followed by a call that does.
            sets += ["waiting = if_not_exists(waiting, :what)", "waiting_since = if_not_exists(waiting_since, :since)"]
            values |= {":what": Waiting.SLIP, ":since": clock.iso(clock.now())}
        conditions = ["attribute_exists(submission)"]
        if mail.codes == Codes():
            conditions.append("(attribute_not_exists(codes) OR codes = :was)")
        else:
            conditions.append("codes = :was")
        values[":was"] = asdict(mail.codes)
        conditions.append(
            "attribute_exists(#outcome)" if isinstance(mail, Closed) else "attribute_not_exists(#outcome)"
        )
        return self._table.change(
            *mail_key(mail.mail_id),
            update=f"SET {', '.join(sets)}{removes}",
            condition=" AND ".join(conditions),
            values=values,
            names={"#outcome": "outcome"},
        )


def _all_turned(mail: Submitted) -> Submitted:
    versions = {kind: version + 1 for kind, version in asdict(mail.codes).items()}
    return replace(mail, codes=Codes(**versions), has_slip=False)
