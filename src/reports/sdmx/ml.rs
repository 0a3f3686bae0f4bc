//! SDMX-ML 2.1, generic data, every observation with its whole key.

use std::io::Write;

use crate::reports::sdmx::DATAFLOW;
use crate::reports::sdmx::components::{Component, Role};
use crate::reports::sdmx::file::Observation;
use crate::reports::xml::Xml;
use crate::reports::{Context, Result, Status};

/// Who sends: donor 4 (France), extending agency 8 (decentralised cooperation) of the OECD.
const SENDER: &str = "XM-DAC-4-8";
/// What the data set is called in its message.
const STRUCTURE: &str = "CRS";

const NAMESPACES: [(&str, &str); 3] = [
    ("xmlns:message", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"),
    ("xmlns:generic", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"),
    ("xmlns:common", "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"),
];

/// Writes the message.
pub(super) fn write<'o>(
    components: &[Component],
    observations: impl Iterator<Item = Observation<'o>>,
    context: &Context,
    out: impl Write,
) -> Result<()> {
    let mut xml = Xml::begin(out)?;
    xml.open("message:GenericData", &NAMESPACES)?;
    header(&mut xml, context)?;
    xml.open("message:DataSet", &[("structureRef", STRUCTURE), ("action", "Information")])?;
    let mut value = String::new();
    for observation in observations {
        xml.open("generic:Obs", &[])?;
        for (role, element) in [
            (Role::Dimension, Some("generic:ObsKey")),
            (Role::Measure, None),
            (Role::Attribute, Some("generic:Attributes")),
        ] {
            if let Some(element) = element {
                xml.open(element, &[])?;
            }
            for component in components.iter().filter(|component| component.role == role) {
                let value = observation.of(component, &mut value);
                match role {
                    Role::Measure => xml.empty("generic:ObsValue", &[("value", value)])?,
                    _ => xml.empty("generic:Value", &[("id", component.id.as_str()), ("value", value)])?,
                }
            }
            if let Some(element) = element {
                xml.close(element)?;
            }
        }
        xml.close("generic:Obs")?;
    }
    xml.close("message:DataSet")?;
    xml.close("message:GenericData")?;
    Ok(xml.end()?)
}

fn header<W: Write>(xml: &mut Xml<W>, context: &Context) -> Result<()> {
    let (agency, id, version) = DATAFLOW;
    let year = context.flow_year;
    let edition = match context.status {
        Status::Edition { number, .. } => format!("EDITION_{number}"),
        other => other.code().to_uppercase(),
    };
    xml.open("message:Header", &[])?;
    xml.element("message:ID", &[], &format!("EAPD_{year}_{edition}"))?;
    xml.element("message:Test", &[], "false")?;
    // Of the data, not of the run.
    xml.element("message:Prepared", &[], &context.data_at.to_rfc3339())?;
    xml.empty("message:Sender", &[("id", SENDER)])?;
    let of = [("structureID", STRUCTURE), ("dimensionAtObservation", "AllDimensions")];
    xml.open("message:Structure", &of)?;
    xml.open("common:StructureUsage", &[])?;
    xml.empty("Ref", &[("agencyID", agency), ("id", id), ("version", version)])?;
    xml.close("common:StructureUsage")?;
    xml.close("message:Structure")?;
    let said = [("xml:lang", "fr")];
    xml.element("message:Source", &said, &format!("{} · {}", context.source(), context.status.sentence()))?;
    xml.close("message:Header")?;
    Ok(())
}
