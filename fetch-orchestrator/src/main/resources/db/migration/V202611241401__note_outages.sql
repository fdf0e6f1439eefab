create table provider_outage (
    region        text primary key,
    failures      integer not null,
    failed_at     timestamptz not null,
    next_trial_at timestamptz
);
comment on table provider_outage is 'Regions of Amazon whose last requests failed, whoever made them. A page that arrives deletes the row';
comment on column provider_outage.next_trial_at is 'Domain clock: until then nobody asks; null while too few requests failed';
