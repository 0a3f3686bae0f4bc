"""Reads metrics as a Prometheus that knows OpenMetrics does, strictly; prints each sample as name{labels} value."""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8") as file:
    for family in text_string_to_metric_families(file.read()):
        assert family.documentation, f"{family.name} has no help"
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            print(f"{sample.name}{{{labels}}} {float(sample.value):g}")
