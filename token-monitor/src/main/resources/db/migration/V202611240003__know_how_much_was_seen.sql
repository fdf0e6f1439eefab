alter table watched_connection add column seen bigint;
update watched_connection set seen = plan_sequence;
alter table watched_connection alter column seen set not null, alter column seen set default -9223372036854775808;

comment on column watched_connection.seen is
    'Highest sequence of an event of this generation: a state of the connection that is older tells nothing new';
