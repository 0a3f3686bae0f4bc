//! The static files, embedded and compressed when the program is built.
//!
//! Their folder is named by a version or by what they hold, so that a browser
//! keeps them for ever.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::refusal::PageRefused;

/// A static file.
struct Asset {
    address: &'static str,
    media: &'static str,
    etag: &'static str,
    raw: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One year: what is at an address never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Answers `/static/{*address}`.
pub(super) async fn show(Path(address): Path<String>, headers: HeaderMap) -> Response {
    let Ok(place) = ASSETS.binary_search_by(|asset| asset.address.cmp(address.as_str())) else {
        return PageRefused::nothing_here().into_response();
    };
    let Some(asset) = ASSETS.get(place) else { return PageRefused::nothing_here().into_response() };
    let sent = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kept =
        [(header::ETAG, asset.etag), (header::CACHE_CONTROL, FOR_EVER), (header::VARY, "accept-encoding")];
    if sent(header::IF_NONE_MATCH).contains(asset.etag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let accepts = |coding: &str| {
        sent(header::ACCEPT_ENCODING).split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some(coding) && !words.any(|word| word == "q=0")
        })
    };
    let media = [(header::CONTENT_TYPE, asset.media)];
    match (asset.br, asset.gz) {
        (Some(bytes), _) if accepts("br") => {
            (kept, media, [(header::CONTENT_ENCODING, "br")], bytes).into_response()
        }
        (_, Some(bytes)) if accepts("gzip") => {
            (kept, media, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response()
        }
        _ => (kept, media, asset.raw).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_found_by_its_address() {
        assert!(ASSETS.is_sorted_by_key(|asset| asset.address));
        for own in ["app.css", "app.js", "combobox.js", "theme.js"] {
            let address = format!("{OWN}/{own}");
            let address = address.trim_start_matches("/static/");
            assert!(ASSETS.iter().any(|asset| asset.address == address), "{address}");
        }
    }
}
