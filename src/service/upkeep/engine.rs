//! From SQLite to PostgreSQL.
