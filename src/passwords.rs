//! How passwords are hashed: argon2id, a few at a time, off the threads that answer requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::domain::account::{Password, PasswordHash};

/// Memory of one hash, KiB, and passes over it: what OWASP asks of argon2id with one lane.
const MEMORY: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at once: each takes a core and 19 MiB.
const AT_ONCE: usize = 4;
/// How long one waits for a turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// What is verified where there is no account, so that both answers cost the same. It is the hash of nothing.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$ZS1hcGQgZGUgbGEgbnVpdA$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Hashes passwords; it counts them, since equal work is what hides who has an account.
pub struct Passwords {
    turns: Arc<Semaphore>,
    hashed: AtomicU64,
}

/// Why a password was not hashed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many at once: later.
    #[error("trop de mots de passe à vérifier à la fois")]
    Busy,
    /// The hash on file is not one, or the work stopped.
    #[error("empreinte de mot de passe\u{a0}: {0}")]
    Failed(String),
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { turns: Arc::new(Semaphore::new(cores.min(AT_ONCE))), hashed: AtomicU64::new(0) }
    }
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params =
        Params::new(MEMORY, PASSES, LANES, None).map_err(|error| HashError::Failed(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl Passwords {
    /// Hashes a password with a salt of its own.
    ///
    /// # Errors
    /// When it is too busy.
    pub async fn hash(&self, password: Password, salt: [u8; 16]) -> Result<PasswordHash, HashError> {
        self.work(move || {
            let hash: Phc = argon2()?
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map_err(|error| HashError::Failed(error.to_string()))?;
            Ok(PasswordHash::new(hash.to_string()))
        })
        .await
    }

    /// Whether the password typed is the one on file; the same work where there is none.
    ///
    /// # Errors
    /// When it is too busy, or what is on file is no hash.
    pub async fn verify(
        &self,
        typed: Option<Password>,
        on_file: Option<PasswordHash>,
    ) -> Result<bool, HashError> {
        self.work(move || {
            let known = typed.is_some() && on_file.is_some();
            let text = on_file.as_ref().map_or(DECOY, PasswordHash::as_str);
            let hash = Phc::new(text).map_err(|error| HashError::Failed(error.to_string()))?;
            let bytes = typed.as_ref().map_or(&b"-"[..], Password::as_bytes);
            Ok(argon2()?.verify_password(bytes, &hash).is_ok() && known)
        })
        .await
    }

    /// How many were hashed or verified since the start.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    async fn work<T: Send + 'static>(
        &self,
        run: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(HashError::Busy) };
        self.hashed.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || {
            // Kept while it works, even when nobody waits for it any more.
            let _turn = turn;
            run()
        });
        done.await.map_err(|error| HashError::Failed(error.to_string()))?
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let passwords = Passwords::default();
        let typed = |text: &str| Password::typed(text);
        let hash = passwords.hash(typed("girafe é velours").unwrap(), [7; 16]).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        assert!(passwords.verify(typed("girafe e\u{301} velours"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(typed("girafe e velours"), Some(hash.clone())).await.unwrap());
        let other = passwords.hash(typed("girafe é velours").unwrap(), [8; 16]).await.unwrap();
        assert_ne!(hash, other, "each its own salt");
        assert_eq!(passwords.count(), 4);
    }

    #[tokio::test]
    async fn nobody_is_verified_by_the_same_work_and_never_let_in() {
        let passwords = Passwords::default();
        for typed in [Password::typed("girafe"), Password::typed("-"), None] {
            assert!(!passwords.verify(typed, None).await.unwrap());
        }
        let empty = passwords.hash(Password::typed("-").unwrap(), [1; 16]).await.unwrap();
        assert!(!passwords.verify(None, Some(empty)).await.unwrap(), "what was not typed is no password");
        assert_eq!(passwords.count(), 5);
    }

    #[tokio::test]
    async fn what_is_no_hash_is_told() {
        let wrong =
            Passwords::default().verify(Password::typed("x"), Some(PasswordHash::new("x".to_owned()))).await;
        assert!(matches!(wrong, Err(HashError::Failed(_))));
    }
}
