create table watched_connection (
    connection_id  uuid primary key,
    tenant_id      text not null,
    external_id    text not null,
    provider       text not null,
    region         text not null,
    generation     integer not null check (generation >= 0),
    label          text not null,
    state          text not null check (state in
                       ('PENDING', 'ACTIVE', 'SUSPECT', 'OVERDUE', 'EXPIRED', 'REVOKED', 'DISCONNECTED')),
    ends_at        timestamptz,
    ends_at_source text check (ends_at_source in ('RULE', 'OPERATOR', 'ESTIMATE')),
    revoked_at     timestamptz,
    anchor_at      timestamptz generated always as (coalesce(revoked_at, ends_at)) stored,
    announced      integer not null default 0 check (announced >= 0),
    next_due_at    timestamptz,
    plan_sequence  bigint not null,
    changed_at     timestamptz not null,
    sequence       bigint not null default 0,
    constraint due_has_an_anchor check (next_due_at is null or coalesce(revoked_at, ends_at) is not null),
    constraint disconnected_is_never_due check (next_due_at is null or state <> 'DISCONNECTED')
) with (
    -- A drained cohort leaves dead index entries in front of the next scan: clean them by their number, not by the
    -- size of the table.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.02
);

create index watched_connection_due on watched_connection (next_due_at) where next_due_at is not null;
create index watched_connection_ends on watched_connection (ends_at, connection_id) where next_due_at is not null;
create index watched_connection_tenant_ends on watched_connection (tenant_id, ends_at, connection_id)
    where next_due_at is not null;
create index watched_connection_disconnected on watched_connection (changed_at) where state = 'DISCONNECTED';

comment on table watched_connection is 'What events tell of each connection, and which stage is announced next';
comment on column watched_connection.revoked_at is 'When the grant died before its end; overdue weeks count from here then';
comment on column watched_connection.anchor_at is 'The instant that the stages are counted from';
comment on column watched_connection.announced is 'Number of the last stage announced in this generation; 0 before the first';
comment on column watched_connection.next_due_at is 'When the stage after it is due; null when none is left';
comment on column watched_connection.plan_sequence is 'Sequence of the event that last changed state or end';
comment on column watched_connection.changed_at is 'When the last event that had an effect occurred; domain clock';
comment on column watched_connection.sequence is 'Sequence of the last event that was announced for this connection';
