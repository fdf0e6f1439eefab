set lock_timeout = '10s';

create table more_sellers (
    only_row boolean primary key default true check (only_row),
    quantity integer not null check (quantity between 1 and 20000)
);
comment on table more_sellers is 'How many sellers somebody asked for beyond the seeded ones; they follow the seed like those.';
