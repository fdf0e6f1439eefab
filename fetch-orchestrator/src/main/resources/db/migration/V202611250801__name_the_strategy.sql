alter table fetch_job
    add column strategy text   not null default 'SEARCH' constraint fetch_job_strategy check (strategy in ('SEARCH')),
    add column asked    text[] not null default '{}';
update fetch_job set asked = '{searchOrders}' where started_at is not null;

comment on column fetch_job.strategy is 'How the part is read';
comment on column fetch_job.asked is 'Operations of the provider that it has asked for: their buckets are not new, even where they have no row';
