set lock_timeout = '10s';

alter table application add column secret_ends_at timestamptz;
comment on column application.secret_ends_at is 'When client_secret ends (domain clock); null: it lasts, as the first secret of most applications';
