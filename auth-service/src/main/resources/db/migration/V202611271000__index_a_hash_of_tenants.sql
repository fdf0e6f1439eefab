set lock_timeout = '10s';

-- A list of tenants may be longer than an entry of an index (2,704 bytes); the look-up compares the list itself.
drop index import_run_idempotency;
create unique index import_run_idempotency
    on import_run (created_by, idempotency_key, hash_array_extended(tenants, 0)) nulls not distinct
    where idempotency_key is not null;
