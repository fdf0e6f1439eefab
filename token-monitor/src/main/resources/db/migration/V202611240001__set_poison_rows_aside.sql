alter table watched_connection
    add column set_aside_at timestamptz,
    add column set_aside_because text,
    add constraint set_aside_is_never_due check (set_aside_at is null or next_due_at is null);

create index watched_connection_set_aside on watched_connection (set_aside_at) where set_aside_at is not null;

comment on column watched_connection.set_aside_at is
    'When the connection was taken out of the due set because it could not be announced; the next change of its plan ends that';
comment on column watched_connection.set_aside_because is 'SQLSTATE and message of what the database said of it';
