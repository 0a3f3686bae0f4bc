//! The files of `config/codelists/`, each read into its records.

use std::collections::{BTreeMap, HashMap};

use super::{
    AidType, Area, BiMulti, Channel, ChannelCode, CollectivityCategory, Fault, FaultKind, Income,
    IncomeGroup, Mandatory, Marker, Nature, Purpose, PurposeCategory, Recipient, RecipientCode,
    RecipientKind, RecipientRule, RecipientZone, Region, RegionalSiren, SdgItem, TresorColumn, TresorRule,
    Zone,
    embedded::{
        AID_TYPES, AREAS, CATEGORIES, CHANNELS, MARKERS, NATURES, PURPOSE_CATEGORIES, PURPOSES,
        RECIPIENT_ALIASES, RECIPIENT_INCOME, RECIPIENT_ZONES, RECIPIENTS, REGIONAL_SIREN, REGIONS, SDG,
        TRESOR_COLUMN_NAMES, TRESOR_COLUMNS, ZONES,
    },
    read::{Cells, read_rows},
};

const YES_NO: &[(&str, bool)] = &[("yes", true), ("no", false)];
const CODE: &str = "un code";
const NUMBER: &str = "un nombre";

/// The texts of the code lists, and the faults found while reading them.
pub(super) struct Tables<'a> {
    texts: &'a BTreeMap<&'a str, &'a str>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(texts: &'a BTreeMap<&'a str, &'a str>) -> Self {
        Self { texts, faults: Vec::new() }
    }

    fn rows<T>(
        &mut self,
        file: &'static str,
        columns: &'static [&'static str],
        read: impl Fn(&mut Cells<'_>) -> Option<T>,
    ) -> Vec<T> {
        if let Some(text) = self.texts.get(file) {
            read_rows(file, text, columns, &mut self.faults, read)
        } else {
            self.faults.push(Fault::new(file, "fichier", FaultKind::Unreadable, "le fichier manque"));
            Vec::new()
        }
    }

    pub(super) fn recipients(&mut self) -> Vec<Recipient> {
        let columns = &["code", "kind", "iso3", "name_fr", "name_en", "area", "first_year", "last_year"];
        let kinds = [
            ("country", RecipientKind::Country),
            ("region", RecipientKind::Region),
            ("unspecified", RecipientKind::Unspecified),
        ];
        self.rows(RECIPIENTS, columns, |cells| {
            let kind = cells.choice("kind", &kinds)?;
            let iso3 = if kind == RecipientKind::Country { Some(cells.text("iso3")?) } else { None };
            Some(Recipient {
                code: cells.parsed("code", CODE)?,
                kind,
                iso3,
                name_fr: cells.text("name_fr")?,
                name_en: cells.text("name_en")?,
                area: cells.text("area")?,
                years: cells.years()?,
            })
        })
    }

    pub(super) fn aliases(&mut self) -> Vec<(RecipientCode, Box<str>)> {
        self.rows(RECIPIENT_ALIASES, &["code", "alias"], |cells| {
            Some((cells.parsed("code", CODE)?, cells.text("alias")?))
        })
    }

    pub(super) fn income(&mut self) -> Vec<Income> {
        let groups = [IncomeGroup::Ldc, IncomeGroup::Olic, IncomeGroup::Lmic, IncomeGroup::Umic]
            .map(|group| (group.code(), group));
        self.rows(RECIPIENT_INCOME, &["code", "group", "first_year", "last_year"], |cells| {
            Some(Income {
                code: cells.parsed("code", CODE)?,
                group: cells.choice("group", &groups)?,
                years: cells.years()?,
            })
        })
    }

    pub(super) fn areas(&mut self) -> Vec<Area> {
        self.rows(AREAS, &["code", "name_fr", "parent", "order"], |cells| {
            Some(Area {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                parent: cells.optional("parent"),
                order: cells.parsed("order", NUMBER)?,
            })
        })
    }

    pub(super) fn zones(&mut self) -> Vec<Zone> {
        self.rows(ZONES, &["code", "name_fr", "order", "aid_types"], |cells| {
            let aid_types = match cells.optional("aid_types") {
                Some(_) => Some(cells.patterns("aid_types")?),
                None => None,
            };
            Some(Zone {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                order: cells.parsed("order", NUMBER)?,
                aid_types,
            })
        })
    }

    pub(super) fn recipient_zones(&mut self) -> Vec<RecipientZone> {
        self.rows(RECIPIENT_ZONES, &["code", "zone", "sahel"], |cells| {
            Some(RecipientZone {
                code: cells.parsed("code", CODE)?,
                zone: cells.text("zone")?,
                sahel: cells.choice("sahel", YES_NO)?,
            })
        })
    }

    pub(super) fn purposes(&mut self) -> Vec<Purpose> {
        let columns = &[
            "code",
            "category",
            "name_fr",
            "name_en",
            "first_year",
            "last_year",
            "declarable_first_year",
            "declarable_last_year",
            "voluntary",
        ];
        self.rows(PURPOSES, columns, |cells| {
            Some(Purpose {
                code: cells.parsed("code", CODE)?,
                category: cells.text("category")?,
                name_fr: cells.text("name_fr")?,
                name_en: cells.text("name_en")?,
                years: cells.years()?,
                declarable: cells.declarable()?,
                voluntary: cells.choice("voluntary", YES_NO)?,
            })
        })
    }

    pub(super) fn purpose_categories(&mut self) -> Vec<PurposeCategory> {
        self.rows(PURPOSE_CATEGORIES, &["code", "parent", "name_fr", "name_en"], |cells| {
            Some(PurposeCategory {
                code: cells.text("code")?,
                parent: cells.optional("parent"),
                name_fr: cells.text("name_fr")?,
                name_en: cells.text("name_en")?,
            })
        })
    }

    pub(super) fn channels(&mut self) -> Vec<Channel> {
        let columns = &[
            "code",
            "parent",
            "name_fr",
            "name_en",
            "first_year",
            "last_year",
            "declarable_first_year",
            "declarable_last_year",
        ];
        let mut channels = self.rows(CHANNELS, columns, |cells| {
            let code: ChannelCode = cells.parsed("code", CODE)?;
            Some(Channel {
                family: code.clone(),
                code,
                parent: cells.parsed_optional("parent", CODE)?,
                name_fr: cells.text("name_fr")?,
                name_en: cells.text("name_en")?,
                years: cells.years()?,
                declarable: cells.declarable()?,
            })
        });
        set_families(&mut channels);
        channels
    }

    pub(super) fn aid_types(&mut self) -> Vec<AidType> {
        let columns = &[
            "code",
            "parent",
            "name_fr",
            "name_en",
            "bi_multi",
            "first_year",
            "last_year",
            "declarable_first_year",
            "declarable_last_year",
        ];
        self.rows(AID_TYPES, columns, |cells| {
            let declarable = cells.declarable()?;
            let bi_multi =
                if declarable.is_some() { Some(cells.choice("bi_multi", BI_MULTI)?) } else { None };
            Some(AidType {
                code: cells.parsed("code", CODE)?,
                parent: cells.parsed_optional("parent", CODE)?,
                name_fr: cells.text("name_fr")?,
                name_en: cells.text("name_en")?,
                bi_multi,
                years: cells.years()?,
                declarable,
            })
        })
    }

    pub(super) fn markers(&mut self) -> Vec<Marker> {
        let columns = &["code", "name_fr", "crs_item", "iati_code", "max", "first_year", "last_year"];
        self.rows(MARKERS, columns, |cells| {
            Some(Marker {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                crs_item: cells.parsed_optional("crs_item", NUMBER)?,
                iati_code: cells.parsed("iati_code", NUMBER)?,
                max: cells.parsed("max", NUMBER)?,
                years: cells.years()?,
            })
        })
    }

    pub(super) fn sdg(&mut self) -> Vec<SdgItem> {
        let columns = &["code", "goal", "name_fr", "name_en", "first_year", "last_year"];
        self.rows(SDG, columns, |cells| {
            Some(SdgItem {
                code: cells.text("code")?,
                goal: cells.optional("goal"),
                name_fr: cells.optional("name_fr"),
                name_en: cells.optional("name_en"),
                years: cells.years()?,
            })
        })
    }

    pub(super) fn natures(&mut self) -> Vec<Nature> {
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
            Some(Nature {
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

    pub(super) fn tresor_columns(&mut self) -> Vec<TresorColumn> {
        self.rows(TRESOR_COLUMN_NAMES, &["column", "name_fr", "order"], |cells| {
            Some(TresorColumn {
                code: cells.text("column")?,
                name_fr: cells.text("name_fr")?,
                order: cells.parsed("order", NUMBER)?,
            })
        })
    }

    pub(super) fn tresor_rules(&mut self) -> Vec<TresorRule> {
        self.rows(TRESOR_COLUMNS, &["aid_type", "purpose", "channel", "column"], |cells| {
            Some(TresorRule {
                aid_type: cells.pattern("aid_type")?,
                purpose: cells.pattern("purpose")?,
                channel: cells.pattern("channel")?,
                column: cells.text("column")?,
            })
        })
    }

    pub(super) fn categories(&mut self) -> Vec<CollectivityCategory> {
        let columns = &["code", "name_fr", "kinds", "population_min", "population_max", "order"];
        self.rows(CATEGORIES, columns, |cells| {
            Some(CollectivityCategory {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                kinds: cells.words("kinds"),
                population_min: cells.parsed_optional("population_min", NUMBER)?,
                population_max: cells.parsed_optional("population_max", NUMBER)?,
                order: cells.parsed("order", NUMBER)?,
            })
        })
    }

    pub(super) fn regions(&mut self) -> Vec<Region> {
        self.rows(REGIONS, &["code", "name_fr", "first_year", "last_year", "successor"], |cells| {
            Some(Region {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                years: cells.years()?,
                successor: cells.optional("successor"),
            })
        })
    }

    pub(super) fn regional_siren(&mut self) -> Vec<RegionalSiren> {
        let columns =
            &["siren", "kind", "insee_code", "name_fr", "departements", "region", "first_year", "last_year"];
        self.rows(REGIONAL_SIREN, columns, |cells| {
            Some(RegionalSiren {
                siren: cells.text("siren")?,
                kind: cells.text("kind")?,
                insee_code: cells.text("insee_code")?,
                name_fr: cells.text("name_fr")?,
                departements: cells.words("departements"),
                region: cells.text("region")?,
                years: cells.years()?,
            })
        })
    }
}

const BI_MULTI: &[(&str, BiMulti)] =
    &[("1", BiMulti::Bilateral), ("2", BiMulti::Multilateral), ("3", BiMulti::BilateralCore)];

fn mandatory(cells: &mut Cells<'_>) -> Option<Mandatory> {
    let mut mandatory = Mandatory::default();
    for word in cells.words("mandatory") {
        match &*word {
            "pays" => mandatory.recipient = true,
            "secteur" => mandatory.purpose = true,
            "canal" => mandatory.channel = true,
            _ => {
                cells.fault("mandatory", "pays, secteur ou canal");
                return None;
            }
        }
    }
    Some(mandatory)
}

/// Climbs from each channel to the highest heading below the groups (10000, 20000…).
fn set_families(channels: &mut [Channel]) {
    let mut above: HashMap<ChannelCode, Option<ChannelCode>> = HashMap::new();
    let mut groups: Vec<ChannelCode> = Vec::new();
    for channel in channels.iter() {
        above.insert(channel.code.clone(), channel.parent.clone());
        if channel.parent.is_none() && channel.declarable.is_none() {
            groups.push(channel.code.clone());
        }
    }
    for channel in channels {
        let mut parent = channel.parent.clone();
        let mut family = channel.code.clone();
        // Four levels at most (40000, 41000, 41100, 41114); the bound keeps a cycle from looping.
        for _ in 0..4 {
            match parent.take().filter(|code| !groups.contains(code)) {
                Some(code) => {
                    parent = above.get(&code).cloned().flatten();
                    family = code;
                }
                None => break,
            }
        }
        channel.family = family;
    }
}
