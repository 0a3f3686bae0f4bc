//! How a time grows with the lines, as SVG: both axes logarithmic, so that "ten times the lines in
//! ten times the time" is a straight line of the same slope for all.

use std::path::Path;

use plotters::prelude::*;

use super::{Error, Result};

/// One chart.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Its file, without the extension: lower case and hyphens.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What the vertical axis counts.
    pub vertical: String,
    /// One curve a contender: lines, value.
    pub curves: Vec<(String, Vec<(f64, f64)>)>,
}

const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 0, 145),
    RGBColor(201, 25, 30),
    RGBColor(24, 117, 60),
    RGBColor(179, 64, 0),
    RGBColor(110, 68, 157),
    RGBColor(58, 58, 58),
];

impl Chart {
    /// The file in `docs/images`.
    pub fn file_name(&self) -> String {
        format!("bench-{}.svg", self.name)
    }

    /// Draws it.
    pub fn draw(&self, file: &Path) -> Result<()> {
        let points = || self.curves.iter().flat_map(|(_, points)| points);
        let bounds = |values: Vec<f64>| {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (least / 1.6, most * 1.6)
        };
        let (left, right) = bounds(points().map(|point| point.0).collect());
        let (bottom, top) = bounds(points().map(|point| point.1).collect());
        if !(left.is_finite() && bottom.is_finite()) {
            return Err(Error::from(format!("the chart {} has no points", self.name)));
        }
        let area = SVGBackend::new(file, (760, 420)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(&self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(42)
            .y_label_area_size(64)
            .build_cartesian_2d((left..right).log_scale(), (bottom..top).log_scale())?;
        chart
            .configure_mesh()
            .x_desc("lines")
            .y_desc(&self.vertical)
            .x_label_formatter(&|value| format!("{value:.0}"))
            .y_label_formatter(&|value| {
                if *value < 1.0 { format!("{value:.2}") } else { format!("{value:.0}") }
            })
            .light_line_style(WHITE)
            .draw()?;
        for ((name, points), colour) in self.curves.iter().zip(COLOURS.into_iter().cycle()) {
            chart
                .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
        area.present()?;
        Ok(())
    }
}
