set lock_timeout = '10s';

alter table app add column consent_sites text[] not null default '{}';
comment on column app.consent_sites is 'Sites of single marketplaces instead of Amazon''s: each "<marketplace id> <address>"';
