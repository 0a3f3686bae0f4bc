//! Accounts of agents: who they are, how they prove it, for how long (rule 14).
//!
//! Everything here is pure: hashing is elsewhere, and so is what is kept.

pub mod code;
pub mod email;
pub mod identity;
pub mod pace;
pub mod password;
pub mod recovery;
pub mod role;
pub mod second_factor;
pub mod secret;
pub mod session;

pub use code::AttachmentCode;
pub use email::{Email, EmailError};
pub use identity::{Identity, IdentityError};
pub use pace::{Pace, Tries};
pub use password::{Password, PasswordFault, PasswordHash};
pub use recovery::RecoveryCode;
pub use role::AccountRole;
pub use second_factor::Key;
pub use secret::Secret;
pub use session::Purpose;
