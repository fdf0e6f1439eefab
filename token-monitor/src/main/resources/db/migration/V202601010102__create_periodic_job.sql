create table periodic_job (
    name        text primary key,
    next_run_at timestamptz not null
);

insert into periodic_job (name, next_run_at) values ('retirement', '-infinity');

comment on table periodic_job is 'When each periodic job runs next; domain clock. A jump over many turns is one turn';
