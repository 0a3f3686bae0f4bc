-- When the first past amount of a year was recorded, without reading the whole year.
CREATE INDEX past_amount_by_instant ON past_amount (flow_year, recorded_at);
