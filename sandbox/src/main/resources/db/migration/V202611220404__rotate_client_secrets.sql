set lock_timeout = '10s';

alter table application
    add column former_secret text,
    add column former_secret_until timestamptz;
comment on column application.former_secret is 'The secret before the last rotation; good until former_secret_until (domain clock)';
