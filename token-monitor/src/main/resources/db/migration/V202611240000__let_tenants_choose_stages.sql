create table tenant_plan (
    tenant_id        text primary key,
    days             integer[] not null check (cardinality(days) > 0 and array_position(days, null) is null),
    sequence         bigint not null,
    changed_at       timestamptz not null,
    replan_after_end timestamptz,
    replan_after_id  uuid,
    constraint replanning_has_a_place check ((replan_after_end is null) = (replan_after_id is null))
);

comment on table tenant_plan is 'Stages of tenants that have chosen their own; all others have those of the policy';
comment on column tenant_plan.days is 'Days of the stages, counted from the end of a grant, in the order of time';
comment on column tenant_plan.sequence is 'Sequence of the event that told them';
comment on column tenant_plan.replan_after_end is 'Connections up to this end (and id) have the new stages; null once all have them';

-- What was told is kept as a day and no longer as a place in a list, so that it means the same in every plan.
alter table watched_connection add column told integer not null default -1000;
update watched_connection
set told = (array[-30, -23, -16, -9, -2, 0, 7, 14, 21, 28, 35, 42, 49, 56])[announced]
where announced > 0;
alter table watched_connection drop column announced;

comment on column watched_connection.told is
    'Day of the last stage announced in this generation, counted from the anchor; -1000 before the first';
comment on column watched_connection.next_due_at is 'When the stage after it is due; null when none is left, or set aside';

-- ExpiryPolicy.dueAt. Hours, because a day of an interval is a day of the session's time zone.
create function next_due_at(anchor timestamptz, told integer, days integer[]) returns timestamptz
    language sql stable parallel safe
    return anchor + days[width_bucket(told, days) + 1] * interval '24 hours';
