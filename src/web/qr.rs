//! A text as a QR code, drawn as one path: nothing is fetched, nothing is an image.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of light around a code.
const MARGIN: i32 = 4;

/// A code, ready for a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Modules of a side, the margin included.
    pub side: i32,
    /// The dark modules, as the path of an SVG.
    pub path: String,
}

impl Qr {
    /// The code of a text; nothing where it is too long for one.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let rows = 0..code.size();
        let dark = rows.clone().flat_map(|y| rows.clone().map(move |x| (x, y)));
        let dark = dark.filter(|(x, y)| code.get_module(*x, *y));
        let mut path = String::new();
        for (x, y) in dark {
            write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN).ok()?;
        }
        Some(Self { side: code.size() + 2 * MARGIN, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let code = Qr::of("otpauth://totp/e-APD:agent@ville.example?secret=GEZDGNBV").unwrap();
        assert!(code.side > 29);
        let far = code.side - MARGIN - 1;
        for corner in [(MARGIN, MARGIN), (far, MARGIN), (MARGIN, far)] {
            assert!(code.path.contains(&format!("M{} {}h1v1h-1z", corner.0, corner.1)), "{corner:?}");
        }
        assert_eq!(Qr::of(&"x".repeat(5_000)), None);
    }
}
