//! Version 1 of the API: one file a resource. Its types are the contract, with French keys;
//! what they say of themselves goes to the OpenAPI document, in French too.

pub mod calls;
pub mod campaigns;
pub mod collectivities;
pub mod declarations;
pub mod documents;
pub mod drafts;
pub mod eligibility;
pub mod filings;
pub mod lines;
pub mod reports;
pub mod summaries;
pub mod verdicts;
