-- Validated in a file of its own, so that nobody waits while the rows are read.
alter table fetch_job
    add column strategy text   not null default 'SEARCH',
    add column asked    text[] not null default '{}',
    add constraint fetch_job_strategy check (strategy in ('SEARCH')) not valid;

comment on column fetch_job.strategy is 'How the part is read';
comment on column fetch_job.asked is 'Operations of the provider that it has asked for: their buckets are not new, even where they have no row. A search that began before this column has asked for searchOrders';
