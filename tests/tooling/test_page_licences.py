"""The pages name what they carry of others."""

from infra.commands.licences import Component, refused
from infra.site import third_party


def test_the_pages_ask_for_at_most_five_libraries() -> None:
    assert third_party.asked_for() == ["@noble/hashes", "idb-keyval", "lit-html", "pkijs", "qr"]


def test_every_library_and_font_is_named_with_the_text_of_its_licence() -> None:
    parts = {part.name: part for part in third_party.parts()}
    assert set(third_party.asked_for()) < set(parts)
    assert {name for name, part in parts.items() if len(part.text) < 400} == set()
    assert all(f"{name} " in third_party.notice() for name in parts)


def test_no_licence_among_them_is_refused() -> None:
    libraries = [
        Component(name=part.name, version=part.version, licence=part.licence)
        for part in third_party.parts()
        if part.version
    ]
    assert list(refused(libraries)) == []
