alter table fetch_job
    drop constraint fetch_job_strategy,
    add constraint fetch_job_strategy check (strategy in ('SEARCH', 'REPORT', 'PROFILES'));

create table chosen_profiles (
    connection_id uuid primary key references connection_view,
    profiles      text[] not null
);
comment on table chosen_profiles is 'Advertising profiles that a connection is for, as events told; auth-service is asked for those of a connection without a row';
comment on column chosen_profiles.profiles is 'Text: the ids are beyond 2^53';

-- Advertisers had nothing to fetch before; from now on each has its daily slot.
update connection_view set next_daily_at = '-infinity' where provider = 'AMAZON_ADS' and state = 'ACTIVE';
