create table chosen_profiles (
    connection_id uuid primary key references connection_view,
    profiles      text[] not null
);
comment on table chosen_profiles is 'Advertising profiles that a connection is for, as events told; auth-service is asked for those of a connection without a row';
comment on column chosen_profiles.profiles is 'Text: the ids are beyond 2^53';
