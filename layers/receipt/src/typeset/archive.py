"""The file's account of itself, by which it is read in fifty years, by eye or ear.

It is PDF/A-3U (ISO 19005-3) and PDF/UA-1 (ISO 14289-1). PDF/A does not define PDF/UA's one property, so the metadata
describe it (ISO 19005-3, 6.6.2.3.3).
"""

from datetime import datetime
from xml.sax.saxutils import escape

from typeset.fpdf2_internals import PRODUCER, Canvas

_METADATA = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreatorTool>{creator}</xmp:CreatorTool><pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{made_at}</xmp:CreateDate><xmp:ModifyDate>{made_at}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def make_archivable(document: Canvas, *, title: str, creator: str, made_at: datetime) -> None:
    """Tie the colours to sRGB, and describe the file: in XMP, and alike in the older dictionary (Info).

    fpdf2's own `enforce_compliance` would write the day's date into the XMP, and leave the dictionary out.
    """
    document.keep_colours()
    document.set_title(title)
    document.set_creator(creator)
    document.set_producer(PRODUCER)
    document.set_creation_date(made_at)
    document.set_xmp_metadata(
        _METADATA.format(
            title=escape(title),
            creator=creator,
            producer=PRODUCER,
            made_at=made_at.isoformat(timespec="seconds"),
        )
    )
