//! The page that a replay writes: prose, commands and what they say.

use std::fmt::Write as _;

use crate::support::TestApp;
use crate::support::command::Outcome;

/// A page of the documentation in the making.
pub struct Page {
    text: String,
    /// Left out of what commands say.
    home: String,
}

impl Page {
    /// The head of the page.
    pub fn of(app: &TestApp) -> Self {
        Self { text: include_str!("head.md").to_owned(), home: format!("{}/", app.instance.home().display()) }
    }

    /// The page so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A part of the story.
    pub fn part(&mut self, title: &str, prose: &str) {
        write!(self.text, "\n## {title}\n").unwrap();
        self.prose(prose);
    }

    /// More prose.
    pub fn prose(&mut self, prose: &str) {
        self.text.push('\n');
        let mut width = 0;
        for word in prose.split(' ') {
            let length = word.chars().count();
            if width > 0 && width + length > 85 {
                self.text.push('\n');
                width = 0;
            }
            let space = if width > 0 { " " } else { "" };
            write!(self.text, "{space}{word}").unwrap();
            width += length + 1;
        }
        self.text.push('\n');
    }

    /// A block as it is.
    pub fn block(&mut self, lines: &str) {
        write!(self.text, "\n```\n{}\n```\n", lines.trim_end()).unwrap();
    }

    /// Runs a command at an instant, which has to end with `code`, and shows what it says.
    pub fn command(&mut self, app: &TestApp, at: &str, args: &[&str], code: i32) -> Outcome {
        let outcome = app.instance.eapd(Some(at), args);
        assert_eq!(outcome.code, Some(code), "{args:?}\n{outcome}");
        let quoted = |arg: &&str| if arg.contains(' ') { format!("\"{arg}\"") } else { (*arg).to_owned() };
        let line = args.iter().map(quoted).collect::<Vec<_>>().join(" ");
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        let shown: Vec<&str> =
            said.lines().map(|line| if is_of_the_day(line) { "…" } else { line }).collect();
        let status = if code == 0 { String::new() } else { format!("\n(exit code {code})") };
        let text = format!("$ eapd {line}\n{}{status}", shown.join("\n")).replace(&self.home, "");
        self.block(&text);
        outcome
    }
}

/// A line that holds a hash over the second at which a command ran.
fn is_of_the_day(line: &str) -> bool {
    let hash = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    line.split(' ').any(hash)
}
