set lock_timeout = '10s';

alter table tenant add column time_zone text not null default 'UTC';

comment on column tenant.time_zone is 'Name in the IANA database; mails that can wait leave in its morning.';
