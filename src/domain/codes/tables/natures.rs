//! Natures, and the columns of the DG Trésor table.

use super::{
    super::{
        Mandatory, Nature, RecipientRule, TresorColumn, TresorRule,
        embedded::{NATURES, TRESOR_COLUMN_NAMES, TRESOR_COLUMNS},
        read::{Cells, Rejected},
    },
    BI_MULTI, CODE, NUMBER, Tables,
};

impl Tables<'_> {
    pub(in super::super) fn natures(&mut self) -> Vec<Nature> {
        let columns = &[
            "code",
            "name_fr",
            "first_year",
            "last_year",
            "aid_type",
            "aid_types",
            "purpose",
            "purposes",
            "recipient",
            "recipient_rule",
            "channel",
            "channels",
            "bi_multi",
            "mandatory",
        ];
        let rules = [
            ("country", RecipientRule::Country),
            ("country_or_998", RecipientRule::CountryOrUnspecified),
            ("unspecified", RecipientRule::Unspecified),
        ];
        self.rows(NATURES, columns, |cells| {
            Ok(Nature {
                code: cells.parsed("code", CODE)?,
                name_fr: cells.text("name_fr")?,
                years: cells.years()?,
                aid_type: cells.parsed("aid_type", CODE)?,
                aid_types: cells.patterns("aid_types")?,
                purpose: cells.parsed_optional("purpose", CODE)?,
                purposes: cells.patterns("purposes")?,
                recipient: cells.parsed_optional("recipient", CODE)?,
                recipient_rule: cells.choice("recipient_rule", &rules)?,
                channel: cells.parsed_optional("channel", CODE)?,
                channels: cells.patterns("channels")?,
                bi_multi: cells.choice("bi_multi", BI_MULTI)?,
                mandatory: mandatory(cells)?,
            })
        })
    }

    pub(in super::super) fn tresor_columns(&mut self) -> Vec<TresorColumn> {
        self.rows(TRESOR_COLUMN_NAMES, &["column", "name_fr", "order"], |cells| {
            Ok(TresorColumn {
                code: cells.text("column")?,
                name_fr: cells.text("name_fr")?,
                order: cells.parsed("order", NUMBER)?,
            })
        })
    }

    pub(in super::super) fn tresor_rules(&mut self) -> Vec<TresorRule> {
        self.rows(TRESOR_COLUMNS, &["aid_type", "purpose", "channel", "column"], |cells| {
            Ok(TresorRule {
                aid_type: cells.pattern("aid_type")?,
                purpose: cells.pattern("purpose")?,
                channel: cells.pattern("channel")?,
                column: cells.text("column")?,
            })
        })
    }
}

fn mandatory(cells: &mut Cells<'_>) -> Result<Mandatory, Rejected> {
    let mut mandatory = Mandatory::default();
    for word in cells.words("mandatory") {
        match &*word {
            "pays" => mandatory.recipient = true,
            "secteur" => mandatory.purpose = true,
            "canal" => mandatory.channel = true,
            _ => return Err(cells.reject("mandatory", "pays, secteur ou canal")),
        }
    }
    Ok(mandatory)
}
