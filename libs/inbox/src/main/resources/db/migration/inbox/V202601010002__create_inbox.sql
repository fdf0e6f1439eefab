create table inbox (
    consumer   text not null,
    event_id   uuid not null,
    handled_at timestamptz not null default clock_timestamp(),
    primary key (consumer, event_id)
) with (
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 100000
);

-- Rows arrive in the order of handled_at, so a few pages of block ranges find the old ones.
create index inbox_handled_at on inbox using brin (handled_at);

comment on table inbox is 'Events whose effect is committed: a second delivery has none';
comment on column inbox.handled_at is 'Machine clock: rows older than the longest topic retention are pruned';
