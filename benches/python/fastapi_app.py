"""Eligibility of one SIREN by FastAPI, uvicorn and sqlite3: `fastapi_app.py DB PORT WORKERS`.

`GET /eligibilite/{siren}?exercice=YYYY` makes one point query on the file and answers the
document of e-APD. The choices, measured, are told in README.md. `GET /documented/{siren}?…` does
the same the way that FastAPI's own documentation teaches: a path operation that is a plain
function, a connection of its own for each request from a dependency, a dictionary in return.
"""

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path as FilePath
from typing import Annotated

import orjson
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Path, Response

import eligibility
import serving

_DB = "EAPD_BENCH_DB"
_AT = "EAPD_BENCH_AT"


class Database:
    """What a worker holds: one connection, since its loop runs one request at a time."""

    connection: sqlite3.Connection
    years: dict[int, eligibility.Year]
    at: str


database = Database()


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    database.connection = eligibility.connect(FilePath(os.environ[_DB]))
    database.at = os.environ[_AT]
    database.years = eligibility.years(database.connection)
    serving.worker_started()
    yield
    database.connection.close()


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.get("/eligibilite/{siren}")
async def eligible(siren: Annotated[str, Path(pattern="^[0-9]{9}$")], exercice: int) -> Response:
    """The verdict for the call that requires `exercice`."""
    year = database.years.get(exercice)
    if year is None:
        raise HTTPException(404, "no call of its own requires this year")
    filed = database.connection.execute(eligibility.POINT_QUERY, (exercice, siren)).fetchone()
    document = eligibility.document(siren, year, filed, database.at or eligibility.now())
    return Response(orjson.dumps(document), media_type="application/json")


def own_connection() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    connection = eligibility.connect(FilePath(os.environ[_DB]))
    try:
        yield connection
    finally:
        connection.close()


@app.get("/documented/{siren}")
def documented(
    siren: Annotated[str, Path(pattern="^[0-9]{9}$")],
    exercice: int,
    connection: Annotated[sqlite3.Connection, Depends(own_connection)],
) -> dict[str, object]:
    """The same verdict."""
    year = database.years.get(exercice)
    if year is None:
        raise HTTPException(404, "no call of its own requires this year")
    filed = connection.execute(eligibility.POINT_QUERY, (exercice, siren)).fetchone()
    return eligibility.document(siren, year, filed, database.at or eligibility.now())


def main() -> None:
    parser = serving.parser(__doc__)
    parser.add_argument("workers", type=int)
    parser.add_argument("--at", default="", help="answer for this instant (2026-05-20T07:00:00Z) instead of now")
    arguments = parser.parse_args()
    url = f"http://127.0.0.1:{arguments.port}/eligibilite/000000000?exercice=0"
    if arguments.workers < 1:
        parser.error("WORKERS is 1 at least")
    serving.begin(parser, arguments, url, arguments.workers)
    os.environ |= {_DB: str(arguments.db), _AT: arguments.at}
    uvicorn.run(
        "fastapi_app:app",
        host="127.0.0.1",
        port=arguments.port,
        workers=arguments.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # As long as a run of the bench: connections are kept.
        timeout_keep_alive=120,
    )


if __name__ == "__main__":
    main()
