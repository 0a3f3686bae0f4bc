//! Recipients: the DAC list, names, income groups, areas and zones.

use super::{
    super::{
        Area, Income, IncomeGroup, Recipient, RecipientCode, RecipientKind, RecipientZone, Zone,
        embedded::{AREAS, RECIPIENT_ALIASES, RECIPIENT_INCOME, RECIPIENT_ZONES, RECIPIENTS, ZONES},
    },
    CODE, NUMBER, Tables, YES_NO,
};

impl Tables<'_> {
    pub(in super::super) fn recipients(&mut self) -> Vec<Recipient> {
        let columns =
            &["code", "kind", "iso2", "iso3", "name_fr", "name_en", "area", "first_year", "last_year"];
        let kinds = [
            ("country", RecipientKind::Country),
            ("region", RecipientKind::Region),
            ("unspecified", RecipientKind::Unspecified),
        ];
        self.rows(RECIPIENTS, columns, |cells| {
            let kind = cells.choice("kind", &kinds)?;
            let is_country = kind == RecipientKind::Country;
            let iso2 = if is_country { Some(cells.text("iso2")?) } else { None };
            let iso3 = if is_country { Some(cells.text("iso3")?) } else { None };
            Ok(Recipient {
                code: cells.parsed("code", CODE)?,
                kind,
                iso2,
                iso3,
                name_fr: cells.text("name_fr")?,
                name_en: cells.text("name_en")?,
                area: cells.text("area")?,
                years: cells.years()?,
            })
        })
    }

    pub(in super::super) fn aliases(&mut self) -> Vec<(RecipientCode, Box<str>)> {
        self.rows(RECIPIENT_ALIASES, &["code", "alias"], |cells| {
            Ok((cells.parsed("code", CODE)?, cells.text("alias")?))
        })
    }

    pub(in super::super) fn income(&mut self) -> Vec<Income> {
        let groups = [IncomeGroup::Ldc, IncomeGroup::Olic, IncomeGroup::Lmic, IncomeGroup::Umic]
            .map(|group| (group.code(), group));
        self.rows(RECIPIENT_INCOME, &["code", "group", "first_year", "last_year"], |cells| {
            Ok(Income {
                code: cells.parsed("code", CODE)?,
                group: cells.choice("group", &groups)?,
                years: cells.years()?,
            })
        })
    }

    pub(in super::super) fn areas(&mut self) -> Vec<Area> {
        self.rows(AREAS, &["code", "name_fr", "parent", "order"], |cells| {
            Ok(Area {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                parent: cells.optional("parent"),
                order: cells.parsed("order", NUMBER)?,
            })
        })
    }

    pub(in super::super) fn zones(&mut self) -> Vec<Zone> {
        self.rows(ZONES, &["code", "name_fr", "order", "aid_types"], |cells| {
            let aid_types = match cells.optional("aid_types") {
                Some(_) => Some(cells.patterns("aid_types")?),
                None => None,
            };
            Ok(Zone {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                order: cells.parsed("order", NUMBER)?,
                aid_types,
            })
        })
    }

    pub(in super::super) fn recipient_zones(&mut self) -> Vec<RecipientZone> {
        self.rows(RECIPIENT_ZONES, &["code", "zone", "sahel"], |cells| {
            Ok(RecipientZone {
                code: cells.parsed("code", CODE)?,
                zone: cells.text("zone")?,
                sahel: cells.choice("sahel", YES_NO)?,
            })
        })
    }
}
