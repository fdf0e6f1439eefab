set lock_timeout = '10s';

-- Advertising has its own consent page and token host in each region; what stands here goes before the common columns.
alter table app add column scope text;
alter table app add column authorization_na text, add column authorization_eu text, add column authorization_fe text;
alter table app add column token_na text, add column token_eu text, add column token_fe text;
alter table app add constraint app_advertising check (
    (provider = 'AMAZON_ADS') = (num_nonnulls(scope, authorization_na, authorization_eu, authorization_fe,
                                              token_na, token_eu, token_fe) = 7)) not valid;
alter table app validate constraint app_advertising;

alter table authorization_request add column reason text;
comment on column authorization_request.reason is 'Why it failed, where the merchant can do something about it';

alter table connection add column chosen_profiles integer not null default 0 check (chosen_profiles >= 0);
comment on column connection.chosen_profiles is 'How many advertising profiles are chosen; 0: the choice is still to be made';

create table listed_profile (
    grant_id uuid not null references grant_record on delete cascade,
    profile_id text not null check (profile_id ~ '^[0-9]{1,20}$'),
    country_code text,
    currency_code text,
    timezone text,
    marketplace_id text,
    account_id text,
    account_name text,
    account_type text,
    seen_at timestamptz not null,
    primary key (grant_id, profile_id)
);
comment on table listed_profile is 'Advertising profiles that a grant gave access to when it was last asked; owned by the profile capability';
comment on column listed_profile.profile_id is 'Digits as they were sent: beyond what JavaScript can count';

create table chosen_profile (
    connection_id uuid not null references connection,
    profile_id text not null,
    tenant_id text not null,
    region text not null,
    app_id uuid not null references app,
    country_code text,
    account_id text,
    account_name text,
    chosen_at timestamptz not null,
    chosen_by text not null,
    primary key (connection_id, profile_id)
);
-- The duplicate guard of advertising: a profile is fetched by one connection of a tenant.
create unique index chosen_profile_held on chosen_profile (tenant_id, region, app_id, profile_id);
