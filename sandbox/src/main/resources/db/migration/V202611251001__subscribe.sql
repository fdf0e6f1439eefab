create table subscription (
    seller_id         text not null,
    application_id    text not null references application,
    notification_type text not null,
    subscription_id   uuid not null unique,
    destination_id    uuid not null,
    primary key (seller_id, application_id, notification_type)
);
comment on table subscription is 'What an application is told of an account by notifications';

alter table behaviour add column subscriptions text not null default 'SURVIVE' check (subscriptions in ('SURVIVE', 'VANISH'));
comment on column behaviour.subscriptions is 'What becomes of subscriptions when an authorization has ended';
