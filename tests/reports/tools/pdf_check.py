"""Reads a document with pypdf and says what assistive technology finds in it.

pdf_check.py FILE -> JSON: standards, language, title, tags in order, links, fonts.
Fails where a document that is PDF/UA could not look so.
"""

import json
import re
import sys

from pypdf import PdfReader

reader = PdfReader(sys.argv[1], strict=True)
root = reader.trailer["/Root"]
xmp = root["/Metadata"].get_object().get_data().decode()


def found(pattern):
    match = re.search(pattern, xmp)
    return match.group(1) if match else None


def roles(element):
    """The tree as [role, children…]; content is a number or an object."""
    element = element.get_object()
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    told = [str(element["/S"])[1:]]
    if told[0] == "TH":
        attributes = element["/A"].get_object()
        attributes = attributes if isinstance(attributes, list) else [attributes]
        scopes = [a.get_object().get("/Scope") for a in attributes]
        assert "/Row" in scopes, scopes
    for kid in kids:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            told.append(roles(kid))
        elif isinstance(kid, dict) and kid.get("/Type") == "/OBJR":
            told.append("object")
        else:
            told.append("content")
    return told


fonts = {}
links = []
for page in reader.pages:
    assert page["/Tabs"] == "/S", "the order of tabs is that of the tags"
    for font in page["/Resources"]["/Font"].values():
        font = font.get_object()
        assert "/ToUnicode" in font, font
        descendant = font["/DescendantFonts"][0].get_object()
        descriptor = descendant["/FontDescriptor"].get_object()
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, "not embedded"
        name = str(font["/BaseFont"])[1:]
        assert re.match(r"[A-Z]{6}\+", name), f"{name} is not a subset"
        fonts[name.split("+")[1]] = True
    for link in page.get("/Annots", []):
        link = link.get_object()
        assert "/StructParent" in link
        links.append({"address": link["/A"]["/URI"], "told": link["/Contents"]})

tree = root["/StructTreeRoot"].get_object()
kids = tree["/K"]
kids = kids if isinstance(kids, list) else [kids]
assert tree.get("/ParentTree") is not None
print(
    json.dumps(
        {
            "pages": len(reader.pages),
            "marked": bool(root["/MarkInfo"]["/Marked"].value),
            "language": root["/Lang"],
            "title": reader.metadata.title,
            "title_shown": bool(root["/ViewerPreferences"]["/DisplayDocTitle"].value),
            "pdfua": found(r"pdfuaid:part[>=\"]+(\d)"),
            "pdfa": (found(r"pdfaid:part[>=\"]+(\d)") or "") + (found(r"pdfaid:conformance[>=\"]+(\w)") or ""),
            "output_intent": str(root["/OutputIntents"][0].get_object()["/S"]),
            "outline": [entry.title for entry in reader.outline],
            "fonts": sorted(fonts),
            "links": links,
            "tags": [roles(kid) for kid in kids],
        },
        ensure_ascii=False,
    )
)
