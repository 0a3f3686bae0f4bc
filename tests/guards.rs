//! Rule 3 in the database itself: what direct SQL cannot do, on either engine,
//! through the engines' own commands and without DDL.

mod edges;
mod lived_in;
mod races;
mod tricks;
mod verbs;
