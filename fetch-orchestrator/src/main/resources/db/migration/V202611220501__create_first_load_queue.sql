create table first_load_queue (
    only_row boolean primary key default true check (only_row),
    next_at  timestamptz not null
);
insert into first_load_queue (next_at) values ('-infinity');

comment on table first_load_queue is 'When the next first load of an imported connection may begin; domain clock. Whoever plans one moves it on';
