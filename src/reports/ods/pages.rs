//! `styles.xml`, `settings.xml` and `meta.xml`: pages of A4 as wide as a sheet, what is printed around, what stays in
//! sight.

use std::fmt::Write as _;
use std::io;

use quick_xml::escape::escape;

use crate::domain::instant::Instant;
use crate::reports::ods::NAMESPACES;
use crate::reports::ods::grid::Grid;
use crate::reports::text::xml_text;
use crate::reports::xml::Xml;

/// The style of every cell, and the language of the texts.
const DEFAULT: &str = concat!(
    " <office:styles>\n",
    "  <style:default-style style:family=\"table-cell\">\n",
    "   <style:text-properties style:font-name=\"Liberation Sans\" fo:font-size=\"10pt\" ",
    "fo:language=\"fr\" fo:country=\"FR\"/>\n",
    "  </style:default-style>\n",
    "  <style:style style:name=\"Default\" style:family=\"table-cell\"/>\n",
    " </office:styles>\n",
);

/// A landscape page, as wide as the sheet and as many as it takes.
const LAYOUT: &str = concat!(
    "  <style:page-layout style:name=\"layout\">\n",
    "   <style:page-layout-properties fo:page-width=\"297mm\" fo:page-height=\"210mm\" ",
    "style:print-orientation=\"landscape\" fo:margin-top=\"8mm\" fo:margin-bottom=\"8mm\" ",
    "fo:margin-left=\"10mm\" fo:margin-right=\"10mm\" style:first-page-number=\"continue\" ",
    "style:scale-to-X=\"1\" style:scale-to-Y=\"0\"/>\n",
    "   <style:header-style><style:header-footer-properties fo:min-height=\"8mm\" fo:margin-bottom=\"2mm\"/>",
    "</style:header-style>\n",
    "   <style:footer-style><style:header-footer-properties fo:min-height=\"8mm\" fo:margin-top=\"2mm\"/>",
    "</style:footer-style>\n",
    "  </style:page-layout>\n",
);

const PAGE: &str = "Page <text:page-number>1</text:page-number> / <text:page-count>1</text:page-count>";

/// `styles.xml`. What stands beside text in one paragraph is written here by hand.
pub(super) fn styles(grids: &[Grid]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-styles");
    for (name, value) in NAMESPACES {
        let _written = write!(out, " {name}=\"{value}\"");
    }
    out.push_str(">\n <office:font-face-decls><style:font-face style:name=\"Liberation Sans\" ");
    out.push_str("style:font-family-generic=\"swiss\"/></office:font-face-decls>\n");
    out.push_str(DEFAULT);
    let _written = write!(out, " <office:automatic-styles>\n{LAYOUT} </office:automatic-styles>\n");
    out.push_str(" <office:master-styles>\n");
    for (index, grid) in grids.iter().enumerate() {
        let [title, period, status] =
            grid.printed.as_ref().map_or(["", "", ""], |around| around.each_ref().map(String::as_str));
        let told = [title, period, status].map(|text| escape(&*xml_text(text)).into_owned());
        let [title, period, status] = told;
        let _written = write!(
            out,
            "  <style:master-page style:name=\"page-{index}\" style:page-layout-name=\"layout\">\n   \
             <style:header><style:region-left><text:p>{title}</text:p></style:region-left>\
             <style:region-right><text:p>{period}</text:p></style:region-right></style:header>\n   \
             <style:footer><style:region-left><text:p>{status}</text:p></style:region-left>\
             <style:region-right><text:p>{PAGE}</text:p></style:region-right></style:footer>\n  \
             </style:master-page>\n"
        );
    }
    out.push_str(" </office:master-styles>\n</office:document-styles>\n");
    out
}

/// `settings.xml`: what stays in sight.
pub(super) fn settings(grids: &[Grid]) -> io::Result<Vec<u8>> {
    let mut out = vec![];
    let mut xml = Xml::on_one_line(&mut out)?;
    xml.open("office:document-settings", &NAMESPACES)?;
    xml.open("office:settings", &[])?;
    xml.open("config:config-item-set", &[("config:name", "ooo:view-settings")])?;
    xml.open("config:config-item-map-indexed", &[("config:name", "Views")])?;
    xml.open("config:config-item-map-entry", &[])?;
    xml.element("config:config-item", &[("config:name", "ViewId"), ("config:type", "string")], "view1")?;
    xml.open("config:config-item-map-named", &[("config:name", "Tables")])?;
    for grid in grids {
        let Some((row, column)) = grid.frozen else { continue };
        xml.open("config:config-item-map-entry", &[("config:name", &grid.name)])?;
        let (row, column) = (row.to_string(), column.to_string());
        // 2: frozen.
        for (name, kind, value) in [
            ("HorizontalSplitMode", "short", if column == "0" { "0" } else { "2" }),
            ("VerticalSplitMode", "short", "2"),
            ("HorizontalSplitPosition", "int", &*column),
            ("VerticalSplitPosition", "int", &*row),
            ("ActiveSplitRange", "short", if column == "0" { "2" } else { "3" }),
            ("PositionRight", "int", &*column),
            ("PositionBottom", "int", &*row),
        ] {
            xml.element("config:config-item", &[("config:name", name), ("config:type", kind)], value)?;
        }
        xml.close("config:config-item-map-entry")?;
    }
    for element in [
        "config:config-item-map-named",
        "config:config-item-map-entry",
        "config:config-item-map-indexed",
        "config:config-item-set",
        "office:settings",
        "office:document-settings",
    ] {
        xml.close(element)?;
    }
    xml.end()?;
    Ok(out)
}

/// `meta.xml`: the title and the date of the data.
pub(super) fn meta(title: &str, data_at: Instant) -> io::Result<Vec<u8>> {
    let mut out = vec![];
    let mut xml = Xml::on_one_line(&mut out)?;
    let at = data_at.to_rfc3339();
    xml.open("office:document-meta", &NAMESPACES)?;
    xml.open("office:meta", &[])?;
    xml.element("meta:generator", &[], "e-APD")?;
    xml.element("dc:title", &[], title)?;
    xml.element("dc:language", &[], "fr-FR")?;
    xml.element("meta:initial-creator", &[], "e-APD")?;
    xml.element("meta:creation-date", &[], &at)?;
    xml.element("dc:date", &[], &at)?;
    xml.close("office:meta")?;
    xml.close("office:document-meta")?;
    xml.end()?;
    Ok(out)
}
