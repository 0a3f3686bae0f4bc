"""Reads Data Packages as their users do: frictionless judges descriptor, schemas, hashes and keys; the sums are made
again with exact decimals. Prints one JSON object a package."""

import csv
import hashlib
import io
import json
import os
import sys
import tempfile
import zipfile
from collections import defaultdict
from decimal import Decimal

from frictionless import Package

csv.field_size_limit(10**7)


def table(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def cents(rows, column):
    return int(sum((Decimal(row[column]) for row in rows if row[column]), Decimal(0)) * 100)


def read(path):
    faults = []
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        if archive.testzip() is not None:
            faults.append("a damaged entry")
        if {entry.date_time for entry in archive.infolist()} != {(1980, 1, 1, 0, 0, 0)}:
            faults.append("an entry with a date of its own")
        archive.extractall(folder)
        os.chdir(folder)
        descriptor = json.loads(archive.read("datapackage.json"))
        report = Package("datapackage.json").validate()
        if not report.valid:
            faults += [str(fault) for fault in report.flatten(["name", "rowNumber", "fieldName", "type", "note"])]
            faults += [str(error) for error in report.errors]
        for resource in descriptor["resources"]:
            content = archive.read(resource["path"])
            if "sha256:" + hashlib.sha256(content).hexdigest() != resource["hash"]:
                faults.append(resource["path"] + ": hash")
            if len(content) != resource["bytes"]:
                faults.append(resource["path"] + ": bytes")
            if len(table(archive, resource["path"])) != resource["lignes"]:
                faults.append(resource["path"] + ": rows")
        lines, bodies = table(archive, "lignes.csv"), table(archive, "collectivites.csv")
        subsidies = table(archive, "subventions-scdl.csv")
        own = defaultdict(Decimal)
        for line in lines:
            own[line["idAttribuant"]] += Decimal(line["montant"])
        for body in bodies:
            if body["montant"] and Decimal(body["montant"]) != own[body["idAttribuant"]]:
                faults.append(body["idAttribuant"] + ": amount")
        risky = ("=", "+", "-", "@", "\t", "\r", "\n")
        for row in lines + bodies + subsidies:
            faults += ["a formula: " + cell for cell in row.values() if cell.startswith(risky)]
        os.chdir("/")
        return {
            "entries": archive.namelist(),
            "faults": faults,
            "license": descriptor["licenses"][0]["name"],
            "edition": descriptor["edition"],
            "lines": len(lines),
            "cents": cents(lines, "montant"),
            "bodies_cents": cents(bodies, "montant"),
            "refugees_cents": cents(bodies, "montantRefugies"),
            "states": sorted(body["codeEtat"] for body in bodies),
            "subsidies": len(subsidies),
            "subsidies_cents": cents(subsidies, "montant"),
        }


print(json.dumps([read(os.path.abspath(path)) for path in sys.argv[1:]]))
