"""The organisms of the house: the directory of the service, and those that pages must cope with."""

from typing import Any, Final

from tests.support.in_process.service import ROOT

DIRECTORY: Final = (ROOT / "functions" / "enrol_organisms" / "organisms.csv").read_text(encoding="utf-8")


def _organism(code: str, category: str, fr: str, ar: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "code": code,
        "category": category,
        "name": {"fr": fr, "ar": ar},
        "city": "Rabat",
        "status": "active",
        "alerts": {"emails": [f"desk@{code.lower()}.example"], "phones": []},
        "accepts": {"national_id": False, "max_attachments": 20, "max_attachment_bytes": 104_857_600},
        "language": "fr",
    } | more


SPECIAL: Final[dict[str, dict[str, Any]]] = {
    "closed": _organism(
        "FERME",
        "public_establishment",
        "Office suspendu pour l’exemple",
        "مكتب موقوف على سبيل المثال",
        status="suspended",
    ),
    "identity": _organism(
        "IDENT",
        "public_establishment",
        "Agence qui accepte la carte nationale",
        "وكالة تقبل البطاقة الوطنية",
        accepts={"national_id": True, "max_attachments": 20, "max_attachment_bytes": 104_857_600},
    ),
    "small": _organism(
        "PETIT",
        "territorial_collectivity",
        "Commune aux petites limites",
        "جماعة ذات حدود صغيرة",
        city="Aïn Beni Mathar",
        accepts={"national_id": False, "max_attachments": 2, "max_attachment_bytes": 200_000},
    ),
    "longest": _organism(
        "LONG",
        "public_establishment",
        "Établissement public chargé de la coordination interministérielle des programmes de développement des "
        "espaces oasiens, de l’arganier et des zones de montagne d’Errachidia-Ouarzazate-Zagora",
        "المؤسسة العمومية المكلفة بالتنسيق بين القطاعات الوزارية لبرامج تنمية مناطق الواحات وشجر الأركان "
        "والمناطق الجبلية بالرشيدية وورزازات وزاكورة",
    ),
}
"""Organisms by id: a suspended one, one that takes national ids, one with low limits, one with very long names."""
