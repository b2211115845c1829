"""The bill of materials of a layer, as CycloneDX: what an operator compares with a new advisory."""

from collections.abc import Iterable

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from infra.commands.licences import Component


def bill_of_materials(name: str, found: Iterable[Component]) -> str:
    """The bill of what a layer brings, as JSON of CycloneDX 1.6."""
    bill = Bom()
    whole = Part(
        type=ComponentType.APPLICATION,
        name=f"bureau-ordre-digital/{name}",
        bom_ref=name,
        supplier=OrganizationalEntity(name="Bureau d'Ordre Digital"),
    )
    bill.metadata.component = whole
    parts = [
        Part(
            type=ComponentType.LIBRARY,
            name=one.name,
            version=one.version,
            bom_ref=f"{one.name}=={one.version}",
            purl=PackageURL("pypi", name=one.name, version=one.version),
            licenses=[LicenseExpression(one.licence)] if one.licence else [],
        )
        for one in found
    ]
    for part in parts:
        bill.components.add(part)
    bill.register_dependency(whole, parts)
    return JsonV1Dot6(bill).output_as_string(indent=2)
