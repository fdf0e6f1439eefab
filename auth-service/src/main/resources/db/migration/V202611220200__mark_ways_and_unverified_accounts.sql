set lock_timeout = '10s';

alter table authorization_request add column way text not null default 'WEBSITE'
    check (way in ('WEBSITE', 'PROVIDER', 'UNCLAIMED', 'SELF'));

alter table connection add column account_verified boolean not null default true;
comment on column connection.account_verified is 'False where an operator said whose grant it is (a pasted token tells nobody''s id)';
