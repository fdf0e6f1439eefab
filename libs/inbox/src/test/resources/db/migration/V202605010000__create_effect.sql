-- Without a unique key: an event that is handled twice shows.
create table effect (
    position      bigint generated always as identity,
    event_id      uuid not null,
    connection_id uuid not null,
    sequence      bigint not null
);
