set lock_timeout = '10s';

create table vault_replica (
    replica uuid primary key,
    key_ids text[] not null,
    seen_at timestamptz not null
);
comment on table vault_replica is 'Which key-encryption keys each living replica holds (machine time): a new primary wraps once all of them can open it';
