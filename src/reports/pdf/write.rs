//! Pages, tags and metadata as bytes.

use std::num::NonZeroU16;

use krilla::SerializeSettings;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Quadrilateral, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::{Page, PageSettings};
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};

use super::Document;
use super::font::Fonts;
use super::layout::{Area, Color, Laid, Mark, PAGE, Part, Role};
use crate::domain::instant::Instant;
use crate::reports::{ReportError, Result};

fn refused(why: impl std::fmt::Debug) -> ReportError {
    ReportError::Pdf(format!("{why:?}"))
}

/// The document as bytes.
pub(super) fn bytes(document: &Document, fonts: &Fonts, laid: Laid) -> Result<Vec<u8>> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(refused)?;
    let settings = SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let mut leaves = vec![None; laid.leaves];
    for marks in laid.pages {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| refused("page"))?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        for mark in &marks {
            draw(&mut surface, fonts, mark, &mut leaves);
        }
        surface.finish();
        for mark in marks {
            anchor(&mut page, mark, &mut leaves);
        }
        page.finish();
    }
    let mut tree = TagTree::new();
    for part in laid.tree {
        if let Some(node) = node(part, &leaves)? {
            tree.push(node);
        }
    }
    pdf.set_tag_tree(tree);
    let mut outline = Outline::new();
    for (text, page, y) in laid.outline {
        outline.push_child(OutlineNode::new(text, XyzDestination::new(page, Point::from_xy(0.0, y))));
    }
    pdf.set_outline(outline);
    pdf.set_metadata(metadata(document));
    pdf.finish().map_err(refused)
}

fn fill(Color(red, green, blue): Color) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark, leaves: &mut [Option<Identifier>]) {
    match mark {
        Mark::Line { leaf, run, style, x, y } => {
            let span = ContentTag::Span(SpanTag::empty());
            let artifact = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer));
            let identifier = surface.start_tagged(if leaf.is_some() { span } else { artifact });
            if let Some(place) = leaf.and_then(|leaf| leaves.get_mut(leaf)) {
                *place = Some(identifier);
            }
            surface.set_fill(Some(fill(style.color)));
            let font = fonts.weight(style.is_bold).font.clone();
            surface.draw_glyphs(Point::from_xy(*x, *y), &run.glyphs, font, &run.text, style.size, false);
            surface.end_tagged();
        }
        Mark::Bar { area, color } => {
            let mut path = PathBuilder::new();
            let Some(rect) = rect(*area) else { return };
            path.push_rect(rect);
            let Some(path) = path.finish() else { return };
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            surface.set_fill(Some(fill(*color)));
            surface.draw_path(&path);
            surface.end_tagged();
        }
        Mark::Anchor { .. } => {}
    }
}

fn rect((x, y, width, height): Area) -> Option<Rect> {
    Rect::from_xywh(x, y, width, height)
}

fn anchor(page: &mut Page<'_>, mark: Mark, leaves: &mut [Option<Identifier>]) {
    let Mark::Anchor { leaf, areas, address, told } = mark else { return };
    let areas: Vec<Quadrilateral> = areas.into_iter().filter_map(rect).map(Quadrilateral::from).collect();
    let Some(place) = leaves.get_mut(leaf).filter(|_place| !areas.is_empty()) else { return };
    let target = Target::Action(Action::Link(LinkAction::new(address)));
    let link = LinkAnnotation::new_with_quad_points(areas, target);
    *place = Some(page.add_tagged_annotation(Annotation::new_link(link, Some(told))));
}

/// A part of the tree; none where nothing of it was drawn.
fn node(part: Part, leaves: &[Option<Identifier>]) -> Result<Option<Node>> {
    let (role, parts) = match part {
        Part::Leaf(leaf) => return Ok(leaves.get(leaf).copied().flatten().map(Node::Leaf)),
        Part::Group(role, parts) => (role, parts),
    };
    let mut group = match role {
        Role::Heading(level, text) => {
            let level = NonZeroU16::new(level).ok_or_else(|| refused("heading"))?;
            TagGroup::new(Tag::Hn(level, Some(text)))
        }
        Role::Paragraph => TagGroup::new(Tag::P),
        Role::Table => TagGroup::new(Tag::Table),
        Role::Row => TagGroup::new(Tag::TR),
        Role::Term => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
        Role::Value => TagGroup::new(Tag::TD),
        Role::Link => TagGroup::new(Tag::Link),
    };
    for part in parts {
        if let Some(node) = node(part, leaves)? {
            group.push(node);
        }
    }
    Ok((!group.children.is_empty()).then_some(Node::Group(group)))
}

fn metadata(document: &Document) -> Metadata {
    Metadata::new()
        .title(document.title.clone())
        .description(document.description.clone())
        .language("fr-FR".to_owned())
        .authors(vec![document.from.join(", ")])
        .creator("e-APD".to_owned())
        .producer("e-APD".to_owned())
        .document_id(document.title.clone())
        .creation_date(date(document.at))
}

fn date(at: Instant) -> DateTime {
    let at = at.as_datetime();
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(at.month().into())
        .day(at.day())
        .hour(at.hour())
        .minute(at.minute())
        .second(at.second())
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
