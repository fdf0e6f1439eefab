alter table tenant
    add column stages integer[] check (cardinality(stages) > 0 and array_position(stages, null) is null),
    add column overdue_weeks integer check (overdue_weeks between 0 and 8),
    add column event_sequence bigint not null default 0;

comment on column tenant.stages is
    'Days before the end of a grant at which is reminded, falling to 0, the end itself; null for the usual ones';
comment on column tenant.overdue_weeks is 'For how many weeks after the end is reminded; null for the usual number';
comment on column tenant.event_sequence is 'Sequence of the last TenantState of this tenant';
