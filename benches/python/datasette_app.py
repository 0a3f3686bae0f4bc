"""Eligibility of one SIREN by Datasette: `datasette_app.py DB PORT`.

`GET /DB/eligibilite.json?siren=…&exercice=YYYY&_shape=array`, DB being the name of the file
without its ending: a canned query makes the point query and answers what SQL can say of the
document, without its sentences. The choices, measured, are told in README.md.
"""

import uvicorn
from datasette.app import Datasette

import serving

QUERY = """
SELECT :siren AS siren, c.code AS appel,
    CASE WHEN f.kind IN ('declared', 'nil', 'rectified') THEN 'eligible' ELSE 'ineligible' END AS statut,
    CASE f.kind WHEN 'declared' THEN 'A_DECLARE' WHEN 'nil' THEN 'A_DECLARE_NEANT'
        WHEN 'rectified' THEN 'DECLARATION_RECTIFIEE' WHEN 'annulled' THEN 'DECLARATION_ANNULEE'
        WHEN 'taken_over' THEN 'DECLARATION_HORS_DELAI' ELSE 'NON_DECLARE' END AS motif,
    f.filed_at AS date_depot, r.number AS recepisse, c.founding_text AS texte_fondateur
FROM call c
LEFT JOIN filing f ON f.flow_year = CAST(:exercice AS INTEGER) AND f.siren = :siren
    AND f.version = (SELECT MAX(l.version) FROM filing l WHERE l.flow_year = f.flow_year AND l.siren = f.siren)
LEFT JOIN receipt r ON r.flow_year = f.flow_year AND r.siren = f.siren AND r.version = f.version
WHERE c.code = 'AAP-' || (CAST(:exercice AS INTEGER) + 1)
"""


def main() -> None:
    parser = serving.parser(__doc__)
    arguments = parser.parse_args()
    name = arguments.db.stem
    url = f"http://127.0.0.1:{arguments.port}/{name}/eligibilite.json?siren=&exercice=0"
    serving.begin(parser, arguments, url)
    datasette = Datasette(
        [str(arguments.db)],
        metadata={"databases": {name: {"queries": {"eligibilite": {"sql": QUERY}}}}},
        settings={
            # In the loop itself: a point query takes less than handing it to a thread.
            "num_sql_threads": 0,
            "cache_size_kb": 65536,
            "suggest_facets": False,
            "allow_facet": False,
            "default_cache_ttl": 0,
        },
    )
    uvicorn.run(
        datasette.app(),
        host="127.0.0.1",
        port=arguments.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=120,
    )


if __name__ == "__main__":
    main()
