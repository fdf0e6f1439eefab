-- Advertisers had nothing to fetch before. Each has its first slot within a day, and none goes ahead of all sellers.
update connection_view set next_daily_at = clock_timestamp() + random() * interval '1 day'
where provider = 'AMAZON_ADS' and state = 'ACTIVE';
