create table shop (
    id       uuid primary key,
    name     text not null,
    sequence bigint not null default 0
);
