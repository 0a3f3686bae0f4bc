//! Groups of applicants: several bodies behind one project (rule 9).

use std::fmt;
use std::str::FromStr;

use crate::domain::call::GroupRule;
use crate::domain::text::excerpt;

use super::reason::Reason;
use super::verdict::{Status, Verdict};

/// One applicant of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its part in the project.
    pub role: MemberRole,
    /// Who it is.
    pub identity: Identity,
}

/// The part of a member in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberRole {
    /// Chef de file: it applies for the group.
    Lead,
    /// Partenaire.
    Partner,
}

/// Who a member is, and its own verdict if it can have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A French collectivity, with its verdict for the call.
    French(Box<Verdict>),
    /// A partner abroad, an association, a company: by its name.
    NotConcerned(String),
}

/// The verdict on a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupVerdict {
    /// The rule of the call.
    pub rule: GroupRule,
    /// The answer for the group.
    pub status: Status,
    /// Why: the reason of the first member that decides.
    pub reason: Reason,
    /// Why, in French, naming the members that decide.
    pub sentence: String,
    /// Each member, in the order given.
    pub members: Vec<MemberVerdict>,
}

/// The part of one member in the verdict on its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberVerdict {
    /// The member as given.
    pub member: Member,
    /// Its own status.
    pub status: Status,
    /// Whether the rule of the call looks at it.
    pub counts: bool,
}

/// A group that cannot be judged as described; `Display` says in French what to mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// Nobody in it.
    #[error("le groupe n’a aucun membre")]
    Empty,
    /// The rule looks at the lead and none is named.
    #[error(
        "le groupe n’a pas de chef de file\u{a0}: l’appel ne juge que lui, indiquez lequel des membres l’est"
    )]
    NoLead,
    /// Several leads.
    #[error("le groupe a {0} chefs de file\u{a0}: n’en gardez qu’un")]
    SeveralLeads(usize),
    /// The rule looks at the lead, which is no French collectivity.
    #[error(
        "le chef de file «\u{a0}{0}\u{a0}» n’est pas une collectivité française\u{a0}: \
         l’appel ne juge que le chef de file, désignez une collectivité"
    )]
    LeadNotConcerned(String),
    /// Neither `chef_de_file` nor `partenaire`.
    #[error("«\u{a0}{0}\u{a0}» n’est pas un rôle\u{a0}: écrivez chef_de_file ou partenaire")]
    Role(String),
}

/// The verdict on a group under the call's rule. French collectivities alone
/// count; a group without any is not concerned.
///
/// # Errors
/// An empty group, several leads, and under `chef_de_file` no lead or one that
/// is no French collectivity while another member is.
pub fn decide_group(rule: GroupRule, members: &[Member]) -> Result<GroupVerdict, GroupError> {
    if members.is_empty() {
        return Err(GroupError::Empty);
    }
    let leads: Vec<&Member> = members.iter().filter(|member| member.role == MemberRole::Lead).collect();
    let lead = match (leads.as_slice(), rule) {
        ([], GroupRule::All) => None,
        ([], GroupRule::Lead) => return Err(GroupError::NoLead),
        ([lead], _) => Some(*lead),
        (several, _) => return Err(GroupError::SeveralLeads(several.len())),
    };
    let any_french = members.iter().any(|member| member.verdict().is_some());
    if let (GroupRule::Lead, Some(Identity::NotConcerned(name)), true) =
        (rule, lead.map(|lead| &lead.identity), any_french)
    {
        return Err(GroupError::LeadNotConcerned(excerpt(name, 80)));
    }
    let counts = |member: &Member| {
        member.verdict().is_some() && (rule == GroupRule::All || member.role == MemberRole::Lead)
    };
    let counted: Vec<&Verdict> =
        members.iter().filter(|member| counts(member)).filter_map(Member::verdict).collect();
    let status = counted.iter().map(|verdict| verdict.status).max_by_key(|status| gravity(*status));
    let (status, reason, sentence) = match status {
        None => (
            Status::NotConcerned,
            Reason::NotConcerned,
            "Le groupe ne compte aucune collectivité française\u{a0}: la règle ne le concerne pas."
                .to_owned(),
        ),
        Some(status) => {
            let deciding: Vec<&Verdict> =
                counted.iter().copied().filter(|verdict| verdict.status == status).collect();
            let reason = deciding.first().map_or(Reason::NotConcerned, |verdict| verdict.reason);
            (status, reason, sentence(rule, status, &deciding))
        }
    };
    let members = members
        .iter()
        .map(|member| MemberVerdict {
            status: member.verdict().map_or(Status::NotConcerned, |verdict| verdict.status),
            counts: counts(member),
            member: member.clone(),
        })
        .collect();
    Ok(GroupVerdict { rule, status, reason, sentence, members })
}

/// The same order as for the years of one body.
const fn gravity(status: Status) -> u8 {
    match status {
        Status::NotConcerned => 0,
        Status::Eligible => 1,
        Status::Pending => 2,
        Status::Undetermined => 3,
        Status::Ineligible => 4,
    }
}

fn sentence(rule: GroupRule, status: Status, deciding: &[&Verdict]) -> String {
    let names: Vec<String> = deciding.iter().map(|verdict| format!("SIREN\u{a0}{}", verdict.siren)).collect();
    let names = names.join(", ");
    let whose = match rule {
        GroupRule::All => "toutes ses collectivités françaises doivent avoir déclaré",
        GroupRule::Lead => "son chef de file doit avoir déclaré",
    };
    match status {
        Status::Eligible => format!("Groupe éligible\u{a0}: {whose}, et c’est le cas ({names})."),
        Status::Ineligible => {
            format!("Groupe inéligible\u{a0}: {whose}, et ce n’est pas le cas de {names}.")
        }
        Status::Pending => format!(
            "Le groupe peut candidater, mais ne peut rien obtenir pour l’instant\u{a0}: {whose}, \
             et c’est encore attendu de {names}."
        ),
        Status::Undetermined | Status::NotConcerned => {
            format!(
                "Le service ne peut pas répondre pour le groupe\u{a0}: {whose}, et il ne sait rien de {names}."
            )
        }
    }
}

impl Member {
    /// Its own verdict, if it is a French collectivity.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.identity {
            Identity::French(verdict) => Some(verdict),
            Identity::NotConcerned(_) => None,
        }
    }
}

impl MemberRole {
    /// Contract form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lead => "chef_de_file",
            Self::Partner => "partenaire",
        }
    }
}

impl fmt::Display for MemberRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lead => "chef de file",
            Self::Partner => "partenaire",
        })
    }
}

impl FromStr for MemberRole {
    type Err = GroupError;

    fn from_str(text: &str) -> Result<Self, GroupError> {
        let known = [Self::Lead, Self::Partner].into_iter().find(|role| role.code() == text.trim());
        known.ok_or_else(|| GroupError::Role(excerpt(text.trim(), 30)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::call::Call;
    use crate::domain::year::CampaignYear;

    fn verdict(siren: &str, status: Status, reason: Reason) -> Identity {
        let call = Call::default_for(CampaignYear::new(2014).unwrap());
        Identity::French(Box::new(Verdict {
            siren: siren.parse().unwrap(),
            call: call.code().clone(),
            status,
            reason,
            sentence: String::new(),
            founding_text: call.founding_text().to_owned(),
            at: "2014-07-01T10:00:00Z".parse().unwrap(),
            years: vec![],
        }))
    }

    fn french(status: Status, reason: Reason) -> Identity {
        verdict("219900107", status, reason)
    }

    fn lead(identity: Identity) -> Member {
        Member { role: MemberRole::Lead, identity }
    }

    fn partner(identity: Identity) -> Member {
        Member { role: MemberRole::Partner, identity }
    }

    fn abroad() -> Identity {
        Identity::NotConcerned("Commune partenaire fictive".to_owned())
    }

    #[test]
    fn under_tous_the_gravest_french_member_decides() {
        let declared = || lead(french(Status::Eligible, Reason::Declared));
        let other = |status, reason| partner(verdict("219900115", status, reason));
        for (status, reason) in [
            (Status::Eligible, Reason::DeclaredNil),
            (Status::Pending, Reason::WindowNotOver),
            (Status::Undetermined, Reason::OutsideRegister),
            (Status::Ineligible, Reason::NotDeclared),
        ] {
            let members = [declared(), partner(abroad()), other(status, reason)];
            let group = decide_group(GroupRule::All, &members).unwrap();
            assert_eq!(group.status, status);
            if status != Status::Eligible {
                assert_eq!(group.reason, reason);
                assert!(group.sentence.contains("219900115"), "names who decides: {}", group.sentence);
                assert!(!group.sentence.contains("219900107"), "and nobody else: {}", group.sentence);
            }
            let each: Vec<_> = group.members.iter().map(|member| (member.status, member.counts)).collect();
            assert_eq!(each, [(Status::Eligible, true), (Status::NotConcerned, false), (status, true)]);
        }
    }

    #[test]
    fn ineligible_outweighs_undetermined_and_that_pending() {
        let member = |status| partner(french(status, Reason::NotDeclared));
        let all = [Status::Pending, Status::Ineligible, Status::Undetermined].map(member);
        assert_eq!(decide_group(GroupRule::All, &all).unwrap().status, Status::Ineligible);
        let two = [Status::Pending, Status::Undetermined].map(member);
        assert_eq!(decide_group(GroupRule::All, &two).unwrap().status, Status::Undetermined);
    }

    #[test]
    fn under_chef_de_file_the_lead_alone_decides() {
        let missed = || french(Status::Ineligible, Reason::NotDeclared);
        let declared = || french(Status::Eligible, Reason::Declared);
        let group = decide_group(GroupRule::Lead, &[partner(missed()), lead(declared())]).unwrap();
        assert_eq!(group.status, Status::Eligible);
        assert_eq!(group.members[0].status, Status::Ineligible, "its own verdict is shown all the same");
        assert!(!group.members[0].counts && group.members[1].counts);
        let group = decide_group(GroupRule::Lead, &[partner(declared()), lead(missed())]).unwrap();
        assert_eq!(group.status, Status::Ineligible);
    }

    #[test]
    fn a_group_without_french_collectivity_is_not_concerned() {
        for rule in [GroupRule::All, GroupRule::Lead] {
            let group = decide_group(rule, &[lead(abroad()), partner(abroad())]).unwrap();
            assert_eq!((group.status, group.reason), (Status::NotConcerned, Reason::NotConcerned));
        }
    }

    #[test]
    fn the_group_must_say_who_leads_where_the_rule_needs_it() {
        let declared = || french(Status::Eligible, Reason::Declared);
        for rule in [GroupRule::All, GroupRule::Lead] {
            assert_eq!(decide_group(rule, &[]), Err(GroupError::Empty));
            let two = [lead(declared()), lead(abroad())];
            assert_eq!(decide_group(rule, &two), Err(GroupError::SeveralLeads(2)));
        }
        let none = [partner(declared()), partner(abroad())];
        assert_eq!(decide_group(GroupRule::Lead, &none), Err(GroupError::NoLead));
        assert_eq!(decide_group(GroupRule::All, &none).unwrap().status, Status::Eligible);
        let foreign_lead = [lead(abroad()), partner(declared())];
        let error = decide_group(GroupRule::Lead, &foreign_lead).unwrap_err();
        assert!(matches!(error, GroupError::LeadNotConcerned(_)));
        assert_eq!(decide_group(GroupRule::All, &foreign_lead).unwrap().status, Status::Eligible);
    }
}
