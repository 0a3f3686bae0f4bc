//! Help and wrong usage, in French: clap speaks English by itself.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, ArgAction, Command};

/// The parts of a help page, with French headings.
const TEMPLATE: &str = "{about-with-newline}\nUtilisation\u{a0}: {usage}\n\n{all-args}{after-help}";

/// The same command, and those below it, with French help.
pub fn french(command: Command) -> Command {
    let subcommands = command.has_subcommands();
    let command = command
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .mut_args(shown)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Affiche cette aide"));
    if subcommands {
        command.subcommand_help_heading("Commandes").subcommand_value_name("COMMANDE").mut_subcommands(french)
    } else {
        command
    }
}

/// Default and possible values in French words.
fn shown(arg: Arg) -> Arg {
    if !arg.get_action().takes_values() {
        return arg;
    }
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let possible: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !possible.is_empty() {
        help = format!("{help} ({})", possible.join(", "));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() {
        help = format!("{help} [par défaut\u{a0}: {}]", defaults.join(", "));
    }
    arg.hide_default_value(true).hide_possible_values(true).help(StyledStr::from(help))
}

/// What is wrong with the command line, and how to ask for help.
pub fn explain(error: &Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("l’option «\u{a0}{argument}\u{a0}» n’existe pas"),
        ErrorKind::InvalidSubcommand => {
            format!("la commande «\u{a0}{}\u{a0}» n’existe pas", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("il manque\u{a0}: {argument}"),
        ErrorKind::MissingSubcommand => "il manque la commande".to_owned(),
        ErrorKind::ArgumentConflict => {
            format!(
                "«\u{a0}{argument}\u{a0}» ne va pas avec «\u{a0}{}\u{a0}»",
                context(ContextKind::PriorArg)
            )
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("«\u{a0}{argument}\u{a0}» attend une valeur"),
        ErrorKind::InvalidValue => format!(
            "«\u{a0}{value}\u{a0}» n’est pas une valeur de {argument}\u{a0}: {}",
            context(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => {
            let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("{argument}\u{a0}: {source}")
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("nombre de valeurs inattendu pour «\u{a0}{argument}\u{a0}»")
        }
        _ => "ligne de commande incomprise".to_owned(),
    };
    format!("{what}. Pour l’aide, ajoutez --help.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_stands_and_speaks_french() {
        let mut command = french(crate::cli::Cli::command());
        command.build();
        let mut pages = vec![command];
        while let Some(mut page) = pages.pop() {
            let text = page.render_long_help().to_string();
            for english in ["Usage:", "Print help", "[default", "[possible", "Commands:"] {
                assert!(!text.contains(english), "{}: {english}\n{text}", page.get_name());
            }
            pages.extend(page.get_subcommands().cloned());
        }
    }
}
