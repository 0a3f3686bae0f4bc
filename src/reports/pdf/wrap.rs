//! Lines of a text that is no wider than its column.

use super::font::{Run, Weight};

/// Breaks a text at its ordinary spaces, which stay at the ends of lines so that what is read aloud or
/// copied has them; a word that is wider than the column is broken where it must be.
pub(super) fn lines(weight: &Weight, text: &str, size: f32, width: f32) -> Vec<Run> {
    let text = weight.clean(text);
    let space = weight.set(" ").width(size);
    let (mut lines, mut line, mut used) = (vec![], String::new(), 0.0);
    for word in text.split_inclusive(' ') {
        let run = weight.set(word.trim_end_matches(' '));
        let wide = run.width(size);
        if used + wide > width && !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        }
        if wide <= width {
            line.push_str(word);
            used += wide + space;
            continue;
        }
        // Wider than the column: broken between clusters.
        let mut told = 0;
        for glyph in &run.glyphs {
            let wide = glyph.x_advance * size;
            if used + wide > width && !line.trim().is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push_str(run.text.get(told..glyph.text_range.end).unwrap_or_default());
            told = glyph.text_range.end;
            used += wide;
        }
        line.push_str(word.get(run.text.len()..).unwrap_or_default());
        used += space;
    }
    let last = line.trim_end_matches(' ');
    if !last.is_empty() {
        lines.push(last.to_owned());
    }
    lines.iter().map(|line| weight.set(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::font::Fonts;
    use super::*;

    #[test]
    fn nothing_is_lost_and_nothing_is_too_wide() {
        let fonts = Fonts::new().unwrap();
        let weight = fonts.weight(false);
        for text in [
            "Communauté de communes fictive du Val-d’Œil et de l’Étang, à la place d’un nom plus court",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "un mot, puis Anticonstitutionnellementanticonstitutionnellementanticonstitutionnellement, puis fin",
            "",
            "   ",
        ] {
            let lines = lines(weight, text, 10.0, 120.0);
            let whole: String = lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(whole, text.trim());
            for line in &lines {
                // Letters that meet at a break stand a hair apart.
                assert!(weight.set(line.text.trim_end()).width(10.0) <= 120.5, "{}", line.text);
            }
            assert_eq!(lines.is_empty(), text.trim().is_empty());
        }
        assert_eq!(
            lines(weight, "10\u{202f}000,00\u{a0}€ et plus", 10.0, 60.0).len(),
            2,
            "an amount stays whole"
        );
    }
}
