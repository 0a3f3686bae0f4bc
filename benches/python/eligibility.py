"""The answer to one SIREN for one required year from one point query, as e-APD words it.

It looks at the last version filed, and at nothing else that e-APD looks at: neither the register
and its mergers, nor amounts of before the service, nor derogations.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

# By the primary keys of both tables.
POINT_QUERY = """
SELECT f.kind, f.filed_at, r.number FROM filing f
LEFT JOIN receipt r ON r.flow_year = f.flow_year AND r.siren = f.siren AND r.version = f.version
WHERE f.flow_year = ? AND f.siren = ? ORDER BY f.version DESC LIMIT 1
"""

_YEARS = """
SELECT y.flow_year, c.code, c.founding_text, w.campaign,
    COALESCE((SELECT MAX(e.closes_on) FROM extension e WHERE e.campaign = w.campaign), w.closes_on) AS closes_on,
    COALESCE((SELECT MAX(e.closes_at) FROM extension e WHERE e.campaign = w.campaign), w.closes_at) AS closes_at,
    EXISTS (SELECT 1 FROM campaign_step s WHERE s.campaign = w.campaign AND s.step = 'settled') AS settled
FROM call_year y JOIN call c ON c.code = y.call JOIN campaign_window w ON w.campaign = y.flow_year + 1
WHERE c.code = 'AAP-' || w.campaign
"""

_PARIS = ZoneInfo("Europe/Paris")
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_REASONS = {
    "declared": "A_DECLARE",
    "nil": "A_DECLARE_NEANT",
    "rectified": "DECLARATION_RECTIFIEE",
    "annulled": "DECLARATION_ANNULEE",
    "taken_over": "DECLARATION_HORS_DELAI",
}


@dataclass(frozen=True, slots=True)
class Year:
    """A required year: its call and its campaign, as they were when the server started."""

    year: int
    call: str
    founding_text: str
    campaign: int
    closes_on: date
    closes_at: str
    settled: bool


def connect(path: Path) -> sqlite3.Connection:
    """A connection that reads, for one thread at a time, with the file mapped in memory."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA mmap_size = 1073741824")
    connection.execute("PRAGMA cache_size = -65536")
    return connection


def years(connection: sqlite3.Connection) -> dict[int, Year]:
    """The required years that have a call and a campaign of their own."""
    return {
        year: Year(year, call, text, campaign, date.fromisoformat(closes_on), closes_at, bool(settled))
        for year, call, text, campaign, closes_on, closes_at, settled in connection.execute(_YEARS)
    }


def now() -> str:
    """The instant, in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(siren: str, year: Year, filed: tuple[str, str, str | None] | None, at: str) -> dict[str, object]:
    """The document of the verdict for `siren` at the instant `at`."""
    kind, filed_at, receipt = filed or (None, None, None)
    pending = at < year.closes_at
    sentence = f"La collectivité {_finding(year, kind, filed_at, receipt, pending)}"
    if kind in ("declared", "nil", "rectified"):
        status, state, reason = "eligible", "satisfait", _REASONS[kind]
        head, remedy = f"Éligible à l’appel {year.call}.", ""
        sentence += "."
    elif pending:
        status, state, reason = "en_attente", "en_attente", "FENETRE_OUVERTE"
        head, remedy = f"Peut candidater à l’appel {year.call}, mais ne peut rien obtenir pour l’instant.", ""
        possible = "une nouvelle peut être déposée" if kind else "c’est possible"
        sentence += f"\u00a0: {possible} jusqu’au {_day(year.closes_on)} inclus."
    else:
        status, state, reason = "ineligible", "manquant", _REASONS[kind] if kind else "NON_DECLARE"
        head = f"Inéligible à l’appel {year.call}."
        sentence += f"\u00a0: la campagne {year.campaign} s’est terminée le {_day(year.closes_on)}."
        remedy = (
            " Seule une dérogation d’éligibilité, à demander au ministère, peut y remédier."
            if year.settled
            else " Le ministère peut encore, sur demande motivée, permettre un dépôt tardif "
            "ou accorder une dérogation d’éligibilité."
        )
    return {
        "appel": year.call,
        "au": at,
        "exercices": [
            {
                "campagne": year.campaign,
                "date_depot": filed_at,
                "etat": state,
                "exercice": year.year,
                "explication": sentence,
                "motif": reason,
                "predecesseurs": [],
                "recepisse": receipt,
                "siren": siren,
                "source": None,
            }
        ],
        "explication": f"{head} {sentence}{remedy}",
        "motif": reason,
        "siren": siren,
        "statut": status,
        "texte_fondateur": year.founding_text,
    }


def _finding(year: Year, kind: str | None, filed_at: str | None, receipt: str | None, pending: bool) -> str:
    when = _instant(filed_at) if filed_at else ""
    proof = f" (récépissé {receipt})" if receipt else ""
    match kind:
        case "declared":
            return f"a déclaré le {when} ses versements de {year.year}{proof}"
        case "nil":
            return f"a déclaré le {when} n’avoir rien versé en {year.year}{proof}"
        case "rectified":
            return f"a pour {year.year} une déclaration rectifiée par le ministère le {when}{proof}"
        case "annulled":
            return f"n’a plus de déclaration valable pour {year.year} (annulée par le ministère le {when})"
        case "taken_over":
            return (
                f"n’a pour {year.year} qu’une déclaration reçue hors délai, qui compte dans les totaux "
                "mais ne suffit pas"
            )
        case _:
            return f"n’a pas {'encore ' if pending else ''}déclaré ses versements de {year.year}"


def _instant(text: str) -> str:
    at = datetime.fromisoformat(text).astimezone(_PARIS)
    return f"{_day(at)} à {at.hour:02}\u00a0h\u00a0{at.minute:02}\u00a0min\u00a0{at.second:02}\u00a0s"


def _day(day: date) -> str:
    return f"{day.day}{'er' if day.day == 1 else ''}\u00a0{_MONTHS[day.month - 1]}\u00a0{day.year}"
