//! The code lists that the program carries: `config/codelists/*.csv`.

macro_rules! embedded {
    ($($constant:ident = $file:literal),* $(,)?) => {
        $(pub(super) const $constant: &str = $file;)*

        /// Name and text of every code list.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../../../config/codelists/", $file)))),*];
    };
}

embedded! {
    AID_TYPES = "aid_types.csv",
    AREAS = "areas.csv",
    CASES = "cases.csv",
    CATEGORIES = "categories.csv",
    CHANNELS = "channels.csv",
    INTERMEDIARIES = "intermediaries.csv",
    MARKERS = "markers.csv",
    NATURES = "natures.csv",
    PUBLISHED = "published.csv",
    PURPOSE_CATEGORIES = "purpose_categories.csv",
    PURPOSES = "purposes.csv",
    RECIPIENT_ALIASES = "recipient_aliases.csv",
    RECIPIENT_INCOME = "recipient_income.csv",
    RECIPIENT_ZONES = "recipient_zones.csv",
    RECIPIENTS = "recipients.csv",
    REGIONAL_SIREN = "regional_siren.csv",
    REGIONS = "regions.csv",
    SDG = "sdg.csv",
    THEMES = "themes.csv",
    TRESOR_COLUMN_NAMES = "tresor_column_names.csv",
    TRESOR_COLUMNS = "tresor_columns.csv",
    ZONES = "zones.csv",
}
