//! Which parts of a workbook hold the sheet, its texts and its formats.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::damaged;
use super::package::Package;
use super::xml::{attribute, attributes};
use crate::domain::text;
use crate::imports::error::FileError;

/// Where to read.
#[derive(Debug)]
pub(super) struct Workbook {
    pub sheet: String,
    pub strings: Option<String>,
    pub styles: Option<String>,
    /// Days are counted from 1904, as old Macintosh workbooks do.
    pub from_1904: bool,
}

struct Sheet {
    name: String,
    relation: String,
    visible: bool,
}

struct Relation {
    id: String,
    /// The last word of the type, which transitional and strict files share.
    kind: String,
    target: String,
}

pub(super) fn read(package: &mut Package<'_>) -> Result<Workbook, FileError> {
    let main = relations(package, "_rels/.rels", "")?
        .into_iter()
        .find(|relation| relation.kind == "officeDocument")
        .ok_or_else(|| damaged("classeur introuvable"))?
        .target;
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let relations = relations(package, &join(folder, &format!("_rels/{file}.rels")), folder)?;
    let (sheets, from_1904) = workbook(package, &main)?;
    let target = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    let worksheets: HashMap<&str, &str> = relations
        .iter()
        .filter(|relation| relation.kind == "worksheet")
        .map(|relation| (relation.id.as_str(), relation.target.as_str()))
        .collect();
    let readable: Vec<(&Sheet, &str)> =
        sheets.iter().filter_map(|sheet| Some((sheet, *worksheets.get(sheet.relation.as_str())?))).collect();
    let named = readable.iter().find(|(sheet, _)| text::fold(&sheet.name) == "lignes");
    let visible = || readable.iter().find(|(sheet, _)| sheet.visible);
    let (_, sheet) = named.or_else(visible).ok_or_else(|| damaged("aucune feuille visible"))?;
    Ok(Workbook {
        sheet: (*sheet).to_owned(),
        strings: target("sharedStrings"),
        styles: target("styles"),
        from_1904,
    })
}

fn workbook(package: &mut Package<'_>, name: &str) -> Result<(Vec<Sheet>, bool), FileError> {
    let mut part = package.part(name)?.ok_or_else(|| damaged("classeur introuvable"))?;
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "workbookPr" => {
                    // An extension shares the name and never bears the attribute.
                    if let Some(value) = attribute(&element, "date1904")? {
                        from_1904 = matches!(value.as_ref(), "1" | "true" | "on");
                    }
                }
                "sheet" => {
                    let [name, relation, state] = attributes(&element, ["name", "id", "state"])?;
                    sheets.push(Sheet {
                        name: name.unwrap_or_default().into_owned(),
                        relation: relation.unwrap_or_default().into_owned(),
                        visible: state.is_none_or(|state| state == "visible"),
                    });
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

fn relations(package: &mut Package<'_>, name: &str, folder: &str) -> Result<Vec<Relation>, FileError> {
    let Some(mut part) = package.part(name)? else { return Ok(Vec::new()) };
    let mut relations = Vec::new();
    loop {
        match part.next()? {
            Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                let [id, kind, target] = attributes(&element, ["Id", "Type", "Target"])?;
                let (kind, target) = (kind.unwrap_or_default(), target.unwrap_or_default());
                relations.push(Relation {
                    id: id.unwrap_or_default().into_owned(),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: join(folder, &target),
                });
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// `target` seen from `folder`; one that begins with `/` is seen from the root.
fn join(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            ".." => {
                path.pop();
            }
            "." => {}
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_as_packages_do() {
        assert_eq!(join("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(join("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(join("xl/a", "../styles.xml"), "xl/styles.xml");
        assert_eq!(join("", "xl/workbook.xml"), "xl/workbook.xml");
    }
}
