//! Cases, those they pay through, and themes: plain words for codes.

use super::{
    super::{
        Ask, Case, Intermediary, Theme,
        embedded::{CASES, INTERMEDIARIES, THEMES},
        read::{Cells, Rejected},
    },
    CODE, Tables,
};

impl Tables<'_> {
    pub(in super::super) fn cases(&mut self) -> Vec<Case> {
        let columns =
            &["code", "name_fr", "hint_fr", "first_year", "last_year", "nature", "channel", "themes", "asks"];
        self.rows(CASES, columns, |cells| {
            Ok(Case {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                hint_fr: cells.text("hint_fr")?,
                years: cells.years()?,
                nature: cells.parsed("nature", CODE)?,
                channel: cells.parsed_optional("channel", CODE)?,
                themes: cells.optional("themes"),
                asks: asks(cells)?,
            })
        })
    }

    pub(in super::super) fn intermediaries(&mut self) -> Vec<Intermediary> {
        let columns = &["case", "code", "name_fr", "first_year", "last_year", "channel", "nature"];
        self.rows(INTERMEDIARIES, columns, |cells| {
            Ok(Intermediary {
                case: cells.text("case")?,
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                years: cells.years()?,
                channel: cells.parsed("channel", CODE)?,
                nature: cells.parsed_optional("nature", CODE)?,
            })
        })
    }

    pub(in super::super) fn themes(&mut self) -> Vec<Theme> {
        let columns = &["code", "group", "name_fr", "first_year", "last_year", "purpose"];
        self.rows(THEMES, columns, |cells| {
            Ok(Theme {
                code: cells.text("code")?,
                group: cells.text("group")?,
                name_fr: cells.text("name_fr")?,
                years: cells.years()?,
                purpose: cells.parsed("purpose", CODE)?,
            })
        })
    }
}

fn asks(cells: &mut Cells<'_>) -> Result<Vec<Ask>, Rejected> {
    let mut asks = vec![];
    for word in cells.words("asks") {
        asks.push(match &*word {
            "organisme" => Ask::Organisation,
            "organisme_facultatif" => Ask::OrganisationIfKnown,
            "par" => Ask::Intermediary,
            "par_autre" => Ask::OtherIntermediary,
            "pays" => Ask::Recipient,
            "theme" => Ask::Theme,
            _ => {
                return Err(
                    cells.reject("asks", "organisme, organisme_facultatif, par, par_autre, pays ou theme")
                );
            }
        });
    }
    Ok(asks)
}
