"""Prints a workbook as text: each part, one XML element a line. What a library stamps is left out."""

import re
import sys
import zipfile

LEFT_OUT = ("docProps/", "xl/theme/")

with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in sorted(archive.namelist()):
        if name.startswith(LEFT_OUT):
            continue
        text = archive.read(name).decode("utf-8").replace("\r", "&#13;").replace("\n", "&#10;")
        print(f"== {name}")
        print(re.sub(r">\s*<", ">\n<", text))
