//! The IATI type of the organisation behind a channel of delivery.

/// Prefix of a CRS channel code, or of its heading, and IATI type of the organisation; the first match counts.
const TYPES: [(&str, &str); 18] = [
    // Local governments, then other public bodies, then States.
    ("11002", "11"),
    ("12002", "11"),
    ("11003", "15"),
    ("11004", "15"),
    ("12003", "15"),
    ("12004", "15"),
    ("1", "10"),
    ("21", "21"),
    // An NGO of the donor's country, then one of the partner's.
    ("22", "22"),
    ("23", "24"),
    ("2", "22"),
    ("3", "30"),
    ("4", "40"),
    ("5", "80"),
    // Private sector: of the donor's country, of the recipient's, of a third one.
    ("61", "71"),
    ("62", "72"),
    ("63", "73"),
    ("6", "70"),
];
/// "Other" of the list.
const OTHER: &str = "90";

/// The type for a channel and the heading it belongs to (47035 is an NGO: its heading is 21000).
#[must_use]
pub fn organisation_type(channel: &str, family: &str) -> &'static str {
    // 52000, until 2015, is "other" under the heading of universities.
    if channel == "52000" {
        return OTHER;
    }
    let code = if family.get(..2) == channel.get(..2) { channel } else { family };
    TYPES.iter().find(|(prefix, _)| code.starts_with(prefix)).map_or(OTHER, |(_, of)| of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_heading_has_its_type() {
        for (channel, family, expected) in [
            ("11000", "11000", "10"),
            ("11001", "11000", "10"),
            ("11002", "11000", "11"),
            ("12002", "12000", "11"),
            ("12004", "12000", "15"),
            ("13000", "13000", "10"),
            ("21016", "21000", "21"),
            ("22000", "22000", "22"),
            ("23000", "23000", "24"),
            ("21003", "23000", "24"),
            ("47035", "21000", "21"),
            ("32000", "32000", "30"),
            ("41122", "41000", "40"),
            ("51000", "51000", "80"),
            ("52000", "52000", "90"),
            ("52000", "50000", "90"),
            ("62003", "62000", "72"),
            ("90000", "90000", "90"),
            ("", "", "90"),
        ] {
            assert_eq!(organisation_type(channel, family), expected, "{channel} {family}");
        }
    }
}
