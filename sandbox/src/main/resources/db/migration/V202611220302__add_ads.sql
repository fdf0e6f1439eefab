set lock_timeout = '10s';

alter table application add column kind text not null default 'SP_API' check (kind in ('SP_API', 'ADS'));

alter table authorization_code add column code_challenge text;
comment on column authorization_code.code_challenge is 'PKCE, method S256; absent where the application did not ask for it.';

create table withdrawn_right (
    login_id text not null,
    profile_id bigint not null,
    primary key (login_id, profile_id)
);
comment on table withdrawn_right is 'Advertising profiles that a login could edit and can not see any more.';
