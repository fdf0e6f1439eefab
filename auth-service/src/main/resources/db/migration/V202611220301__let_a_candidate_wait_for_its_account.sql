set lock_timeout = '10s';

-- Some providers do not say in the callback whose consent it is.
alter table grant_record alter column account_id drop not null;
alter table grant_record add constraint grant_current_account check (status <> 'CURRENT' or account_id is not null)
    not valid;
alter table grant_record validate constraint grant_current_account;
