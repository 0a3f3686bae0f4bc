//! Where each line of a document stands, and what it is part of.

use super::font::{Fonts, Run};
use super::{Block, Document, wrap};
use crate::domain::receipt::{Fact, FactKind};

/// A4, points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// Of text on each side, and at the top.
const MARGIN: f32 = 56.0;
/// Nothing but the foot below.
const BOTTOM: f32 = PAGE.1 - 68.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// The terms of facts; their values follow.
const TERMS: f32 = 136.0;
const GAP: f32 = 12.0;
/// Of a line, in sizes of its text.
const LEADING: f32 = 1.42;
/// From the top of a line to its baseline, in sizes of its text.
const ASCENT: f32 = 1.06;

pub(super) const INK: Color = Color(0x16, 0x16, 0x16);
pub(super) const BLUE: Color = Color(0x00, 0x00, 0x91);
const GREY: Color = Color(0x66, 0x66, 0x66);
const RULE: Color = Color(0xdd, 0xdd, 0xdd);

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color(pub u8, pub u8, pub u8);

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub size: f32,
    pub is_bold: bool,
    pub color: Color,
}

const BODY: Style = Style { size: 10.5, is_bold: false, color: INK };
const STRONG: Style = Style { is_bold: true, ..BODY };
const TITLE: Style = Style { size: 21.0, is_bold: true, color: BLUE };
const HEADING: Style = Style { size: 13.0, is_bold: true, color: INK };
const TERM: Style = Style { size: 9.5, is_bold: false, color: GREY };
const VALUE: Style = Style { size: 10.0, is_bold: true, color: INK };
const CODE: Style = Style { size: 8.0, is_bold: false, color: INK };
const ADDRESS: Style = Style { color: BLUE, ..CODE };
const FOOT: Style = Style { size: 8.0, is_bold: false, color: GREY };

/// A rectangle: left, top, width, height.
pub(super) type Area = (f32, f32, f32, f32);

/// Something on a page.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A line of text at its baseline; `leaf` is its place in the tree, none for what is not read.
    Line { leaf: Option<usize>, run: Run, style: Style, x: f32, y: f32 },
    /// A filled rectangle, which says nothing.
    Bar { area: Area, color: Color },
    /// What leads to an address.
    Anchor { leaf: usize, areas: Vec<Area>, address: String, told: String },
}

/// What a part of the tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// A heading of a level, from 1, with what it says.
    Heading(u16, String),
    Paragraph,
    Table,
    Row,
    Term,
    Value,
    Link,
}

/// The document as it is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Group(Role, Vec<Part>),
    Leaf(usize),
}

/// A document laid out.
#[derive(Debug, Default)]
pub(super) struct Laid {
    /// What is on each page.
    pub pages: Vec<Vec<Mark>>,
    /// What is read, in order.
    pub tree: Vec<Part>,
    /// Headings: the text, the page from 0, the height on it.
    pub outline: Vec<(String, usize, f32)>,
    /// How many leaves the tree has.
    pub leaves: usize,
}

struct Flow<'a> {
    fonts: &'a Fonts,
    laid: Laid,
    /// Where the next line begins.
    y: f32,
}

/// Lays a document out.
pub(super) fn of(document: &Document, fonts: &Fonts) -> Laid {
    let mut flow = Flow { fonts, laid: Laid { pages: vec![vec![]], ..Laid::default() }, y: MARGIN };
    for (place, line) in document.from.iter().enumerate() {
        let style = if place == 0 { STRONG } else { Style { color: GREY, ..BODY } };
        flow.paragraph(line, style, 0.0);
    }
    flow.y += 10.0;
    if let Some(warning) = &document.warning {
        flow.notice(warning);
    }
    for block in &document.blocks {
        match block {
            Block::Title(text) => flow.heading(1, text, TITLE),
            Block::Heading(text) => flow.heading(2, text, HEADING),
            Block::Paragraph(text) => flow.paragraph(text, BODY, 7.0),
            Block::Notice(text) => flow.notice(text),
            Block::Facts(facts) => flow.facts(facts),
        }
    }
    flow.feet(document);
    flow.laid
}

const fn height(style: Style) -> f32 {
    style.size * LEADING
}

impl Flow<'_> {
    fn lines(&self, text: &str, style: Style, width: f32) -> Vec<Run> {
        wrap::lines(self.fonts.weight(style.is_bold), text, style.size, width)
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.push(mark);
        }
    }

    fn leaf(&mut self) -> usize {
        let leaf = self.laid.leaves;
        self.laid.leaves = leaf.saturating_add(1);
        leaf
    }

    /// Begins another page where there is no room for this height.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.laid.pages.push(vec![]);
            self.y = MARGIN;
        }
    }

    /// A line of text at a height; gives its leaf.
    fn line(&mut self, run: Run, style: Style, x: f32, top: f32) -> Part {
        let leaf = self.leaf();
        self.mark(Mark::Line { leaf: Some(leaf), run, style, x, y: style.size.mul_add(ASCENT, top) });
        Part::Leaf(leaf)
    }

    fn paragraph(&mut self, text: &str, style: Style, after: f32) {
        let mut parts = vec![];
        for run in self.lines(text, style, WIDTH) {
            self.room(height(style));
            parts.push(self.line(run, style, MARGIN, self.y));
            self.y += height(style);
        }
        self.y += after;
        self.laid.tree.push(Part::Group(Role::Paragraph, parts));
    }

    /// A paragraph with a bar on its left.
    fn notice(&mut self, text: &str) {
        let mut parts = vec![];
        for run in self.lines(text, STRONG, WIDTH - 14.0) {
            self.room(height(STRONG));
            self.mark(Mark::Bar { area: (MARGIN, self.y, 3.0, height(STRONG)), color: BLUE });
            parts.push(self.line(run, STRONG, MARGIN + 14.0, self.y));
            self.y += height(STRONG);
        }
        self.y += 12.0;
        self.laid.tree.push(Part::Group(Role::Paragraph, parts));
    }

    /// A heading, with room for the beginning of what follows.
    fn heading(&mut self, level: u16, text: &str, style: Style) {
        let runs = self.lines(text, style, WIDTH);
        let lines = runs.iter().fold(0.0, |sum, _line| sum + height(style));
        self.y += 6.0;
        self.room(lines + 60.0);
        let page = self.laid.pages.len().saturating_sub(1);
        self.laid.outline.push((text.to_owned(), page, self.y));
        let mut parts = vec![];
        for run in runs {
            parts.push(self.line(run, style, MARGIN, self.y));
            self.y += height(style);
        }
        self.y += 6.0;
        self.laid.tree.push(Part::Group(Role::Heading(level, text.to_owned()), parts));
    }

    fn facts(&mut self, facts: &[Fact]) {
        let rows = facts.iter().map(|fact| self.fact(fact)).collect();
        self.rule();
        self.y += 12.0;
        self.laid.tree.push(Part::Group(Role::Table, rows));
    }

    fn rule(&mut self) {
        self.mark(Mark::Bar { area: (MARGIN, self.y, WIDTH, 0.6), color: RULE });
    }

    /// A row, on one page where one page can hold it.
    fn fact(&mut self, fact: &Fact) -> Part {
        let style = match fact.kind {
            FactKind::Text => VALUE,
            FactKind::Code => CODE,
            FactKind::Address => ADDRESS,
        };
        let x = MARGIN + TERMS + GAP;
        let value = if fact.value.trim().is_empty() { "–" } else { fact.value.as_str() };
        let mut terms = self.lines(fact.term, TERM, TERMS).into_iter();
        let mut values = self.lines(value, style, WIDTH - TERMS - GAP).into_iter();
        let step = height(VALUE);
        let whole = (0..terms.len().max(values.len())).fold(9.0, |sum, _line| sum + step);
        self.room(if whole > BOTTOM - MARGIN { step } else { whole });
        self.rule();
        self.y += 4.0;
        let (mut term, mut told, mut areas) = (vec![], vec![], vec![]);
        loop {
            let (of_term, of_value) = (terms.next(), values.next());
            if of_term.is_none() && of_value.is_none() {
                break;
            }
            self.room(step);
            // All stand on the same baseline.
            let top = |style: Style| (VALUE.size - style.size) * ASCENT;
            if let Some(run) = of_term {
                term.push(self.line(run, TERM, MARGIN, self.y + top(TERM)));
            }
            if let Some(run) = of_value {
                let area = (x, self.y, run.width(style.size), step);
                told.push(self.line(run, style, x, self.y + top(style)));
                areas.push((self.laid.pages.len(), area));
            }
            self.y += step;
        }
        self.y += 4.0;
        if fact.kind == FactKind::Address {
            told = vec![self.link(fact, told, &areas)];
        }
        Part::Group(Role::Row, vec![Part::Group(Role::Term, term), Part::Group(Role::Value, told)])
    }

    /// Makes lines lead to the address that they say; on its last page, where they stand on two.
    fn link(&mut self, fact: &Fact, mut lines: Vec<Part>, areas: &[(usize, Area)]) -> Part {
        let page = self.laid.pages.len();
        let areas = areas.iter().filter(|(on, _area)| *on == page).map(|(_on, area)| *area).collect();
        let leaf = self.leaf();
        let told = format!("{}\u{a0}: {}", fact.term, fact.value);
        self.mark(Mark::Anchor { leaf, areas, address: fact.value.clone(), told });
        lines.push(Part::Leaf(leaf));
        Part::Group(Role::Link, lines)
    }

    /// What is at the foot of each page, once their number is known.
    fn feet(&mut self, document: &Document) {
        let weight = self.fonts.weight(FOOT.is_bold);
        let count = self.laid.pages.len();
        let foot = match &document.warning {
            Some(warning) => format!("{} – {warning}", document.foot),
            None => document.foot.clone(),
        };
        for (place, page) in self.laid.pages.iter_mut().enumerate() {
            let number = weight.set(&weight.clean(&format!("Page {}/{count}", place.saturating_add(1))));
            let width = number.width(FOOT.size);
            let mut y = PAGE.1 - 46.0;
            page.push(Mark::Bar { area: (MARGIN, y, WIDTH, 0.6), color: RULE });
            y += 14.0;
            let x = MARGIN + WIDTH - width;
            page.push(Mark::Line { leaf: None, run: number, style: FOOT, x, y });
            for run in wrap::lines(weight, &foot, FOOT.size, WIDTH - width - GAP).into_iter().take(2) {
                page.push(Mark::Line { leaf: None, run, style: FOOT, x: MARGIN, y });
                y += height(FOOT);
            }
        }
    }
}
