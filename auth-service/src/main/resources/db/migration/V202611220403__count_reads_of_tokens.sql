set lock_timeout = '10s';

create table token_read (
    id bigint generated always as identity primary key,
    minute_at timestamptz not null,
    consumer text not null,
    tenant_id text not null,
    connection_id uuid not null,
    reads integer not null check (reads > 0)
);
create index token_read_by_connection on token_read (connection_id, minute_at);
create index token_read_by_time on token_read (minute_at);
comment on table token_read is 'Who was given access tokens: how often per consumer, connection and minute; replicas add rows of their own';

create trigger token_read_is_never_changed before update on token_read
    for each statement execute function refuse_change();
