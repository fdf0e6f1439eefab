set lock_timeout = '10s';

alter table operator_concern add column since timestamptz;

comment on column operator_concern.since is 'When what it is about happened, as its event says; null in rows of earlier releases, for which created_at counts.';
