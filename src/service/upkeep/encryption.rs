//! Copies are encrypted for public keys of age; the private ones are never on the machine that takes them.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use age::x25519::Recipient;
use age::{DecryptError, Decryptor, Encryptor, IdentityFile};

use crate::service::upkeep::{Result, UpkeepError, at};

/// What the name of an encrypted copy ends with.
pub(super) const SUFFIX: &str = ".age";

/// Writes `from`, encrypted for each of these keys, into the new file `to`.
pub(super) fn encrypt(from: &Path, to: &Path, keys: &[Recipient]) -> Result<()> {
    let failed =
        |error: &dyn std::fmt::Display| UpkeepError::Environment(format!("chiffrement\u{a0}: {error}"));
    let recipients = keys.iter().map(|key| -> &dyn age::Recipient { key });
    let encryptor = Encryptor::with_recipients(recipients).map_err(|error| failed(&error))?;
    let mut plain = BufReader::new(File::open(from).map_err(at(from))?);
    let out = BufWriter::new(File::create_new(to).map_err(at(to))?);
    let mut writer = encryptor.wrap_output(out).map_err(at(to))?;
    std::io::copy(&mut plain, &mut writer).map_err(at(to))?;
    writer.finish().and_then(|mut out| out.flush()).map_err(at(to))
}

/// Writes `from` into `to` as it was, with the private keys of the file `identity`.
///
/// # Errors
/// Refuses a file of keys that none of opens it, and a copy that was changed.
pub(super) fn decrypt(from: &Path, mut to: &File, identity: &Path) -> Result<()> {
    let keys = BufReader::new(File::open(identity).map_err(at(identity))?);
    let unreadable = || {
        UpkeepError::Refused(format!(
            "{} n’est pas un fichier de clés d’age\u{a0}: attendu une ligne AGE-SECRET-KEY-1…",
            identity.display()
        ))
    };
    let keys = IdentityFile::from_buffer(keys)
        .and_then(|file| file.into_identities().map_err(std::io::Error::other));
    let keys = keys.map_err(|_what_may_be_secret| unreadable())?;
    if keys.is_empty() {
        return Err(unreadable());
    }
    let encrypted = BufReader::new(File::open(from).map_err(at(from))?);
    let refused = |error: DecryptError| match error {
        DecryptError::NoMatchingKeys => UpkeepError::Refused(format!(
            "aucune clé de {} n’ouvre cette sauvegarde\u{a0}: donnez par --identity celle pour laquelle elle a été chiffrée",
            identity.display()
        )),
        DecryptError::Io(error) => at(from)(error),
        error => UpkeepError::Refused(format!("sauvegarde abîmée, elle ne se déchiffre pas ({error})")),
    };
    let decryptor = Decryptor::new_buffered(encrypted).map_err(refused)?;
    let mut plain = decryptor.decrypt(keys.iter().map(AsRef::as_ref)).map_err(refused)?;
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        let read = plain.read(&mut buffer).map_err(|error| {
            UpkeepError::Refused(format!("sauvegarde abîmée, elle ne se déchiffre pas ({error})"))
        })?;
        if read == 0 {
            return to.flush().map_err(at(from));
        }
        to.write_all(buffer.get(..read).unwrap_or_default()).map_err(at(from))?;
    }
}
