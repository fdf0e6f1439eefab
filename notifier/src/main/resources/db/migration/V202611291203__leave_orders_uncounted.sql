set lock_timeout = '10s';

alter table reminder alter column orders_caught_up drop not null;

comment on column reminder.orders_caught_up is 'Null where nobody knows how many: the fetch did not end well, or none are fetched.';
