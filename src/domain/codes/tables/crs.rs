//! CRS lists: purposes, channels, types of aid, markers and goals.

use std::collections::HashMap;

use super::{
    super::{
        AidType, Channel, ChannelCode, Marker, Purpose, PurposeCategory, SdgItem,
        embedded::{AID_TYPES, CHANNELS, MARKERS, PURPOSE_CATEGORIES, PURPOSES, SDG},
    },
    BI_MULTI, CODE, NUMBER, Tables, YES_NO,
};

impl Tables<'_> {
    pub(in super::super) fn purposes(&mut self) -> Vec<Purpose> {
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
            Ok(Purpose {
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

    pub(in super::super) fn purpose_categories(&mut self) -> Vec<PurposeCategory> {
        self.rows(PURPOSE_CATEGORIES, &["code", "parent", "name_fr", "name_en"], |cells| {
            Ok(PurposeCategory {
                code: cells.text("code")?,
                parent: cells.optional("parent"),
                name_fr: cells.text("name_fr")?,
                name_en: cells.text("name_en")?,
            })
        })
    }

    pub(in super::super) fn channels(&mut self) -> Vec<Channel> {
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
            Ok(Channel {
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

    pub(in super::super) fn aid_types(&mut self) -> Vec<AidType> {
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
            Ok(AidType {
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

    pub(in super::super) fn markers(&mut self) -> Vec<Marker> {
        let columns = &["code", "name_fr", "crs_item", "iati_code", "max", "first_year", "last_year"];
        self.rows(MARKERS, columns, |cells| {
            Ok(Marker {
                code: cells.text("code")?,
                name_fr: cells.text("name_fr")?,
                crs_item: cells.parsed_optional("crs_item", NUMBER)?,
                iati_code: cells.parsed("iati_code", NUMBER)?,
                max: cells.parsed("max", NUMBER)?,
                years: cells.years()?,
            })
        })
    }

    pub(in super::super) fn sdg(&mut self) -> Vec<SdgItem> {
        let columns = &["code", "goal", "name_fr", "name_en", "first_year", "last_year"];
        self.rows(SDG, columns, |cells| {
            Ok(SdgItem {
                code: cells.text("code")?,
                goal: cells.optional("goal"),
                name_fr: cells.optional("name_fr"),
                name_en: cells.optional("name_en"),
                years: cells.years()?,
            })
        })
    }
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
