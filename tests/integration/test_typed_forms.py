"""Every field of every route understands what people type: the tables of `typed_forms`, sent to the service."""

import copy
from typing import Any
from urllib.parse import quote

import pytest

import verify_receipt.handler
from mailroom.domain.letter import MEDIA_TYPES
from tests.support.in_process.agents import Agent
from tests.support.in_process.refused import wrong_fields
from tests.support.in_process.service import CITIZEN, LETTER, NEW_ORGANISM, Service, context
from tests.support.samples import typed_forms as forms

CONTACT = {name: CITIZEN[name] for name in ("email", "phone", "privacy_notice_version")}
SENDERS: dict[str, dict[str, Any]] = {
    "citizen": {**CITIZEN, "address": "Fès"},
    "enterprise": {
        "kind": "enterprise",
        "legal_name": "Atlas SARL",
        "ice": "001531097000035",
        "foreign_registration": {"country": "FR", "number": "552 100 554"},
        "trade_register": {"number": "12345", "court": "Casablanca"},
        "contact_name": "Omar",
        **CONTACT,
    },
    "administration": {
        "kind": "administration",
        "name": "Commune",
        "service": "État",
        "contact_name": "Omar",
        **CONTACT,
    },
    "association": {
        "kind": "association",
        "name": "Amal",
        "declaration_number": "45/2026",
        "contact_name": "Omar",
        **CONTACT,
    },
}
FIELDS: dict[str, list[tuple[str, str]]] = {
    "e-mail": [(kind, "email") for kind in SENDERS],
    "telephone": [(kind, "phone") for kind in SENDERS],
    "ICE": [("enterprise", "ice")],
    "number elsewhere": [
        ("enterprise", "trade_register.number"),
        ("enterprise", "foreign_registration.number"),
        ("association", "declaration_number"),
    ],
    "name": [
        ("citizen", "first_name"),
        ("citizen", "last_name"),
        ("enterprise", "legal_name"),
        ("enterprise", "contact_name"),
        ("enterprise", "trade_register.court"),
        ("administration", "name"),
        ("administration", "service"),
        ("administration", "contact_name"),
        ("association", "name"),
        ("association", "contact_name"),
        ("citizen", "address"),
    ],
}
TABLES = {
    "e-mail": forms.EMAILS,
    "telephone": forms.PHONES,
    "ICE": forms.ICES,
    "number elsewhere": forms.FREE_NUMBERS,
    "name": forms.NAMES,
}
CASES = [(kind, sender, field) for kind, fields in FIELDS.items() for sender, field in fields]


def changed(values: dict[str, Any], field: str, value: object) -> dict[str, Any]:
    """A copy with the value of one field, whose name may lead into another object."""
    result = copy.deepcopy(values)
    *outer, last = field.split(".")
    within = result
    for name in outer:
        within = within[name]
    within[last] = value
    return result


def at(values: Any, field: str) -> Any:  # noqa: ANN401 - JSON
    for name in field.split("."):
        values = None if values is None else values[name]
    return values


@pytest.mark.parametrize(("kind", "sender", "field"), CASES)
def test_every_field_of_a_sender_understands_every_line_of_its_table(
    shared_service: Service, kind: str, sender: str, field: str
) -> None:
    mail = shared_service.start()
    for typed, meant in TABLES[kind].items():
        answer = shared_service.identify(mail, changed(SENDERS[sender], field, typed))
        assert answer.status == 200, (typed, answer.body)
        assert at(answer.json["sender"], field) == meant, typed


OPTIONAL = [
    ("citizen", "first_name"),
    ("citizen", "email"),
    ("citizen", "phone"),
    ("citizen", "sms"),
    ("citizen", "address"),
    ("citizen", "national_id"),
    ("enterprise", "ice"),
    ("enterprise", "trade_register"),
    ("enterprise", "foreign_registration"),
    ("association", "declaration_number"),
]


@pytest.mark.parametrize(("sender", "field"), OPTIONAL)
def test_every_optional_field_of_a_sender_may_be_left_empty(shared_service: Service, sender: str, field: str) -> None:
    mail = shared_service.start()
    for nothing in [*forms.NOTHING, *([{}, {"number": "", "court": " "}] if field == "trade_register" else [])]:
        answer = shared_service.identify(mail, changed(SENDERS[sender], field, nothing))
        assert answer.status == 200, (nothing, answer.body)
        assert at(answer.json["sender"], field) is None


def test_an_identity_number_is_understood_where_it_may_be_asked_for(shared_service: Service) -> None:
    assert shared_service.put_organism("idtaker", NEW_ORGANISM | {"code": "IDTAKER"}).status in {200, 201}
    mail = shared_service.start("idtaker")
    for typed, meant in forms.NATIONAL_IDS.items():
        answer = shared_service.identify(mail, CITIZEN | {"national_id": typed})
        assert answer.status == 200, (typed, answer.body)
        stored = next(item for item in shared_service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "MAIL")
        assert stored["sender"]["national_id"] == meant
    for typed in forms.NO_NATIONAL_IDS:
        assert wrong_fields(shared_service.identify(mail, CITIZEN | {"national_id": typed})) == ["national_id"], typed


def test_no_identifier_is_what_only_looks_like_one(shared_service: Service) -> None:
    mail = shared_service.start()
    for field, refused in (("email", forms.NO_EMAILS), ("phone", forms.NO_PHONES), ("ice", forms.NO_ICES)):
        for typed in refused:
            answer = shared_service.identify(mail, SENDERS["enterprise"] | {field: typed})
            assert wrong_fields(answer) == [field], typed


def test_an_organisms_addresses_and_names_are_understood_from_operators(service: Service) -> None:
    def put(**changes: object) -> dict[str, Any]:
        answer = service.put_organism("typist", NEW_ORGANISM | {"code": "TYPIST"} | changes)
        assert answer.status in {200, 201}, (changes, answer.body)
        found: dict[str, Any] = answer.json
        return found

    for typed, meant in forms.EMAILS.items():
        assert put(alerts={"emails": [typed, "", None]})["alerts"]["emails"] == [meant]
    for typed, meant in forms.PHONES.items():
        alerts = {"emails": ["desk@exemple.ma"], "phones": [" ", typed]}
        assert put(alerts=alerts)["alerts"]["phones"] == [meant]
    for typed, meant in forms.NAMES.items():
        assert put(city=typed)["city"] == meant
    assert put(name={"fr": " Commune ", "ar": "\u200fجماعة "})["name"] == {"fr": "Commune", "ar": "جماعة"}
    assert put(code=" TYPIST\u200e")["code"] == "TYPIST"
    for nothing in forms.NOTHING:
        for field in ("city", "status", "accepts", "language", "reminders", "sms_to_senders", "webhook"):
            defaults = put(**{field: nothing})
            assert defaults == put(**{field: None})
        assert put(alerts={"emails": ["desk@exemple.ma"], "phones": nothing})["alerts"]["phones"] == []
        assert wrong_fields(
            service.put_organism("typist", NEW_ORGANISM | {"code": "TYPIST", "alerts": {"emails": [nothing]}})
        ) == ["alerts.emails"]


def test_a_directory_in_csv_understands_them_too(shared_service: Service) -> None:
    heading = "organism_id,code,category,name_fr,name_ar,alert_emails,alert_phones,national_id\n"
    pairs = [(email, phone) for email in forms.EMAILS if " " not in email.strip() for phone in list(forms.PHONES)[:1]]
    for email, phone in pairs:
        row = f'csvtypist,CSVTYPIST,ministry,Ministère,وزارة,"{email}",{phone},Yes\n'
        assert shared_service.enrol(heading + row)["errors"] == [], email
        (stored,) = [item for item in shared_service.items("ORGANISM") if item["sk"] == "csvtypist"]
        assert stored["alerts"] == {"emails": [forms.EMAILS[email]], "phones": [forms.PHONES[phone]]}


def test_a_letters_day_is_understood_and_its_text_stays_as_typed(shared_service: Service) -> None:
    mail = shared_service.start()
    for typed, meant in forms.DAYS.items():
        assert shared_service.write(mail, dated=typed).json["letter"]["dated"] == meant, typed
    for typed in forms.NO_DAYS:
        assert wrong_fields(shared_service.write(mail, dated=typed)) == ["dated"], typed
    for nothing in forms.NOTHING:
        answer = shared_service.write(mail, dated=nothing, reference=nothing)
        assert answer.status == 200, (nothing, answer.body)
        assert answer.json["letter"] == LETTER | {"dated": None, "reference": None}
    typed = " ٤٥\u200f –  e\u0301 ０ "
    evidence = shared_service.write(mail, subject=typed, body=f"{typed}\v{typed}\f{typed}").json["letter"]
    assert (evidence["subject"], evidence["body"]) == (typed, f"{typed}\n{typed}\n{typed}")


def forms_of(number: str) -> list[str]:
    """The ways in which the table writes a number, for another number of the same organism."""
    code, year, rank = number.split("-")
    western = str.maketrans("0123456789", "0123456789")
    arabic, persian = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"), str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    wide = {ord(plain): chr(ord(plain) + 0xFEE0) for plain in "0123456789-" + code}
    ways = {number.translate(digits) for digits in (western, arabic, persian, wide)}
    ways |= {number.replace("-", dash) for dash in ("‐", "‑", "–", "—", "−", " ", "\u00a0", "\u202f", "_", ".", "")}
    ways |= {number.lower(), f"  {number} ", f"{code}-{year}-{int(rank)}", f"{code.lower()} {year} {int(rank)}"}
    ways |= {f"{code}-{year}-00{rank}", number.replace("0", "O"), f"{code}-{year[:1]}o{year[2:]}-{rank}"}
    ways |= {f"({number}),", f"« {number} »", f"#{number};"}
    ways |= {f"{mark}{number}{mark}" for mark in "\u200e\u200f\u202a\u202c\u2066\u2069\ufeff\u200b\u00ad"}
    return sorted(ways)


def test_the_sender_comes_back_however_number_and_code_are_typed(shared_service: Service) -> None:
    mail = shared_service.sent()
    number, code = mail.submitted["number"], mail.submitted["follow_up_code"]
    pairs = [(typed, code) for typed in forms_of(number)] + [(number, typed) for typed in codes_of(code)]
    for typed_number, typed_code in pairs:
        paper = {"number": typed_number, "follow_up_code": typed_code}
        back = shared_service.call("POST", "/v1/follow-up", paper, address=f"198.51.100.{len(typed_number)}")
        assert (back.status, back.json.get("mail_id")) == (200, mail.mail_id), paper


def codes_of(code: str) -> list[str]:
    arabic, persian = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"), str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    wide = {point: point + 0xFEE0 for point in range(0x21, 0x7F)}
    ways = {code.translate(digits) for digits in (arabic, persian, wide)} | {code.lower(), f" {code} "}
    ways |= {code.replace("-", dash) for dash in ("‐", "‑", "–", "—", "−", " ", "\u00a0", "\u202f", "_", ".", "")}
    ways |= {code.replace("0", zero).replace("1", one) for zero in "Oo" for one in "IiLl"}
    ways |= {f"({code}),", f"« {code} »", f"#{code};"}
    ways |= {f"{mark}{code}{mark}" for mark in "\u200e\u200f\u202a\u202c\u2066\u2069\ufeff\u200b\u00ad"}
    return sorted(ways)


@pytest.mark.parametrize("path", ["", "/statement"])
def test_anyone_checks_a_receipt_however_its_code_is_typed(shared_service: Service, path: str) -> None:
    mail = shared_service.sent()
    for typed in codes_of(mail.submitted["verification_code"]):
        answer = shared_service.call("GET", f"/v1/receipts/{quote(typed)}{path}")
        assert answer.status == 200, (typed, answer.body)


def test_an_agent_opens_a_mail_however_its_number_is_typed(shared_service: Service) -> None:
    mail = shared_service.sent()
    number, agent = mail.submitted["number"], Agent(shared_service)
    for typed in forms_of(number):
        answer = agent.open(quote(typed))
        assert (answer.status, answer.json.get("number")) == (200, number), typed


def test_every_route_of_a_number_understands_it(shared_service: Service) -> None:
    mail = shared_service.sent()
    code, year, rank = mail.submitted["number"].split("-")
    typed = quote(f"\u2066{code.lower()} {year} {int(rank)}\u2069")
    agent = Agent(shared_service)
    (file,) = agent.open(typed).json["attachments"]
    assert agent.download(typed, file["attachment_id"]).status in {200, 409}
    assert agent.collect(typed).status == 201
    announced = agent.announce(typed)
    assert announced.status == 201
    path = f"/{typed}/attachments/{announced.json['attachment_id']}"
    assert agent.call("DELETE", path).status == 204
    assert agent.close(typed).status == 201


def asked_of_a_gateway_that_decodes(typed: str) -> dict[str, Any]:
    """The answer to an event whose path is handed over decoded, as well as its parameter."""
    path = f"/v1/receipts/{typed}"
    event = {
        "version": "2.0",
        "routeKey": "GET /v1/receipts/{verification_code}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {},
        "pathParameters": {"verification_code": typed},
        "requestContext": {
            "http": {"method": "GET", "path": path, "sourceIp": "203.0.113.7"},
            "stage": "$default",
            "requestId": "JKJaXmPLvHcESHA=",
        },
        "isBase64Encoded": False,
    }
    answer: dict[str, Any] = verify_receipt.handler.handler(event, context("verify_receipt"))
    return answer


def test_a_code_in_a_path_is_understood_whether_or_not_the_gateway_decoded_it(shared_service: Service) -> None:
    code = shared_service.sent().submitted["verification_code"]
    for typed in codes_of(code):
        assert asked_of_a_gateway_that_decodes(typed)["statusCode"] == 200, typed


QUERIES = {
    "/v1/organisms": ["category", "q", "limit", "cursor"],
    "/v1/register-heads": ["limit", "cursor"],
    "/v1/inbox": ["status", "from", "to", "limit", "cursor"],
    "/v1/inbox/statistics": ["from", "to"],
    "/v1/operations/failures": ["limit"],
}


@pytest.mark.parametrize("path", QUERIES)
def test_an_empty_filter_is_no_filter(shared_service: Service, path: str) -> None:
    claims = {
        "cognito:username": "nadia",
        "cognito:groups": "[operators]" if "operations" in path else "[organism:anam]",
    }
    plain = shared_service.call("GET", path, claims=claims)
    assert plain.status == 200
    for nothing in ("", "%20%20", "%C2%A0", "%E2%80%8F", "%EF%BB%BF"):
        query = "&".join(f"{name}={nothing}" for name in QUERIES[path])
        answer = shared_service.call("GET", f"{path}?{query}", claims=claims)
        assert (answer.status, answer.json.keys()) == (200, plain.json.keys()), (nothing, answer.body)
        assert answer.json.get("items") == plain.json.get("items")
        unknown = shared_service.call("GET", f"{path}?{query}&x={nothing}", claims=claims)
        assert wrong_fields(unknown) == ["x"]


@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize("path", ["", "/statistics"])
def test_a_day_in_a_query_is_understood(shared_service: Service, path: str, field: str) -> None:
    agent = Agent(shared_service)
    meant = agent.list(f"{path}?{field}=2026-11-20")
    for typed in forms.DAYS:
        answer = agent.list(f"{path}?{field}={quote(typed)}")
        assert answer.status == 200, typed
        if path and field == "to":
            assert (answer.json["start"], answer.json["end"]) == (meant.json["start"], meant.json["end"])


def test_what_is_chosen_in_a_query_may_have_blanks_and_marks_at_its_ends(shared_service: Service) -> None:
    agent = Agent(shared_service)
    assert agent.list(f"?status={quote(' collected\u200f')}&limit={quote('٢ ')}").status == 200
    found = shared_service.call("GET", f"/v1/organisms?category={quote('\u200eministry ')}&limit={quote('۲')}")
    assert [item["category"] for item in found.json["items"]] == ["ministry", "ministry"]


def test_file_names_and_types_are_understood_from_senders_and_from_agents(shared_service: Service) -> None:
    for typed, meant in forms.FILE_NAMES.items():
        answer = shared_service.announce(shared_service.start(), b"x", file_name=typed)
        assert (answer.status, answer.json.get("file_name")) == (201, meant), answer.body
    for typed, ending in forms.MEDIA_TYPES.items():
        answer = shared_service.announce(shared_service.start(), b"x", file_name=f"a.{ending}", media_type=typed)
        assert (answer.status, answer.json.get("media_type")) == (201, MEDIA_TYPES[ending]), (typed, answer.body)
        assert answer.json["upload"]["headers"]["Content-Type"] == MEDIA_TYPES[ending]
    number, agent = shared_service.sent().submitted["number"], Agent(shared_service)
    answer = agent.announce(number, file_name="\u2066جواب.PDF\u2069 ", media_type="Application/X-PDF; a=b")
    assert (answer.status, answer.json["file_name"], answer.json["media_type"]) == (201, "جواب.PDF", "application/pdf")


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_file_name_that_is_refused_is_told_its_own_cause(shared_service: Service, language: str) -> None:
    """A sentence for each cause; that of a wrong ending alone lists the endings."""
    headers = {"Accept-Language": language}
    sentences: dict[str, set[str]] = {}
    for typed, cause in forms.NO_FILE_NAMES.items():
        mail = shared_service.start()
        file = {"file_name": typed, "media_type": "application/pdf", "size": 1, "sha256": "a" * 64}
        answer = shared_service.call(
            "POST", f"/v1/mails/{mail.mail_id}/attachments", file, token=mail.token, headers=headers
        )
        assert answer.status == 422, typed
        (error,) = answer.json["errors"]
        sentences.setdefault(cause, set()).add(error["message"])
    assert all(len(said) == 1 for said in sentences.values())
    assert len(set.union(*sentences.values())) == len(sentences)
    assert {cause for cause, said in sentences.items() if "docx" in "".join(said)} == {"file_name_ending"}


BODIES = {
    "with a byte-order mark": "\ufeff%s",
    "with a byte-order mark and blanks": "\ufeff \r\n\t%s\n",
    "in bytes with a byte-order mark": b"\xef\xbb\xbf%s",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_json_may_begin_with_a_byte_order_mark(shared_service: Service, body: str | bytes) -> None:
    start = '{"organism_id": "anam", "language": "fr"}'
    raw = body % start if isinstance(body, str) else body % start.encode()
    assert shared_service.call("POST", "/v1/mails", raw=raw).status == 201


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "APPLICATION/JSON",
        " application/json ",
        "application/json;charset=utf-8",
        'Application/Json ; Charset="UTF-8"',
        "application/json;\tcharset=utf-8",
    ],
)
def test_json_is_declared_as_rfc_9110_has_it(shared_service: Service, media_type: str) -> None:
    start = {"organism_id": " anam\u200f", "language": "fr"}
    answer = shared_service.call("POST", "/v1/mails", start, headers={"Content-Type": media_type})
    assert answer.status == 201, answer.body


def test_an_answer_may_leave_the_organism_it_does_not_go_to_empty(shared_service: Service) -> None:
    agent = Agent(shared_service)
    for nothing in ("", " ", None):
        number = shared_service.sent().submitted["number"]
        assert agent.close(number, redirect_to=nothing).status == 201
