alter table quota_bucket add column share double precision not null default 1 check (share > 0 and share <= 1);

comment on column quota_bucket.share is 'Part of the plan that we use ourselves; falls with each 429 and rises slowly. The configured share bounds it';
comment on column quota_bucket.full_at is 'Domain clock: when our part of the bucket is full again; quota_tokens says what is in it';

-- A bucket is a stamp, burst, spacing and share; what these mean together stands here and nowhere else.
create function quota_room(burst integer, share double precision) returns double precision
    language sql immutable parallel safe
    return greatest(1, floor(burst * share + 1e-9));

create function quota_each(spacing interval, share double precision) returns interval
    language sql immutable parallel safe
    return spacing / share;

create function quota_tokens(full_at timestamptz, burst integer, spacing interval, share double precision,
                             moment timestamptz) returns double precision
    language sql immutable parallel safe
    return quota_room(burst, share)
         - extract(epoch from greatest(full_at - moment, interval '0'))::double precision
         / extract(epoch from quota_each(spacing, share))::double precision;

create function quota_stamp(tokens double precision, burst integer, spacing interval, share double precision,
                            moment timestamptz) returns timestamptz
    language sql immutable parallel safe
    return moment + (quota_room(burst, share) - least(tokens, quota_room(burst, share))) * quota_each(spacing, share);

create function quota_next(full_at timestamptz, burst integer, spacing interval, share double precision)
    returns timestamptz
    language sql immutable parallel safe
    return full_at - (quota_room(burst, share) - 1) * quota_each(spacing, share);

comment on function quota_room is 'Requests that our share lets through at once';
comment on function quota_each is 'Time in which our share gains one more request';
comment on function quota_tokens is 'Requests that are possible at an instant';
comment on function quota_stamp is 'Stamp of a bucket that holds so many requests at an instant';
comment on function quota_next is 'When the next request is possible, if none is now';
