set lock_timeout = '10s';

alter table unclaimed_consent add column origin text;
comment on column unclaimed_consent.origin is 'Network address of a merchant on his way, so that one address can not take all places; emptied when he is back, and the row goes if he never is';
