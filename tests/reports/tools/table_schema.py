"""Validates a CSV against its Table Schema with frictionless, and the schema itself."""

import json
import os
import sys

from frictionless import Dialect, Resource, Schema

with open(sys.argv[2], encoding="utf-8") as text:
    schema = Schema.from_descriptor(json.load(text))
dialect = Dialect.from_descriptor({"csv": {"delimiter": ";"}})
# frictionless reads files below the current folder only.
folder, name = os.path.split(sys.argv[1])
os.chdir(folder)
resource = Resource(path=name, schema=schema, dialect=dialect, encoding="utf-8-sig")
report = resource.validate()
if not report.valid:
    print(report.flatten(["rowNumber", "fieldName", "type", "message"]))
    sys.exit(1)
print(report.tasks[0].stats["rows"])
