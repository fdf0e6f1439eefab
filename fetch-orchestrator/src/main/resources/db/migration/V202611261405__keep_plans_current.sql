alter table quota_bucket add column learned_at timestamptz;

comment on column quota_bucket.learned_at is 'Domain clock: when an answer last told the spacing; after a day the configured one counts again';

create function quota_spacing(spacing interval, learned_at timestamptz, configured interval, moment timestamptz)
    returns interval
    language sql immutable parallel safe
    return case when learned_at > moment - interval '1 day' then greatest(spacing, configured) else configured end;

comment on function quota_spacing is 'Spacing in force: the configured one, or a longer one that was told within a day';
