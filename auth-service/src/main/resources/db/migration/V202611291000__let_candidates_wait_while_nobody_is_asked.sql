set lock_timeout = '10s';

alter table authorization_request add column held_up_until timestamptz;
comment on column authorization_request.held_up_until is
    'When its provider was last not to be asked, by an outage or an operator: the time to decide counts from here';
