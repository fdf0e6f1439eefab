set lock_timeout = '10s';

create table provider_health (
    app_id uuid not null references app,
    region text not null check (region in ('NA', 'EU', 'FE')),
    faults integer not null default 0,
    reason text check (reason in ('CLIENT_REFUSED', 'THROTTLED', 'PROVIDER_BROKEN', 'MASS_REFUSAL')),
    opened_at timestamptz,
    cleared_at timestamptz,
    trial_at timestamptz,
    primary key (app_id, region),
    check ((reason is null) = (opened_at is null))
);
comment on table provider_health is 'The breaker of each application and region: with a reason it is open and nothing is asked';
comment on column provider_health.faults is 'Platform faults in a row, over all replicas';
comment on column provider_health.cleared_at is 'End of the last outage: suspicion of a grant counts from here at the earliest';
comment on column provider_health.trial_at is 'Machine time: when somebody may ask the provider again';

-- Probes are claimed within the budget of each application.
create index connection_due_probe_of_app on connection (app_id, next_probe_at) where next_probe_at is not null;
drop index connection_due_probe;
