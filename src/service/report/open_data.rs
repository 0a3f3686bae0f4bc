//! What the open data says of each body (rule 15): what its public page says.

use crate::domain::filing::FilingKind;
use crate::domain::publication::PublicStatus;
use crate::reports::ReportError;
use crate::reports::open_data::PublicBody;
use crate::service::Result;
use crate::service::report::source::Source;
use crate::store;

/// The bodies that declared, and those that were expected, existed and did not.
pub(super) async fn bodies(source: &mut Source) -> Result<Vec<PublicBody>> {
    let (year, mut told) = (source.flow_year, vec![]);
    let mut silent = store::publication::expected_of_year(&mut source.tx, year).await?;
    for filing in source.filings.iter().filter(|filing| filing.kind != FilingKind::Annulled) {
        let siren = filing.siren;
        let body = source.bodies.get(&siren).ok_or(ReportError::UnknownBody(siren))?;
        told.push(PublicBody {
            siren,
            body: body.clone(),
            status: if filing.line_count == 0 { PublicStatus::Nil } else { PublicStatus::Declared },
            own: Some(filing.total_own),
            lines: filing.line_count,
            rectified_at: (filing.kind == FilingKind::Rectified).then_some(filing.filed_at),
        });
        if let Ok(at) = silent.binary_search(&siren) {
            silent.remove(at);
        }
    }
    let mut found = store::register::find_all(&mut source.tx, &silent, year).await?;
    for siren in silent {
        // A body that did not exist is expected of nothing.
        let existed = |body: &crate::domain::collectivity::Collectivity| {
            body.existed_between(year.first_day(), year.last_day())
        };
        let Some(body) = found.remove(&siren).filter(existed) else { continue };
        let status = PublicStatus::NotDeclared;
        told.push(PublicBody { siren, body, status, own: None, lines: 0, rectified_at: None });
    }
    Ok(told)
}
